"""The sweeps: functions that do whatever is due. Each app registers its own in AppConfig.ready.

A sweep is safe to run anywhere, at any time, several at once, and after any outage: the rows are the promise. Celery's
beat and `manage.py run_due` call the same functions; a wake-up (`ceoc.wake`) only calls one sooner.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Sweep = Callable[[datetime], int]
"""Takes `now` (as of `ceoc.clock.now`), does what is due, and says how much it did."""

EVERY = 2.0
"""Seconds between two runs of each sweep; with Redis down it is what everything waits for at most."""

_sweeps: dict[str, Sweep] = {}


def register(name: str, sweep: Sweep) -> None:
    """Adds a sweep; a name stands once, a second registration takes the first one's place."""
    _sweeps[name] = sweep


def names() -> list[str]:
    """All sweeps, in the order of registration."""
    return list(_sweeps)


def run(name: str, now: datetime) -> int:
    """Runs one sweep and says how much it did; raises KeyError for an unknown name, and whatever the sweep raises."""
    return _sweeps[name](now)
