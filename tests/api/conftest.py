"""The API is asked at one written-out moment of an evening, with real tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from ceoc import clock
from ceoc.access import tokens
from ceoc.access.models import Person
from ceoc.access.scopes import SCOPES
from tests.emergencies.world import NOW, Trouble, evening_once, troubles

__all__ = ["evening_once", "troubles"]

V1 = "/api/v1/"


@pytest.fixture(autouse=True)
def stopped(db: None) -> Iterator[None]:
    """16:42 UTC on 14 July 2026, and it stays so."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def halden(person_of) -> Trouble:
    """One customer whose page rings."""
    person_of("engineer")
    return Trouble("Halden Bank", 1).pages(3, "All web nodes answer 502")


def token_for(person: Person, *scopes: str, days: int = 7) -> str:
    """A token of that person; of all scopes where none is named."""
    wish = tokens.Wish(name="a test", scopes=tuple(scopes or SCOPES), days=days)
    return tokens.make(person, wish, by=person.email, wall=clock.wall())[0]


class Caller:
    """A program that calls the API as somebody."""

    def __init__(self, token: str) -> None:
        self.token = token
        self._client = Client(raise_request_exception=False)

    def get(self, path: str = "", **headers: str) -> HttpResponse:
        return self._client.get(_at(path), headers=self._with(headers))

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self._client.post(_at(path), body or {}, content_type="application/json", headers=self._with(headers))

    def by(self, method: str, path: str) -> HttpResponse:
        return self._client.generic(method.upper(), _at(path), headers=self._with({}))

    def _with(self, headers: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return ({"Authorization": f"Bearer {self.token}"} if self.token else {}) | named


def _at(path: str) -> str:
    return path if path.startswith(("/", "http")) else V1 + path


@pytest.fixture
def caller_of(person_of) -> Callable[..., Caller]:
    """A caller as a name of the cast, with a token of some scopes (all where none is named)."""
    return lambda name, *scopes: Caller(token_for(person_of(name), *scopes))


@pytest.fixture
def mira(caller_of) -> Caller:
    """An engineer's."""
    return caller_of("engineer")


@pytest.fixture
def sam(caller_of) -> Caller:
    """A cleared engineer's."""
    return caller_of("cleared")
