"""Delivers whatever is due, each lane in a thread of its own, so that a vendor that hangs holds up its own lane alone.

`deliver_due` is the sweep `commands`: Celery calls it when something was queued, `manage.py run_due` every two seconds.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import datetime

import structlog
from django.db import Error as DatabaseError
from django.db import connections

from ceoc import clock
from ceoc.outbox.claim import Lane, claim, lanes_due
from ceoc.outbox.deliver import deliver, stale_outcome
from ceoc.outbox.models import Command
from ceoc.outbox.settle import settle

log = structlog.get_logger(__name__)

PATIENCE = 0.5
"""Seconds that a sweep waits for its lanes; one that takes longer goes on by itself."""
BATCH = 50
"""Commands of one run of a lane; the next sweep takes the rest."""


class Runs:
    """The lanes that are at work in this process: one thread each at most."""

    def __init__(self) -> None:
        self._threads: dict[Lane, threading.Thread] = {}
        self._again: set[Lane] = set()
        self._lock = threading.Lock()
        self._process = 0

    def start(self, lane: Lane) -> threading.Thread:
        """The thread that works on the lane: a new one, or the one that is at it and will look once more."""
        with self._lock:
            if self._process != os.getpid():  # a forked worker has none of its parent's threads
                self._process, self._threads, self._again = os.getpid(), {}, set()
            if lane in self._threads:
                self._again.add(lane)
                return self._threads[lane]
            thread = threading.Thread(target=self._work, args=(lane,), name=f"outbox {lane.name}")
            self._threads[lane] = thread
            thread.start()
            return thread

    def _work(self, lane: Lane) -> None:
        try:
            _run_safely(lane)
            while self._asked_again(lane):
                _run_safely(lane)
        finally:
            connections.close_all()

    def _asked_again(self, lane: Lane) -> bool:
        """Whether somebody asked for this lane while it was at work; if not, its thread is done."""
        with self._lock:
            again = lane in self._again
            self._again.discard(lane)
            if not again:
                self._threads.pop(lane, None)
            return again


_runs = Runs()


def deliver_due(now: datetime) -> int:
    """Starts the lanes that have something to do, waits a moment for them, and says how many there were."""
    lanes = lanes_due(clock.wall(), now)
    until = time.monotonic() + PATIENCE
    for thread in [_runs.start(lane) for lane in lanes]:
        thread.join(max(until - time.monotonic(), 0))
    return len(lanes)


def run(lane: Lane) -> int:
    """Delivers what is due in a lane until nothing is left or the vendor is in trouble; how many it tried.

    A process that ends waits for the command that its lanes have at a vendor, and for no other.
    """
    expire(lane, clock.now())
    tried = 0
    while tried < BATCH and threading.main_thread().is_alive() and (command := claim(lane, clock.wall())) is not None:
        tried += 1
        if not deliver(command, clock.now()):
            break
    return tried


def expire(lane: Lane, now: datetime) -> None:
    """Ends the wait of commands that are stale by the domain's clock, also behind others and between two tries."""
    waiting = Command.objects.filter(vendor=lane.vendor, account=lane.account, state__in=("queued", "will_retry"))
    for command in waiting.filter(expires_at__lte=now).order_by("id"):
        outcome = stale_outcome(command, now)
        if outcome is not None:
            settle(command, outcome, now)


def _run_safely(lane: Lane) -> None:
    try:
        run(lane)
    except DatabaseError as error:
        log.warning("outbox_lane_stopped", lane=lane.name, error=type(error).__name__)
    except Exception:  # the outermost edge of a worker's thread
        log.exception("outbox_lane_failed", lane=lane.name)
