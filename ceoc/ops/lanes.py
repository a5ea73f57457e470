"""Lanes: work that a vendor may hold up, each in a thread of its own, so that one that hangs holds up itself alone."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Hashable, Iterable
from typing import Generic, Protocol, TypeVar

import structlog
from django.db import Error as DatabaseError
from django.db import connections

from ceoc.ops.edge import Edge

log = structlog.get_logger(__name__)


class Named(Hashable, Protocol):
    """A lane, by its name."""

    @property
    def name(self) -> str:
        """What stands in logs and thread lists."""


L = TypeVar("L", bound=Named)


class Lanes(Generic[L]):
    """The lanes of one kind that are at work in this process: one thread each at most."""

    def __init__(self, work: Callable[[L], object], *, finishes: bool = False) -> None:
        """`finishes`: a process that is told to end waits for the lanes at work (what is at a vendor is settled)."""
        self._work = work
        self._finishes = finishes
        self._threads: dict[L, threading.Thread] = {}
        self._again: set[L] = set()
        self._lock = threading.Lock()
        self._process = 0

    def run(self, lanes: Iterable[L], patience: float) -> None:
        """Starts the lanes and waits for them, `patience` seconds in all; one that takes longer goes on by itself."""
        until = time.monotonic() + patience
        for thread in [self.start(lane) for lane in lanes]:
            thread.join(max(until - time.monotonic(), 0))

    def start(self, lane: L) -> threading.Thread:
        """The thread that works on the lane: a new one, or the one that is at it and will look once more."""
        with self._lock:
            if self._process != os.getpid():  # a forked worker has none of its parent's threads
                self._process, self._threads, self._again = os.getpid(), {}, set()
            if lane in self._threads:
                self._again.add(lane)
                return self._threads[lane]
            thread = threading.Thread(target=self._run, args=(lane,), name=lane.name, daemon=not self._finishes)
            self._threads[lane] = thread
            thread.start()
            return thread

    def _run(self, lane: L) -> None:
        try:
            self._run_safely(lane)
            while self._asked_again(lane):
                self._run_safely(lane)
        finally:
            connections.close_all()

    def _asked_again(self, lane: L) -> bool:
        """Whether somebody asked for this lane while it was at work; if not, its thread is done."""
        with self._lock:
            again = lane in self._again
            self._again.discard(lane)
            if not again:
                self._threads.pop(lane, None)
            return again

    def _run_safely(self, lane: L) -> None:
        with Edge(log, "lane_failed", lane=lane.name):
            try:
                self._work(lane)
            except DatabaseError as error:
                log.warning("lane_stopped", lane=lane.name, error=type(error).__name__)
