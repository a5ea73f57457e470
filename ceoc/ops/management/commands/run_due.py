"""`manage.py run_due`: does what is due, without Redis or Celery, for as long as it runs."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections

from ceoc import clock
from ceoc.ops import due, heartbeat
from ceoc.ops.edge import Edge

log = structlog.get_logger(__name__)

ENDS = (signal.SIGTERM, signal.SIGINT)
HEARTBEAT = "heartbeat"
"""Comes first in each round, and is no sweep."""
GLANCE = 0.1
"""Seconds between two looks whether it is told to end."""


class Command(BaseCommand):
    """The sweeps in a loop: the promise behind every wake-up that got lost."""

    help = "Runs every sweep, again and again. With --once each runs once: for a cron job, or for looking."

    is_told_to_end = False

    def add_arguments(self, parser: CommandParser) -> None:
        """How often."""
        parser.add_argument("--once", action="store_true", help="run every sweep once and end")
        parser.add_argument("--every", type=float, default=due.EVERY, metavar="SECONDS", help="seconds between rounds")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Rounds until SIGTERM or Ctrl-C; the sweep at work is finished."""
        if options["once"]:
            self.stdout.write(f"{do_round()} done")
            return
        for number in ENDS:
            signal.signal(number, self._end)
        log.info("run_due.started", sweeps=due.names(), every=options["every"])
        while not self.is_told_to_end:
            until = time.monotonic() + options["every"]
            close_old_connections()
            do_round(lambda: self.is_told_to_end)
            while not self.is_told_to_end and (left := until - time.monotonic()) > 0:
                time.sleep(min(left, GLANCE))
        for number in ENDS:
            signal.signal(number, signal.SIG_IGN)  # it ends as it should, however often it is told

    def _end(self, *_: object) -> None:
        """A flag alone: what takes a lock here (threading.Event) waits for ever when it interrupts its own holder."""
        self.is_told_to_end = True


def do_round(is_over: Callable[[], bool] = lambda: False) -> int:
    """Every sweep once, or those before it `is_over`; how much was done. One that fails is logged, the others run."""
    done = 0
    for name in (HEARTBEAT, *due.names()):
        if is_over():
            break
        with Edge(log, "run_due.sweep_failed", sweep=name):
            try:
                if name == HEARTBEAT:
                    heartbeat.beat("run_due", clock.wall())
                else:
                    done += due.run(name, clock.now())
            except (OperationalError, InterfaceError) as error:
                log.warning("run_due.database_is_away", sweep=name, error=str(error).partition("\n")[0])
    return done
