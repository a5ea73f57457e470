"""The doorkeepers: who is asking, whether the view lets them in, where the request came from, what may be kept.

Order in the settings: Headers (outermost), sessions, form tokens, authentication, Viewers, Gates.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import structlog
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import patch_vary_headers

from ceoc import clock
from ceoc.access import audit, bearer
from ceoc.access.browser_policy import HEADERS
from ceoc.access.gate import Gate, answer, gate_of, is_unsafe
from ceoc.access.models import Person
from ceoc.access.viewer import Viewer, viewer_of

log = structlog.get_logger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]

SLIDES_EVERY = timedelta(minutes=10)
"""A session that is used is prolonged, and written, no oftener."""


class Headers:
    """Puts the security headers on every answer, and `no-store` on all but what a view for everybody or for tokens
    says may be kept."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Any request."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers[name] = value
        gate = getattr(request, "gate", None)
        may_be_kept = gate is not None and gate.kind in ("public", "token")
        if not may_be_kept or "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
            patch_vary_headers(response, ("Cookie", "HX-Request"))
        return response


class Viewers:
    """Sets `request.viewer`: who is signed in, or None. A session in use is prolonged: it lasts through a shift."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Any request; asks the database only when there is a session cookie."""
        user = request.user
        request.viewer = viewer_of(user) if isinstance(user, Person) or getattr(user, "pk", None) else None
        if request.viewer:
            self._slide(request)
        return self.get_response(request)

    def _slide(self, request: HttpRequest) -> None:
        """Writes the session's end anew when the last time is a while ago."""
        wall = clock.wall().timestamp()
        if wall - request.session.get("slid_at", 0) >= SLIDES_EVERY.total_seconds():
            request.session["slid_at"] = wall


class Gates:
    """Refuses by default: a view that nobody classified, a person without the capability, a shadow's every change."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """A request from another site, and a shadow's change to whatever address, end here."""
        if is_unsafe(request.method) and request.headers.get("Sec-Fetch-Site", "none") not in ("same-origin", "none"):
            gate = _gate_at(request)
            if gate is None or gate.kind != "signed":
                return refuse(request, "The request came from another site.")
        viewer: Viewer | None = request.viewer
        if viewer and viewer.role == "shadow" and is_unsafe(request.method):
            gate = _gate_at(request)
            if answer(gate, viewer, request.method) != "open":
                return refuse(request, "Shadows watch: they change nothing but what is their own.")
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Asks the gate of the view that was found."""
        gate = gate_of(view)
        request.gate = gate
        if gate is None:
            log.error("gate.view_is_not_classified", view=getattr(view, "__qualname__", str(view)))
            return refuse(request, "This address is not open to anybody yet.")
        match answer(gate, request.viewer, request.method):
            case "open":
                return None
            case "sign_in":
                return _to_sign_in(request)
            case "token":
                return bearer.admit(request, gate)
        if request.viewer is None:
            return refuse(request, "Sign in first.")
        return refuse(
            request, f"Your role ({request.viewer.role}) may not do this. An administrator can change your role."
        )


def refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    """The 403 page with its sentence; written to the audit when somebody is signed in."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    log.warning(
        "access.refused", method=request.method, path=request.path, reason=sentence, signed_in=viewer is not None
    )
    if viewer is not None:
        audit.refused(request, viewer, sentence)
    return render(request, "errors/403.html", {"sentence": sentence}, status=403)


def _gate_at(request: HttpRequest) -> Gate | None:
    """The gate of the view that the request's address leads to; None where it leads nowhere."""
    try:
        return gate_of(resolve(request.path_info).func)
    except Resolver404:
        return None


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and back afterwards. A part of a page sends its whole page there."""
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=403)
        response.headers["HX-Redirect"] = reverse("sign-in")
        return response
    return redirect(f"{reverse('sign-in')}?{urlencode({'next': request.get_full_path()})}")
