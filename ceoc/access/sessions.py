"""Begins, ends and reads sessions, for pages and for the live stream."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user, login, logout
from django.db import transaction
from django.http import HttpRequest

from ceoc.access import audit, backend
from ceoc.access.models import Person
from ceoc.access.viewer import Viewer, viewer_of


def begin(request: HttpRequest, person: Person) -> None:
    """Signs a person in; the one who was signed in before is signed out, with nothing of their session left."""
    before = getattr(request.user, "email", "")
    with transaction.atomic():
        if before:
            logout(request)
        login(request, person, backend=backend.PATH)
        audit.came_and_went("signed_in", request, person.email, by=before)


def end(request: HttpRequest) -> None:
    """Signs out whoever is signed in."""
    email = getattr(request.user, "email", "")
    logout(request)
    if email:
        audit.came_and_went("signed_out", request, email)


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
