"""The board of 10, 100 and 1,000 open emergencies, against rendering the same template from ready values."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from ceoc.access.opaque import opaque_id
from ceoc.access.viewer import Viewer
from emergencies.models import Emergency
from emergencies.queries.board import board
from emergencies.queries.filters import Filters
from emergencies.timeline.empty import empty
from emergencies.timeline.record import record
from tests.bench.measure import median_ms, tell
from tests.emergencies.saying import acknowledged, created, organisation, rings
from tests.emergencies.telling import clock

NOW = clock("16:30")
VIEWER = Viewer(person_id=0, email="mira@demo.example", name="Mira", role="engineer", cleared=True, zone="UTC")


def run() -> None:
    """Prints a figure for each size."""
    for rows in (10, 100, 1_000):
        _fill(rows)
        _measure(rows)
    empty()


def _fill(rows: int) -> None:
    """One emergency through the one door, and copies of its projection."""
    empty()
    record(sightings=[rings("16:20"), created("16:20"), organisation(), acknowledged("16:21")], now=NOW)
    first = Emergency.objects.get()
    copies = []
    for n in range(rows - 1):
        copy = Emergency.objects.get(pk=first.pk)
        copy.pk, copy.public_id = None, opaque_id(f"bench:{n}")
        copy.next_due_at = clock("16:50") + timedelta(seconds=n)
        copies.append(copy)
    Emergency.objects.bulk_create(copies)


def _measure(rows: int) -> None:
    rounds = 20 if rows < 1_000 else 5
    ready = board(VIEWER, Filters(), NOW)

    def render(shown: object) -> str:
        return str(render_to_string("emergencies/_queue.html", {"board": shown, "found": None}))

    with CaptureQueriesContext(connection) as queries:
        board(VIEWER, Filters(), NOW)
    whole = median_ms(lambda: render(board(VIEWER, Filters(), NOW)), rounds)
    template = median_ms(lambda: render(ready), rounds)
    tell(
        f"board of {rows} rows",
        ms=whole,
        queries=len(queries),
        reference="the same template from ready values",
        reference_ms=template,
        ratio=whole / template,
    )
