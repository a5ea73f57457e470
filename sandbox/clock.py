"""The demo clock as the product tells it: one line from real time to demo time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sandbox.store import Doc, Store


class DemoClock:
    """Demo now = demo_start + (wall - real_start) × rate; kept in the store, so that a restart does not move it."""

    def __init__(self, store: Store, offset: float) -> None:
        """`offset` (seconds) is where demo time stands from real time when the store holds no clock yet."""
        self._store = store
        self._pinned: datetime | None = None
        if store.get("meta", "clock") is None:
            wall = time.time()
            store.put("meta", "clock", {"real_start": wall, "demo_start": wall + offset, "rate": 1.0})

    @property
    def line(self) -> Doc:
        """real_start and demo_start (seconds since the epoch) and rate."""
        return self._store.need("meta", "clock")

    def set(self, real_start: float, demo_start: float, rate: float) -> None:
        """Take a new line, as `POST /clock` tells it."""
        self._store.put("meta", "clock", {"real_start": real_start, "demo_start": demo_start, "rate": rate})

    @contextmanager
    def pinned(self, moment: datetime) -> Iterator[None]:
        """Inside it is that time: for what happened before a scenario began."""
        self._pinned = moment
        try:
            yield
        finally:
            self._pinned = None

    def now(self) -> datetime:
        """The demo's present time (UTC)."""
        if self._pinned:
            return self._pinned
        line = self.line
        seconds = line["demo_start"] + (time.time() - line["real_start"]) * line["rate"]
        return datetime.fromtimestamp(seconds, UTC)

    def wall(self) -> float:
        """Real time in seconds since the epoch: signatures and retries run on it."""
        return time.time()


def iso(moment: datetime) -> str:
    """A time as the vendors write it: UTC, whole seconds, `Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_ms(moment: datetime) -> str:
    """The same with milliseconds, as PagerDuty's webhooks and Zendesk's events write it."""
    moment = moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def parse(text: str) -> datetime:
    """A time in RFC 3339 (no zone: UTC); raises ValueError."""
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
