"""The sweeps of the reads: each looks whether its lane has something to do, and starts it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ceoc import clock
from ceoc.ops.lanes import Lanes
from emergencies.ingest.reads import Lane

PATIENCE = 1.0
"""Seconds that a sweep waits for its lane; one that takes longer goes on by itself."""


def sweep_of(lane: Lane) -> Callable[[datetime], int]:
    """The sweep of a lane: looks whether something is due, starts the lane, and waits for it a moment."""

    def sweep(now: datetime) -> int:
        del now
        waiting = lane.count_due(clock.wall())
        if waiting:
            _lanes.run([lane], PATIENCE)
        return waiting

    return sweep


_lanes = Lanes(Lane.read_due)
