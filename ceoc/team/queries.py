"""What the settings' pages show, as frozen rows. Each function says how many queries it makes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import msgspec

from ceoc.access.people import PersonCard, people_by_email
from ceoc.team import change, diff, kinds, store
from ceoc.team.diff import Line
from ceoc.team.kinds import Kind
from ceoc.team.models import Version

SHOWN = 30
"""Versions of the history that the page shows."""

NOT_READ = (
    "Version {number} was written in a form that this dashboard cannot read. Until somebody saves these settings "
    "again, what stood before it counts."
)


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the history: who made it when and why, and what it changed."""

    number: int
    by: str
    at: datetime
    why: str
    undoes: int | None
    lines: tuple[Line, ...]
    unread: bool
    """Whether it cannot be read any more."""
    may_be_undone: bool


class History(msgspec.Struct, frozen=True):
    """The newest versions of a kind, newest first."""

    kind: str
    made: tuple[Made, ...]
    more: bool
    """Whether there are older ones."""
    problem: str
    """What is wrong with the newest version, in a sentence; "" where nothing is."""


class Card(msgspec.Struct, frozen=True):
    """One kind in the list of all: what it decides, and who changed it last."""

    name: str
    words: str
    says: str
    number: int
    by: str
    at: datetime | None
    problem: str


class Meanwhile(msgspec.Struct, frozen=True):
    """What others changed since a form was opened."""

    by: tuple[str, ...]
    at: datetime
    why: str
    lines: tuple[Line, ...]


def cards() -> tuple[Card, ...]:
    """Every kind with its last change. Two queries."""
    newest = Version.objects.order_by("kind", "-number").distinct("kind")
    last = {version.kind: version for version in newest}
    people = people_by_email(version.by for version in last.values())
    return tuple(_card(kind, last.get(kind.name), people) for kind in kinds.all_kinds())


def history(kind: Kind) -> History:
    """The history of a kind. Two queries, one while nothing was ever changed."""
    rows = list(Version.objects.filter(kind=kind.name).order_by("-number")[: SHOWN + 1])
    people = people_by_email(row.by for row in rows)
    values = [store.value_of(row) for row in rows]
    pairs = zip(rows[:SHOWN], pairwise(_stood(kind, values)), strict=False)
    made = tuple(_made(kind, row, people[row.by].name, stood, newest=row is rows[0]) for row, stood in pairs)
    return History(kind.name, made, len(rows) > SHOWN, _problem(rows[0], values[0]) if rows else "")


def meanwhile(kind: Kind, base: int) -> Meanwhile | None:
    """What others changed since version `base`; none where nothing was. Two queries, three with a change."""
    rows = list(Version.objects.filter(kind=kind.name, number__gte=base).order_by("number"))
    new = [row for row in rows if row.number > base]
    if not new:
        return None
    people = people_by_email(row.by for row in new)
    was = next((store.value_of(row) for row in rows if row.number == base), None)
    before = change.value_before(kind, base + 1) if was is None else was
    now = store.value_of(new[-1])
    names = tuple(dict.fromkeys(people[row.by].name for row in new))
    lines = diff.lines(kind, before, now) if now is not None else ()
    return Meanwhile(names, new[-1].valid_from, new[-1].why, lines)


def _stood(kind: Kind, values: Sequence[Any]) -> list[Any]:
    """Of values from newest to oldest, none for what cannot be read: what counted under each, and before the oldest."""
    stood = [kind.default]
    for value in reversed(values):
        stood.append(stood[-1] if value is None else value)
    return stood[::-1]


def _made(kind: Kind, row: Version, by: str, stood: tuple[Any, Any], *, newest: bool) -> Made:
    """A version as the history tells it; `stood` is what counted from it on, and before it."""
    return Made(
        number=row.number,
        by=by,
        at=row.valid_from,
        why=row.why,
        undoes=row.undoes,
        lines=diff.lines(kind, stood[1], stood[0]),
        unread=store.value_of(row) is None,
        may_be_undone=newest,
    )


def _card(kind: Kind, last: Version | None, people: dict[str, PersonCard]) -> Card:
    if last is None:
        return Card(kind.name, kind.words, kind.says, 0, "", None, "")
    problem = _problem(last, store.value_of(last))
    return Card(kind.name, kind.words, kind.says, last.number, people[last.by].name, last.valid_from, problem)


def _problem(row: Version, value: Any) -> str:
    return NOT_READ.format(number=row.number) if value is None else ""
