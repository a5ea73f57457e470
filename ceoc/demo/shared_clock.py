"""The demo's clock: one row that all processes read, kept for a moment so that reading the time costs nothing.

A change is announced to every open page when it commits, and felt everywhere after `FELT_AFTER`; who moves the clock to
another date waits that long before anything happens there, so that no process sees tomorrow's news with yesterday's
clock.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError, InterfaceError, transaction

from ceoc import clock
from ceoc.access.classes import GLOBAL
from ceoc.clock import Line
from ceoc.demo.models import THE_ONE, DemoClock
from ceoc.live.announce import announce

KEPT_FOR = 0.25
"""Seconds for which a process trusts what it read."""
FELT_AFTER = 0.3

RATES = (1, 10, 60)
"""What the bar offers."""
FASTEST = 600


class _Kept:
    """What this process read last, and until when (monotonic seconds) it is trusted."""

    line: Line | None = None
    scenario: str = ""
    until: float = 0.0


def read() -> Line:
    """The present line. While the database does not answer, the one that was read last."""
    if _Kept.line is None or time.monotonic() >= _Kept.until:
        try:
            row = DemoClock.objects.filter(offset=settings.CEOC_NOW_OFFSET).first()
        except (DatabaseError, InterfaceError):
            return _Kept.line or from_offset()
        _Kept.line, _Kept.scenario = (row.line, row.scenario) if row else (from_offset(), "")
        _Kept.until = time.monotonic() + KEPT_FOR
    return _Kept.line


def scenario() -> str:
    """The scenario that was played last, as of the last `read`; empty when none was, or the clock began anew since."""
    return _Kept.scenario


def forget() -> None:
    """Makes this process read the row again."""
    _Kept.line, _Kept.scenario, _Kept.until = None, "", 0.0


def from_offset() -> Line:
    """Real time, moved by CEOC_NOW_OFFSET seconds."""
    start = clock.REAL_TIME.real_start
    return Line(start, start + timedelta(seconds=settings.CEOC_NOW_OFFSET))


def draw(*, at: datetime, rate: float, wall: datetime, scenario: str | None = None) -> Line:
    """Draws a new line through `at` now (`wall`), keeps it, and announces `clock`, in one transaction.

    `scenario` names what was played; None leaves the name.

    Raises ValueError for a rate that is not above 0 and at most 600.
    """
    if not 0 < rate <= FASTEST:
        raise ValueError(f"The clock runs at most {FASTEST} times as fast, and never stands or goes back.")
    values = {"real_start": wall, "demo_start": at, "rate": rate, "offset": settings.CEOC_NOW_OFFSET}
    if scenario is not None:
        values["scenario"] = scenario
    with transaction.atomic():
        row, _ = DemoClock.objects.update_or_create(id=THE_ONE, defaults=values)
        announce(["clock"], GLOBAL)
        transaction.on_commit(forget)
    forget()
    return row.line


def wait_until_felt() -> None:
    """Waits until every process reads the new line."""
    time.sleep(FELT_AFTER)
