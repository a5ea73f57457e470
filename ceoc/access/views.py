"""Signing in and out."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ceoc.access import sessions
from ceoc.access.gate import public, public_change
from ceoc.access.middleware import refuse
from ceoc.access.oidc import known
from ceoc.access.pages import safe_next


@public
@require_GET
def sign_in(request: HttpRequest) -> HttpResponse:
    """The ways to sign in: the company's provider, or that it does not answer; in DEMO one press as a persona."""
    context = {"next": safe_next(request, request.GET.get("next")), "provider": settings.OIDC}
    if settings.OIDC is not None and request.viewer is None:
        context["answers"] = known.answers(settings.OIDC)
    return render(request, "access/sign_in.html", context)


@public_change
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session here; the provider's is its own."""
    if sessions.end(request) == "provider":
        messages.info(
            request,
            "You are signed out of the dashboard. Your session at the identity provider goes on: at a shared computer,"
            " sign out there too.",
        )
    return redirect(reverse("sign-in"))


def form_token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from another site, or one that stood open since before the last sign-in."""
    return refuse(
        request, "This form is from before you signed in, or from another site. Load the page again, then repeat."
    )
