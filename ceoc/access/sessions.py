"""Begins, ends and reads sessions, for pages and for the live stream.

A session ends when its person signs out or signs in as somebody else; twelve hours after its last use; nine hours after
it began when it was begun by a break-glass code, used or not; when the person is deactivated; when they lose their last
role; and when the break-glass codes that it was begun by are revoked. A change of role or clearance ends none: both are
judged at every request, and open streams are judged anew at once.
"""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import Any, Literal

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user, login, logout
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from ceoc import clock
from ceoc.access import audit, backend
from ceoc.access.classes import GLOBAL
from ceoc.access.models import Person
from ceoc.access.viewer import Viewer, viewer_of
from ceoc.live.announce import announce

Came = Literal["persona", "provider", "break_glass"]
CAME = "came"
"""Where a session says how its person came in."""


def begin(
    request: HttpRequest, person: Person, *, came: Came = "persona", ends_at: datetime | None = None, reason: str = ""
) -> None:
    """Signs a person in, in a session of a new key; of what was there before, anybody's, nothing is left.

    With `ends_at` it ends then, however much it is used; else it slides.
    """
    before = getattr(request.user, "email", "")
    with transaction.atomic():
        Session.objects.filter(expire_date__lt=clock.wall()).delete()
        logout(request)
        login(request, person, backend=backend.PATH)
        request.session[CAME] = came
        if ends_at:
            request.session.set_expiry(ends_at)
        kind: audit.Coming = "broke_glass" if came == "break_glass" else "signed_in"
        audit.came_and_went(kind, request, person.email, by=before, reason=reason)


def end(request: HttpRequest) -> str:
    """Signs out whoever is signed in; how they had come in, empty for nobody."""
    email, came = getattr(request.user, "email", ""), str(request.session.get(CAME, ""))
    logout(request)
    if email:
        audit.came_and_went("signed_out", request, email)
    return came if email else ""


def end_all(person: Person, *, came: Came | None = None) -> int:
    """Ends every session of a person at once, open streams too; with `came` only those that were begun so. How many."""
    ended = 0
    with transaction.atomic():
        for session in Session.objects.filter(expire_date__gt=clock.wall()).iterator():
            told = session.get_decoded()
            if told.get(SESSION_KEY) == str(person.pk) and came in (None, told.get(CAME)):
                session.delete()
                ended += 1
        announce(["access"], GLOBAL)
    return ended


def viewer_of_session(session_key: str | None) -> Viewer | None:
    """Who is signed in in that session now, judged afresh: for streams, which ask again at each heartbeat.

    None for a session that is unknown, at its end, or of a person who is not active any more.
    """
    if not session_key:
        return None
    request = HttpRequest()
    store: Any = import_module(settings.SESSION_ENGINE)
    request.session = store.SessionStore(session_key)
    person = get_user(request)
    return viewer_of(person) if isinstance(person, Person) else None
