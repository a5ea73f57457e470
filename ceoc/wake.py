"""Wakes work up after a commit, so that it need not wait for the next sweep. Best effort: the sweep is the promise.

A request only rings a bell; one background thread of the process sends the task. Redis slow or down is felt by nobody.
"""

from __future__ import annotations

import os
import threading
import time

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

from ceoc.celery import app

log = structlog.get_logger(__name__)

TASK = "ceoc.ops.tasks.sweep"
EXPIRES = 30
"""Seconds after which a wake-up that nobody took is dropped: the sweep has come by then."""

REST = 0.05
"""Seconds between two rounds of sending: what rings meanwhile is sent once, so that a burst is not slowed by its
bell."""


class Bell:
    """Rings for names of sweeps. Names that ring again before they are sent are sent once."""

    def __init__(self) -> None:
        self._waiting: set[str] = set()
        self._changed = threading.Condition()
        self._process = 0
        self._is_down = False

    def ring(self, name: str) -> None:
        """Asks for a sweep to be woken; returns at once."""
        with self._changed:
            self._waiting.add(name)
            if self._process != os.getpid():  # the first ring, also of a worker that was forked
                self._process = os.getpid()
                threading.Thread(target=self._run, name="wake", daemon=True).start()
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._waiting))
                names, self._waiting = self._waiting, set()
            for name in sorted(names):
                self._send(name)
            time.sleep(REST)

    def _send(self, name: str) -> None:
        """One task; when the broker cannot be reached that is told once, not for every ring."""
        try:
            app.send_task(TASK, args=[name], expires=EXPIRES, retry=False, ignore_result=True)
        except (OperationalError, OSError) as error:
            if not self._is_down:
                log.warning("wake.broker_is_down", error=type(error).__name__)
            self._is_down = True
            return
        self._is_down = False


_bell = Bell()


def wake(name: str) -> None:
    """After the present transaction commits (at once without one), wakes the sweep of that name (`ceoc.ops.due`)."""
    transaction.on_commit(lambda: _bell.ring(name), robust=True)
