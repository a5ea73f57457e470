"""Who attacks, and with what: sessions that may not, requests of every method, forms that would work."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client

from ceoc import clock
from ceoc.access import backend, tokens
from ceoc.access.gate import gate_of
from ceoc.access.models import Person
from ceoc.access.scopes import SCOPES, Scope
from ceoc.access.viewer import Viewer, viewer_of
from ceoc.demo import people
from tests import cast
from tests.access.routes import Route
from tests.access.samples import path

TOKEN_NAME = "an attack"
"""What the tokens of attackers are called."""

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
LOOKING = METHODS[:3]


class Target(NamedTuple):
    """What is attacked: one thing of each kind, and what stands in a form."""

    things: Mapping[str, str]
    form: Mapping[str, str]
    forms: Mapping[str, Mapping[str, str]]
    """What else stands in the form of one address, by its name."""
    others: Mapping[str, Mapping[str, str]] = {}
    """Which other thing an address names, by its name."""

    def form_of(self, route: Route) -> dict[str, str]:
        """A form that does something at that address, when the right person sends it; to a program just its fields."""
        form = {**self.form, **self.forms.get(route.name, {})}
        bodies = [one.body for one in getattr(route.view, "operations", ()) if one.method == "POST"]
        fields = {field.name for body in bodies for field in msgspec.structs.fields(body)}
        return {name: value for name, value in form.items() if name in fields} if bodies else form

    def path(self, route: Route) -> str:
        """The address of the thing."""
        return path(route, {**self.things, **self.others.get(route.name, {})})


def for_programs(route: Route) -> bool:
    """Whether an address asks for a token."""
    gate = gate_of(route.view)
    return gate is not None and gate.kind == "token"


def send(client: Client, method: str, route: Route, target: Target, **headers: str) -> HttpResponse:
    """One request with a form, as JSON where programs ask; its answer."""
    form, as_json = target.form_of(route), for_programs(route)
    answer: HttpResponse = client.generic(
        method,
        target.path(route),
        json.dumps(form) if as_json else urlencode(form),
        content_type="application/json" if as_json else "application/x-www-form-urlencoded",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    return answer


def signed_in(name: str) -> Client:
    """A browser in which one of the cast is signed in."""
    client = Client()
    client.force_login(people.settle(cast.CAST[name]), backend=backend.PATH)
    return client


def viewer(name: str) -> Viewer:
    """One of the cast, as actions know them."""
    return viewer_of(people.settle(cast.CAST[name]))


def without_a_role() -> Client:
    """Somebody whom the dashboard knows, and who is in no group."""
    client = Client()
    client.force_login(Person.objects.welcome("new@demo.example", name="New Here"), backend=backend.PATH)
    return client


def with_an_expired_session() -> Client:
    """An engineer's browser that was left open through the night."""
    client = signed_in("engineer")
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    Session.objects.filter(session_key=key).update(expire_date=clock.wall() - timedelta(seconds=1))
    return client


def who_has_left() -> Client:
    """The browser of a manager who is not active any more."""
    client = Client()
    gone = Person.objects.welcome("gone@demo.example", name="Gone Away", role="manager")
    client.force_login(gone, backend=backend.PATH)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    return client


def with_a_made_up_token() -> Client:
    """A program that guesses."""
    return Client(headers={"Authorization": "Bearer ceoc_made_up_by_somebody_0123456789"})


def with_token(name: str, *scopes: Scope, days: int = 7) -> Client:
    """A program with a token of one of the cast, for all scopes where none is named; made so many days to last."""
    wish = tokens.Wish(name=TOKEN_NAME, scopes=scopes or tuple(SCOPES), days=abs(days))
    person = people.settle(cast.CAST[name])
    text, _ = tokens.make(person, wish, by=person.email, wall=clock.wall() - timedelta(days=max(0, -2 * days)))
    return Client(headers={"Authorization": f"Bearer {text}"})


ATTACKERS: Mapping[str, Callable[[], Client]] = {
    "a shadow": lambda: signed_in("shadow"),
    "a stranger": Client,
    "somebody without a role": without_a_role,
    "an expired session": with_an_expired_session,
    "somebody who has left": who_has_left,
    "a made-up token": with_a_made_up_token,
}
"""Who may change nothing, anywhere, by any method."""

PROGRAMS: Mapping[str, Callable[[], Client]] = {
    "an expired token": lambda: with_token("engineer", days=-1),
    "a narrow token": lambda: with_token("engineer", "read"),
    "a shadow's token": lambda: with_token("shadow"),
}
"""The same, with a token that was good once, or is good for less. On pages a token counts nothing."""
