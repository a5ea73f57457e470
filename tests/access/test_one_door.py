"""What one may see comes through one door: in the source, and in the queries that pages make (security.md 2)."""

from __future__ import annotations

import ast
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ceoc.access import backend
from ceoc.access.gate import gate_of
from ceoc.access.models import Person
from tests.access.doors import classed_models, in_tree, sources, ways_round
from tests.access.routes import Route, routes

INTERNAL = {
    "ceoc/access/audit.py": "writes the audit",
    "ceoc/inbox/": "the machine claims and reads deliveries; the administrators' page goes through the door",
    "ceoc/ops/freshness.py": "notes what a vendor said; what is shown (`all_for`) goes through the door",
    "ceoc/people/": "reads and keeps who our people are at the vendors; the pages go through the door",
    "ceoc/outbox/": "the machine claims, sends and settles commands; the page goes through the door",
    "emergencies/actions/": "acts on an emergency that the page got through the door, and on its own entries alone",
    "emergencies/ingest/": "what the vendors tell becomes entries; nobody looks",
    "emergencies/outgoing/": "the machine looks again before it sends",
    "emergencies/timeline/": "the door to write: folds and projects whole timelines, of every class",
    "emergencies/management/": "commands at the machine",
}
"""Where a classed model is asked without a viewer, and why that shows nothing to anybody."""

SHOWN = re.compile(r"/(pages|queries|live|look|templatetags|api)/|/(views|urls|api|pages)\.py$|/queries\.py$")
"""Modules that make what people see: none of them may be internal."""


def is_internal(module: str) -> bool:
    return any(module == place or (place.endswith("/") and module.startswith(place)) for place in INTERNAL)


def test_no_source_goes_round_the_door() -> None:
    found = [str(query) for query in ways_round() if not is_internal(query.module) or SHOWN.search(query.module)]

    assert found == []


def test_every_internal_place_still_needs_to_be_one() -> None:
    modules = {query.module for query in ways_round()}

    unneeded = [place for place in INTERNAL if not any(module.startswith(place) for module in modules)]
    assert unneeded == []


def test_the_walk_sees_the_product() -> None:
    modules = [module for module, _ in sources()]

    assert len(modules) > 100
    assert {"ceoc/access/gate.py", "emergencies/timeline/record.py"} <= set(modules)
    assert {"Emergency", "Entry", "Subject", "Delivery", "Command", "AccessLog"} <= {
        m.__name__ for m in classed_models()
    }


@pytest.mark.parametrize(
    "code",
    [
        "Emergency.objects.all()",
        "Emergency.objects.filter(stage='ringing').order_by('id')",
        "models.Emergency.objects.get(public_id=id)",
        "Emergency._default_manager.count()",
        "get_object_or_404(Emergency, public_id=id)",
        "rows = Emergency.objects\nrows.visible_to(viewer)",
        "len(Entry.objects.filter(emergency__in=Emergency.objects.visible_to(viewer)))",
        "subject.entries.filter(kind='note')",
        "subject.entries.get(kind='note')",
        "cursor.execute('SELECT id FROM emergencies_emergency')",
    ],
)
def test_a_way_round_is_found(code: str) -> None:
    assert in_tree("somewhere.py", ast.parse(code)), "a way round was not found"


@pytest.mark.parametrize(
    "code",
    [
        "Emergency.objects.visible_to(viewer).get(public_id=id)",
        "Emergency.objects.filter(stage='ringing').visible_to(viewer)",
        "get_object_or_404(Emergency.objects.visible_to(viewer), public_id=id)",
        "Person.objects.filter(email=email)",
        "told.entries.get(key, ('', ''))",
    ],
)
def test_the_door_itself_is_not(code: str) -> None:
    assert in_tree("somewhere.py", ast.parse(code)) == []


def lists() -> list[Route]:
    """Pages that show many things: those without a parameter."""
    return [
        route
        for route in routes()
        if "<" not in route.pattern and (gate := gate_of(route.view)) and gate.kind == "person"
    ]


@pytest.fixture
def uncleared_administrator(db: None) -> Client:
    """Somebody who may open every page, and see nothing of US Gov."""
    client = Client()
    boss = Person.objects.welcome("boss@demo.example", name="Una Cleared", role="administrator")
    client.force_login(boss, backend=backend.PATH)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("route", lists(), ids=lambda route: route.pattern or "/")
def test_every_query_of_a_list_asks_for_the_class(uncleared_administrator, route: Route) -> None:
    tables = {model._meta.db_table for model in classed_models()}
    with CaptureQueriesContext(connection) as captured:
        uncleared_administrator.get(route.path)
    asked = [query["sql"] for query in captured.captured_queries]

    open_to_all = [
        sql
        for sql in asked
        for table in re.findall(r'(?:FROM|JOIN) "(\w+)"', sql)
        if table in tables and "\"klass\" = 'global'" not in sql
    ]
    assert open_to_all == []
