"""Fold, judgement and projection of a timeline of 200 entries, against decoding the entries and writing the row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial

import msgspec
from django.db import transaction

from emergencies.models import Emergency
from emergencies.policy.judge import judge
from emergencies.story import kinds as k
from emergencies.story.entries import Entry
from emergencies.story.fold import fold
from emergencies.timeline.empty import empty
from emergencies.timeline.project import columns, project
from emergencies.timeline.read import timelines
from emergencies.timeline.record import record
from emergencies.timeline.team import judged_by
from tests.bench.figures import Figures, beside, milliseconds
from tests.emergencies.world import MIRA, NOW, Trouble, ago, seen

ENTRIES = 200


def run(*, quick: bool) -> Iterator[Figures]:
    """The pure steps, and all of it with the database as `record` does it."""
    emergency = _long()
    entries = timelines([emergency])[emergency.pk]
    story = fold(emergency.public_id, entries, "global")
    team = judged_by()
    plain = [msgspec.to_builtins(entry.fact) for entry in entries]
    decoding, writing = partial(_decode, entries, plain), "writing the row alone"
    steps: dict[str, tuple[Callable[[], object], Callable[[], object], str]] = {
        "fold": (lambda: fold(emergency.public_id, entries, "global"), decoding, "decoding the entries"),
        "judge": (lambda: judge(story, NOW), decoding, "decoding the entries"),
        "judge and project": (lambda: columns(story, team, "A title", NOW), decoding, "decoding the entries"),
        "read, fold, judge, project and write": (partial(_project, emergency), emergency.save, writing),
    }
    for what, (work, reference, against) in steps.items():
        value, plainly = milliseconds(0.1 if quick else 2.0, work, reference)
        yield beside(what, "ms", value, plainly, against, entries=len(entries))
    empty()


def _decode(entries: list[Entry], plain: list[dict[str, object]]) -> None:
    for entry, data in zip(entries, plain, strict=True):
        k.read(entry.fact.kind, 1, data)


def _project(emergency: Emergency) -> None:
    """What follows a change: all entries are read, told and judged, and the row is written."""
    with transaction.atomic():
        entries = timelines([emergency])[emergency.pk]
        project(emergency, fold(emergency.public_id, entries, "global"), entries, NOW)


def _long() -> Emergency:
    """An emergency of a long night: replies from both sides and notes, until there are 200 entries."""
    empty()
    trouble = Trouble("Northwind Robotics", 1).pages(400, "Gitaly storage full").acknowledged(398)
    emergency = trouble.row
    missing = ENTRIES - len(timelines([emergency])[emergency.pk])
    facts = (k.PublicReply(), k.CustomerReply(), k.InternalNote())
    told = [
        seen(
            trouble.ticket, facts[number % 3], ago(390) + timedelta(minutes=number),
            trouble.requester if number % 3 == 1 else MIRA, body="A few words about the state of things.",
        )
        for number in range(missing)
    ]  # fmt: skip
    record(sightings=told, now=NOW)
    return Emergency.objects.get(pk=emergency.pk)
