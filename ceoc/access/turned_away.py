"""What one reads who could not sign in, and the audit's line of it."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ceoc import clock
from ceoc.access import attempts, audit

log = structlog.get_logger(__name__)

AUDITED = 30
"""Lines that one address may cause in a quarter of an hour; what comes beyond is logged only."""


def turned_away(request: HttpRequest, sentence: str, *, reason: str, email: str = "") -> HttpResponse:
    """403 with the sentence. `reason` is for the audit, `email` who they are or say they are."""
    log.warning("access.not_let_in", reason=reason)
    if attempts.count("turned away", audit.address_of(request) or "", clock.wall()) <= AUDITED:
        audit.not_let_in(request, reason, email=email)
    return render(request, "access/turned_away.html", {"sentence": sentence}, status=403)


def does_not_answer(request: HttpRequest) -> HttpResponse:
    """503: the provider cannot be asked, and what helps meanwhile."""
    sentence = "The identity provider does not answer, so nobody can sign in by it now. Whoever is signed in works on."
    response = render(request, "access/turned_away.html", {"sentence": sentence, "down": True}, status=503)
    response.headers["Retry-After"] = "30"
    return response
