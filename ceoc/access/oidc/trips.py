"""A person's way to the provider and back: what is asked for, and how the answer is known to be to that question.

Each trip is kept in the browser's session under its state, with its nonce and the verifier of its code (PKCE), is good
for ten minutes and for one answer.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

import msgspec
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import QueryDict
from django.urls import reverse
from mozilla_django_oidc.utils import generate_code_challenge

from ceoc.access.oidc.config import Config, Endpoints
from ceoc.access.oidc.refusals import Refused

KEPT = "oidc_trips"
LASTS = timedelta(minutes=10)
MOST = 10
"""Trips of one browser that are under way at once: its tabs."""

AGAIN = "Sign in again from the sign-in page."
UNKNOWN = f"This answer belongs to no sign-in that was begun in this browser. {AGAIN}"
NOT_LET_IN = f"The identity provider did not let you in. {AGAIN}"
TOO_LATE = f"The sign-in took more than ten minutes, so its answer does not count any more. {AGAIN}"


class Trip(msgspec.Struct, frozen=True):
    """What must come back, and where the person wants to go."""

    nonce: str
    verifier: str
    next: str
    began_at: float


def begin(session: SessionBase, config: Config, endpoints: Endpoints, *, next: str, wall: datetime) -> str:
    """Keeps a new trip in the session; the address at the provider to go to."""
    state = secrets.token_urlsafe(24)
    trip = Trip(secrets.token_urlsafe(24), secrets.token_urlsafe(48), next, wall.timestamp())
    under_way = [*_under_way(session).items(), (state, msgspec.to_builtins(trip))]
    session[KEPT] = dict(under_way[-MOST:])
    session.set_expiry(int(LASTS.total_seconds()) * 2)
    asked = {
        "response_type": "code",
        "scope": config.scopes,
        "client_id": config.client_id,
        "redirect_uri": way_back(),
        "state": state,
        "nonce": trip.nonce,
        "code_challenge": generate_code_challenge(trip.verifier, "S256"),
        "code_challenge_method": "S256",
    }
    return f"{endpoints.authorization}{'&' if urlsplit(endpoints.authorization).query else '?'}{urlencode(asked)}"


def end(session: SessionBase, answer: QueryDict, *, wall: datetime) -> tuple[Trip, str]:
    """The trip that the provider's answer ends, and the code that it brings. Raises Refused."""
    under_way = _under_way(session)
    kept = under_way.pop(answer.get("state", ""), None)
    if kept is None:
        raise Refused(UNKNOWN, reason="unknown state")
    session[KEPT] = under_way
    trip = msgspec.convert(kept, Trip)
    if wall.timestamp() - trip.began_at > LASTS.total_seconds():
        raise Refused(TOO_LATE, reason="the answer came too late")
    if answer.get("error"):
        raise Refused(NOT_LET_IN, reason=f"the provider said {answer['error']}")
    if not answer.get("code"):
        raise Refused(UNKNOWN, reason="an answer without a code")
    return trip, answer["code"]


def way_back() -> str:
    """The address that the provider sends people back to, as it is registered there."""
    return f"{settings.CEOC_URL.rstrip('/')}{reverse('sign-in-return')}"


def _under_way(session: SessionBase) -> dict[str, dict[str, object]]:
    return dict(session.get(KEPT, {}))
