"""Signing in with a break-glass code."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from ceoc import clock
from ceoc.access import attempts, audit, sessions
from ceoc.access.breakglass import codes
from ceoc.access.gate import public_change
from ceoc.access.pages import safe_next

log = structlog.get_logger(__name__)

FOR_A_PERSON = 10
FROM_AN_ADDRESS = 30
"""Wrong tries in a quarter of an hour. Guessing a code takes far more than the age of the universe; this keeps the
audit readable."""

WRONG = "That e-mail and code do not go together, or the code was used already. Nobody was signed in."
TOO_MANY = "Too many wrong tries. Wait a quarter of an hour, then try again; your codes are as they were."


@public_change
@require_http_methods(["GET", "HEAD", "POST"])
def use_code(request: HttpRequest) -> HttpResponse:
    """The form, and what it sends: one sentence for whatever is wrong, so that nobody learns who is known here."""
    if request.method != "POST":
        return _form(request, request.GET.get("next"))
    email, wall = request.POST.get("email", "").strip().lower(), clock.wall()
    if _too_many(request, email, wall):
        log.warning("break_glass.too_many_tries")
        return _form(request, request.POST.get("next"), sentence=TOO_MANY, status=429)
    taken = codes.take(email, request.POST.get("code", ""), now=wall)
    if taken is None:
        log.warning("break_glass.wrong_code")
        audit.not_let_in(request, "a break-glass code that is wrong, used or revoked", email=email)
        return _form(request, request.POST.get("next"), sentence=WRONG, status=403)
    return _let_in(request, taken, wall)


def _let_in(request: HttpRequest, taken: codes.Taken, wall: datetime) -> HttpResponse:
    email, ends_at = taken.person.email, wall + codes.SESSION_LASTS
    for purpose, whose in _counted(request, email):
        attempts.take_back(purpose, whose, wall)
    log.error("break_glass.used", left=taken.left)  # loud on purpose: somebody should know tonight
    reason = f"{taken.left} codes are left; the session ends {ends_at:%d %b %H:%M} UTC"
    sessions.begin(request, taken.person, came="break_glass", ends_at=ends_at, reason=reason)
    messages.warning(
        request, f"You came in by a break-glass code: this session ends at {ends_at:%H:%M} UTC. {_left(taken.left)}"
    )
    return redirect(safe_next(request, request.POST.get("next")))


def _left(codes_left: int) -> str:
    if not codes_left:
        return "It was your last code: ask an administrator for new ones."
    return f"You have {codes_left} {'code' if codes_left == 1 else 'codes'} left."


def _too_many(request: HttpRequest, email: str, wall: datetime) -> bool:
    """Counts the try, for the person named and for the address it came from."""
    tries = [attempts.count(purpose, whose, wall) for purpose, whose in _counted(request, email)]
    return tries[0] > FOR_A_PERSON or tries[1] > FROM_AN_ADDRESS


def _counted(request: HttpRequest, email: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("break-glass for", email), ("break-glass from", audit.address_of(request) or "")


def _form(request: HttpRequest, wanted: str | None, *, sentence: str = "", status: int = 200) -> HttpResponse:
    context = {"next": safe_next(request, wanted), "sentence": sentence, "email": request.POST.get("email", "")[:254]}
    return render(request, "access/use_code.html", context, status=status)
