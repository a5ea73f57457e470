"""The time. Read at the edges only (page, webhook, task, command), once, and handed down as `now`.

`wall()` is real time: sessions, signatures, leases, retries, heartbeats, freshness. `now()` is when emergencies
live: the same, except in DEMO, where all processes share a clock that may stand on another date and run faster.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec


class Line(msgspec.Struct, frozen=True):
    """A clock as a straight line: at `real_start` it showed `demo_start`; it runs `rate` times as fast as real time."""

    real_start: datetime
    demo_start: datetime
    rate: float = 1.0

    def at(self, wall: datetime) -> datetime:
        """What the clock shows at that real time."""
        return self.demo_start + (wall - self.real_start) * self.rate


REAL_TIME = Line(datetime(2000, 1, 1, tzinfo=UTC), datetime(2000, 1, 1, tzinfo=UTC))


def real_line() -> Line:
    """The clock outside DEMO: real time."""
    return REAL_TIME


_readers: list[Callable[[], Line]] = [real_line]
_forgetters: list[Callable[[], None]] = []


def read_from(reader: Callable[[], Line], forget: Callable[[], None] | None = None) -> None:
    """Lets another clock be read from now on; ceoc.demo does so at its start when DEMO is on.

    `forget` makes the reader read anew what it keeps for a moment.
    """
    _readers[:] = [reader]
    _forgetters[:] = [forget] if forget else []


def was_set() -> None:
    """The clock was set, perhaps in another process: whatever is kept of it here is read anew."""
    for forget in _forgetters:
        forget()


def line() -> Line:
    """The clock as it runs now."""
    return _readers[0]()


def wall() -> datetime:
    """Real time, UTC."""
    return datetime.now(UTC)


def now() -> datetime:
    """The time that emergencies live in, UTC. In DEMO it may read the database: call it from synchronous code."""
    return line().at(wall())


def rate() -> float:
    """How many times as fast as real time `now` runs."""
    return line().rate
