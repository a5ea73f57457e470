"""The one door while pages are made: every query that is executed for the uncleared, also for the page of one thing,
asks for the class or comes from a room that shows nothing; and no US Government row is ever read for them."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client

from ceoc.access import backend, tokens
from ceoc.access.classes import US_GOV, Classed
from ceoc.access.gate import gate_of
from ceoc.access.models import Person
from ceoc.access.scopes import SCOPES
from emergencies.models import Emergency
from tests.access.doors import PACKAGES, ROOT, classed_models
from tests.access.routes import Route, routes
from tests.access.samples import path, thing_of
from tests.access.test_one_door import SHOWN, is_internal
from tests.emergencies.world import NOW, Trouble, by_hand, evening_once, troubles

__all__ = ["evening_once", "troubles"]

pytestmark = pytest.mark.django_db

TABLES = {model._meta.db_table for model in classed_models()}
ASKED = re.compile(r'(?:FROM|JOIN) "(\w+)"')


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    """Time stands still at the evening's present."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def things(troubles: dict[str, Trouble]) -> dict[str, str]:
    """An emergency and a waiting page that everybody sees; that there are others is told by the evening."""
    by_hand()
    return {"emergency": troubles["reviewing"].row.public_id, "page": "QHAND"}


@pytest.fixture(params=["engineer", "administrator"])
def uncleared(request: pytest.FixtureRequest) -> Client:
    """Somebody of that role who is not cleared, signed in and with a token."""
    person = Person.objects.welcome("una@demo.example", name="Una Quist", role=request.param)
    wish = tokens.Wish(name="a wall screen", scopes=tuple(SCOPES), days=7)
    text, _ = tokens.make(person, wish, by=person.email, wall=NOW)
    client = Client(headers={"Authorization": f"Bearer {text}"})
    client.force_login(person, backend=backend.PATH)
    return client


def readable() -> list[Route]:
    return [route for route in routes() if (gate := gate_of(route.view)) and gate.kind in ("person", "token")]


def ids(route: Route) -> str:
    return route.pattern or "/"


def asker() -> str:
    """The innermost module of the product that is at work."""
    for frame, _ in traceback.walk_stack(None):
        file = Path(frame.f_code.co_filename)
        if file.is_relative_to(ROOT) and file.relative_to(ROOT).parts[0] in PACKAGES:
            return file.relative_to(ROOT).as_posix()
    return ""


def goes_round(sql: str) -> bool:
    """Whether a query reads a classed table and does not ask for the class."""
    return bool(TABLES & set(ASKED.findall(sql))) and '"klass" = %s' not in sql


class TestTheEvening:
    """Tests that look at the same evening."""

    @pytest.mark.parametrize("route", readable(), ids=ids)
    def test_every_query_that_is_executed_asks_for_the_class(self, things, uncleared: Client, route: Route) -> None:
        round_it: list[str] = []

        def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.startswith("SELECT") and goes_round(sql):
                module = asker()
                round_it.extend([f"{module}: {sql}"] if not is_internal(module) or SHOWN.search(module) else [])
            return execute(sql, params, many, context)

        with connection.execute_wrapper(watch):
            assert uncleared.get(path(route, things)).status_code < 500
        assert round_it == []

    @pytest.mark.parametrize("route", readable(), ids=ids)
    def test_no_us_government_row_is_read(self, things, uncleared: Client, route: Route, monkeypatch) -> None:
        read = rows_read(monkeypatch)
        hidden = {thing_of(route): Emergency.objects.get(customer_name="Bureau of Tides").public_id}
        read.clear()
        for asked in (things, hidden):
            uncleared.get(path(route, asked))
            uncleared.get(path(route, asked), {"q": "Tides", "region": "US_GOV", "page": "2"})

        assert [row for row in read if row.klass == US_GOV] == []

    def test_the_watch_sees_what_the_cleared_read(self, things, cleared: Client, monkeypatch) -> None:
        read = rows_read(monkeypatch)
        cleared.get("/")

        assert {row.klass for row in read} == {"global", "us_gov"}


def rows_read(monkeypatch: pytest.MonkeyPatch) -> list[Classed]:
    """Every classed row that is read from now on."""
    read: list[Classed] = []
    made = Classed.from_db.__func__

    def from_db(cls: type[Classed], db: str, names: Any, values: Any) -> Classed:
        row: Classed = made(cls, db, names, values)
        read.append(row)
        return row

    monkeypatch.setattr(Classed, "from_db", classmethod(from_db))
    return read


def test_a_query_that_goes_round_is_seen() -> None:
    assert goes_round('SELECT * FROM "emergencies_emergency" WHERE "stage" = %s')
    assert not goes_round('SELECT * FROM "emergencies_emergency" WHERE "emergencies_emergency"."klass" = %s')
    assert not goes_round('SELECT * FROM "access_person"')
