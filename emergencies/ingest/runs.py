"""Runs each lane of reads in a thread of its own, so that a vendor that hangs holds up its own lane and no sweep."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import datetime

import structlog
from django.db import Error as DatabaseError
from django.db import connections

from ceoc import clock
from emergencies.ingest.reads import Lane

log = structlog.get_logger(__name__)

PATIENCE = 1.0
"""Seconds that a sweep waits for its lane; one that takes longer goes on by itself."""


class Runs:
    """The lanes that are at work in this process: one thread each at most."""

    def __init__(self) -> None:
        self._threads: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()
        self._process = 0

    def start(self, lane: Lane) -> threading.Thread:
        """The thread that works on the lane, a new one unless one is at it."""
        with self._lock:
            if self._process != os.getpid():  # a forked worker has none of its parent's threads
                self._process, self._threads = os.getpid(), {}
            thread = self._threads.get(lane.name)
            if thread is None or not thread.is_alive():
                thread = threading.Thread(target=_work, args=(lane,), name=lane.name, daemon=True)
                self._threads[lane.name] = thread
                thread.start()
            return thread


_runs = Runs()


def sweep_of(lane: Lane) -> Callable[[datetime], int]:
    """The sweep of a lane: looks whether something is due, starts the lane, and waits for it a moment."""

    def sweep(now: datetime) -> int:
        waiting = lane.count_due(clock.wall())
        if waiting:
            _runs.start(lane).join(PATIENCE)
        return waiting

    return sweep


def _work(lane: Lane) -> None:
    try:
        lane.read_due(clock.now())
    except DatabaseError as error:
        log.warning("reads.stopped", lane=lane.name, error=type(error).__name__)
    except Exception:
        log.exception("reads.failed", lane=lane.name)
    finally:
        connections.close_all()
