"""The settings as they stand, and as they stood at any instant.

What was read is kept in the process and asked for again after two seconds, at once where an announcement tells that it
changed (`forget`), and whenever a writer has to be sure (`sure`). Keeping and asking again cost one query.
"""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import msgspec
import structlog
from django.db.models import Count, Max

from ceoc.team import kinds
from ceoc.team.models import Version

log = structlog.get_logger(__name__)

KEPT_FOR = 2.0
"""Seconds for which a process trusts what it read."""

Standing = tuple[tuple[datetime, Any], ...]
"""The readable versions of a kind in order of number: since when, and the value."""


class Kept(msgspec.Struct, frozen=True):
    """What a process knows of all versions."""

    stamp: tuple[int, int]
    """How many versions there are, and the newest row's id."""
    versions: dict[str, Standing]
    until: float
    """Monotonic seconds until which it is trusted."""


_kept: list[Kept] = []
_unreadable: set[int] = set()
"""Rows that this process has said it cannot read."""


def current(name: str, at: datetime | None = None) -> Any:
    """The value that stands now, or that stood at `at`. Mostly no query, else one."""
    return value_at(name, standing(name), at)


def value_at(name: str, versions: Standing, at: datetime | None) -> Any:
    """Of a kind's versions the value that stood at `at`, the newest for none; the default before the first."""
    found = (value for since, value in reversed(versions) if at is None or since <= at)
    return next(found, kinds.get(name).default)


def standing(name: str, *, sure: bool = False) -> Standing:
    """Every readable version of a kind. With `sure` nothing older than this call is answered: one query, two after a
    change. A writer asks so while it holds the lock of what it writes."""
    return known(sure=sure).versions.get(name, ())


def known(*, sure: bool = False) -> Kept:
    """What is known of all versions."""
    kept = next(iter(_kept), None)
    if kept is None or time.monotonic() >= kept.until or (sure and kept.stamp != stamp()):
        kept = remember(list(Version.objects.order_by("pk")), KEPT_FOR)
    return kept


def stamp() -> tuple[int, int]:
    """What tells whether anything was added: ids alone do not come in the order of commits. One query."""
    found = Version.objects.aggregate(rows=Count("pk"), last=Max("pk"))
    return found["rows"], found["last"] or 0


def remember(rows: list[Version], seconds: float) -> Kept:
    """Keeps these versions as all there are, for so many seconds."""
    versions: dict[str, list[tuple[datetime, Any]]] = {}
    for row in rows:
        value = value_of(row)
        if value is not None:
            versions.setdefault(row.kind, []).append((row.valid_from, value))
    found = {name: tuple(some) for name, some in versions.items()}
    kept = Kept((len(rows), max((row.pk for row in rows), default=0)), found, time.monotonic() + seconds)
    _kept[:] = [kept]
    return kept


def forget() -> None:
    """The settings changed, perhaps in another process: they are read anew."""
    _kept.clear()


def value_of(row: Version) -> Any:
    """The value that a row holds; none where its kind is gone or it cannot be read, which is logged once and shown."""
    kind = kinds.find(row.kind)
    value = kinds.read(kind, row.shape, row.value) if kind else None
    if value is None and row.pk not in _unreadable:
        _unreadable.add(row.pk)
        log.error("settings.unreadable", kind=row.kind, number=row.number, shape=row.shape)
    return value
