"""Signing in and out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from ceoc.access import sessions
from ceoc.access.gate import public, public_change
from ceoc.access.middleware import refuse
from ceoc.access.pages import safe_next


@public
@require_GET
def sign_in(request: HttpRequest) -> HttpResponse:
    """The ways to sign in: in DEMO one press as a persona; else a sentence."""
    return render(request, "access/sign_in.html", {"next": safe_next(request, request.GET.get("next"))})


@public_change
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    sessions.end(request)
    return redirect(reverse("sign-in"))


def form_token_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from another site, or one that stood open since before the last sign-in."""
    return refuse(
        request, "This form is from before you signed in, or from another site. Load the page again, then repeat."
    )
