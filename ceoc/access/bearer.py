"""Lets a request of the API in by its bearer token, judged anew each time (security.md 6, 8). Cookies count nothing."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse

from ceoc import clock
from ceoc.access import audit, tokens
from ceoc.access.gate import Gate, Need
from ceoc.access.scopes import SCOPES
from ceoc.access.tokens import Held, NotAdmitted
from ceoc.api.problems import Problem
from ceoc.inbox.refusals import Limit

log = structlog.get_logger(__name__)

REALM = 'Bearer realm="ceoc"'

A_MINUTE = 3_000
"""Requests without a good token that one address may make in a minute."""

limit = Limit(A_MINUTE)


def admit(request: HttpRequest, gate: Gate) -> HttpResponse | None:
    """Sets `request.viewer` and `request.token` for the holder of a token that fits; else the answer that says why."""
    need = next((need for need in gate.needs if need.method == _method(request)), None)
    if need is None:
        return _wrong_method(gate)
    wall = clock.wall()
    try:
        held = tokens.admitted(_text(request), wall)
    except NotAdmitted as error:
        return _unknown(request, str(error), wall.timestamp())
    request.viewer, request.token = held.viewer, held
    sentence = _lacking(held, need)
    if sentence is None:
        return None
    log.warning("access.refused", method=request.method, path=request.path, reason=sentence, public_id=held.id)
    audit.refused(request, held.viewer, sentence)
    challenge = f'{REALM}, error="insufficient_scope", scope="{need.scope}"'
    return Problem(403, sentence, headers={"WWW-Authenticate": challenge}).response()


def _method(request: HttpRequest) -> str:
    return "GET" if request.method == "HEAD" else str(request.method)


def _wrong_method(gate: Gate) -> HttpResponse:
    """405, whoever asks: which methods there are is in the published document."""
    taken = ", ".join(need.method for need in gate.needs)
    return Problem(405, f"This address takes {taken}.", headers={"Allow": taken}).response()


def _text(request: HttpRequest) -> str:
    """The token of the request. Raises NotAdmitted where there is none."""
    scheme, _, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not text.strip():
        raise NotAdmitted("")
    return text.strip()[:200]


def _unknown(request: HttpRequest, sentence: str, seconds: float) -> HttpResponse:
    """401 with the reason; 429 for an address that goes on trying."""
    if limit.over(request.META.get("REMOTE_ADDR", ""), seconds):
        return Problem(429, "Too many requests without a good token.", headers={"Retry-After": "60"}).response()
    log.warning("token.refused", path=request.path, reason=sentence or "none was sent")
    said = f', error="invalid_token", error_description="{sentence}"' if sentence else ""
    return Problem(401, sentence, headers={"WWW-Authenticate": REALM + said}).response()


def _lacking(held: Held, need: Need) -> str | None:
    """Why the holder may not do this; None where they may."""
    if need.scope not in held.scopes:
        there = ", ".join(scope for scope in SCOPES if scope in held.scopes)
        return f"The token has no scope {need.scope}; it has: {there}."
    if not held.viewer.may(need.capability):
        return f"Your role ({held.viewer.role}) may not do this. An administrator can change your role."
    return None
