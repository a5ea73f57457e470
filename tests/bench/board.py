"""How long the board takes with 10, 100 and 1,000 rows, against rendering its template from values that are ready."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from unittest import mock

from django.contrib.messages.storage.fallback import FallbackStorage
from django.db import connection
from django.http import HttpRequest
from django.shortcuts import render
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from ceoc.access.opaque import opaque_id
from ceoc.access.viewer import viewer_of
from ceoc.demo import people
from emergencies.models import Emergency
from emergencies.pages import board as page
from emergencies.timeline.empty import empty
from tests.bench.figures import Figures, beside, milliseconds
from tests.emergencies.world import Trouble

ROWS = (10, 100, 1000)


def run(*, quick: bool) -> Iterator[Figures]:
    """The whole view for an engineer, and its last step alone."""
    request = _request()
    for rows in ROWS:
        _fill(rows)
        ready = _ready(request)
        with CaptureQueriesContext(connection) as asked:
            page.board(request)
        view, template = partial(page.board, request), partial(render, *ready)
        whole, drawn = milliseconds(0.1 if quick else 5.0, view, template)
        yield beside(
            f"board of {rows} rows", "ms", whole, drawn, "its template from ready values", rows=rows, queries=len(asked)
        )
    empty()


def _request() -> HttpRequest:
    request: Any = RequestFactory().get("/")
    request.user = people.settle(people.PERSONAS[0])
    request.viewer = viewer_of(request.user)
    request.session, request.htmx = {}, False
    request._messages = FallbackStorage(request)
    return request


def _ready(request: HttpRequest) -> tuple[HttpRequest, str, dict[str, Any]]:
    """What the view hands to its template."""
    with mock.patch.object(page, "render", side_effect=render) as drawn:
        page.board(request)
    return drawn.call_args.args


def _fill(rows: int) -> None:
    """An empty timeline, then so many open emergencies: one that was told, and rows like it."""
    empty()
    Trouble("Northwind Robotics", 1).pages(34, "Gitaly storage full, no push possible").acknowledged(32).noted(20)
    told = Emergency.objects.get()
    names = [field.attname for field in Emergency._meta.concrete_fields if not field.primary_key]
    values = {name: getattr(told, name) for name in names}
    like = [
        Emergency(**values | {"public_id": opaque_id(f"bench:{number}"), "customer_name": f"Customer {number}"})
        for number in range(1, rows)
    ]
    Emergency.objects.bulk_create(like, batch_size=500)
