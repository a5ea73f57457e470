"""One night for all leak tests: asked before it, listened to while it goes on, asked again after it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from math import inf

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from msgspec.structs import replace

from ceoc import clock
from ceoc.access import tokens
from ceoc.clock import Line
from ceoc.inbox.models import Delivery
from ceoc.live import following, memory, presence, sources
from ceoc.look import paging
from ceoc.ops import limits, middleware
from ceoc.outbox.models import Command
from ceoc.team import kinds
from emergencies.models import Emergency
from emergencies.queries import closed
from tests.access.doors import classed_models
from tests.emergencies.world import NOW
from tests.leaks import world
from tests.leaks.plants import PLANTS, Plant, an_announcement_is_everybodys
from tests.leaks.streams import LISTENERS, Stream, Streams, serving, shown
from tests.leaks.visits import (
    CLEARANCES,
    CLEARED,
    GLANCE,
    SOURCES,
    UNCLEARED,
    Ids,
    client_of,
    person_of,
    program_of,
    token_of,
    visit,
)

FIRST_ROW = 7_310_000_000
"""The number of the first row of each classed table, so that a number that is shown is seen to be one."""

LONG = timedelta(hours=1)
"""More than the night takes on the real clock: nothing grows stale and nobody falls silent meanwhile."""

MACHINE = re.compile(r"(# (HELP|TYPE) )?(python|process)_")
"""How figures begin that the machine tells of itself."""

ALL = (*UNCLEARED, *CLEARED)

ONE = "uncleared administrator"
"""Who takes a quick look: may open every page, and see nothing of US Government's."""


BEGINS = "GET sign-in/"
"""The question with which each visit begins, and its session is written."""


@pytest.fixture(autouse=True)
def real_time() -> None:
    """The clock of these tests stands, as `night` sets it."""


class Night:
    """What was answered before, during and after it, and what the streams carried."""

    def __init__(self, streams: Streams, patch: pytest.MonkeyPatch) -> None:
        for name in sorted({*ALL, "second"} - {"stranger"}):
            person_of(name)
        self.sam, self.noor, self.mira, self.ayo = map(presser_of, ("cleared", "admin", "engineer", "shadow"))
        keys = {name: token_of(name) for name in ALL if name != "stranger"}
        self.ids = Ids(world.before(self.mira, self.ayo), world.hidden(), keys)
        lists_are_full(patch)
        self.before = visit(ALL, self.ids)
        self.planted_before = glances(self.ids)
        listening = streams.open((*LISTENERS, *CLEARED), self.ids)
        self.opened = frames_of(listening)
        streams.said(listening, lambda: None, self.ids)  # the first touch tells each board what it does not show
        self.quiet = streams.said(listening, lambda: None, self.ids)
        self.metrics_before = metrics(self.ids)
        self.during = streams.said(listening, lambda: world.night(self.sam), self.ids)
        self.metrics_after = metrics(self.ids)
        self.before_clearance = visit([ONE], self.ids, {BEGINS, *CLEARANCES})
        self.cleared = streams.said(listening, lambda: world.clearance(self.noor), self.ids)
        self.turned = streams.said(listening, self._turn, self.ids)
        self.misannounced = streams.said(listening, self._misannounce, self.ids)
        begun = streams.open(LISTENERS, self.ids)
        self.reopened = frames_of(begun)
        self.begun = {name: shown(stream.frames) for name, stream in begun.items()}
        self.kept_up = {name: shown(listening[name].frames) for name in LISTENERS}
        command = Command.objects.filter(group=self.ids.hidden["emergency"]).latest("id").public_id
        self.ids = self.ids._replace(hidden={**self.ids.hidden, "command": command})
        self.after = visit(ALL, self.ids)
        self.planted_after = glances(self.ids)

    def _turn(self) -> None:
        self.turncoat = world.turn(self.mira)

    def _misannounce(self) -> None:
        """Something of US Government's changes, and is announced to everybody."""
        with pytest.MonkeyPatch.context() as patch:
            an_announcement_is_everybodys(patch)
            self.sam(f"/emergencies/{self.ids.hidden['emergency']}/note/", text="One more zebrafish.")


@pytest.fixture(scope="module")
def transactional_db() -> None:
    """In the place of pytest-django's, which empties the tables after each test: here they stay for a file.

    By this name these tests run where those run that commit, after all that only read.
    """


@pytest.fixture(scope="module")
def night(transactional_db: None, django_db_setup: None, django_db_blocker) -> Iterator[Night]:
    """The night, told once for a file: what it keeps is looked at by each test."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "_readers", [lambda: Line(NOW, NOW, rate=0)])
        patch.setitem(kinds._kinds, limits.FRESHNESS, replace(limits.KIND, default=limits.Limits(stale_after=LONG)))
        patch.setattr(presence, "LASTS", LONG.total_seconds())
        patch.setattr(following, "LASTS", LONG.total_seconds())
        patch.setattr(tokens, "USED_EVERY", LONG)
        patch.setattr(middleware, "SLOW", inf)
        patch.setattr(settings, "DEMO", False)
        patch.setattr(sources, "_sources", dict(SOURCES))
        number_rows_from(FIRST_ROW)
        try:
            with serving() as streams:
                yield Night(streams, patch)
        finally:
            memory.ask(lambda redis: redis.delete(presence.KEY, following.KEY))
            call_command("flush", interactive=False, verbosity=0)
            number_rows_from(1)


def lists_are_full(patch: pytest.MonkeyPatch) -> None:
    """Every list that is shown by pages ends with its first page: one thing more, and it would go on."""
    assert Command.objects.count() == Delivery.objects.count()
    patch.setattr(paging, "PAGE", Command.objects.count())
    patch.setattr(closed, "PAGE", Emergency.objects.filter(stage="closed").count())


def glances(ids: Ids) -> dict[Plant, dict[str, str]]:
    """A quick look under each planted leak."""
    kept = {}
    for plant in PLANTS:
        with pytest.MonkeyPatch.context() as patch:
            plant(patch)
            kept[plant] = visit([ONE], ids, GLANCE)
    return kept


def frames_of(streams: dict[str, Stream]) -> dict[str, list[str]]:
    """What came so far on each."""
    return {name: sorted(stream.frames) for name, stream in streams.items()}


def presser_of(name: str) -> world.Press:
    """One of the cast, pressing buttons."""
    return world.presser(client_of(name))


def metrics(ids: Ids) -> dict[str, list[str]]:
    """What the metrics tell each of the uncleared, but for what the machine says of itself."""
    told = {name: program_of(name, ids).get("/metrics") for name in UNCLEARED}
    return {
        name: [line for line in answer.content.decode().splitlines() if not MACHINE.match(line)]
        for name, answer in told.items()
    }


def number_rows_from(first: int) -> None:
    """The next row of each classed table gets that number."""
    with connection.cursor() as cursor:
        for model in classed_models():
            cursor.execute(f"ALTER SEQUENCE {model._meta.db_table}_id_seq RESTART WITH {first}")
