"""`manage.py run_due`: does what is due, without Redis or Celery, for as long as it runs."""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections

from ceoc import clock
from ceoc.ops import due, heartbeat
from ceoc.ops.edge import Edge

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    """The sweeps in a loop: the promise behind every wake-up that got lost."""

    help = "Runs every sweep, again and again. With --once each runs once: for a cron job, or for looking."

    def add_arguments(self, parser: CommandParser) -> None:
        """How often."""
        parser.add_argument("--once", action="store_true", help="run every sweep once and end")
        parser.add_argument("--every", type=float, default=due.EVERY, metavar="SECONDS", help="seconds between rounds")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Rounds until SIGTERM or Ctrl-C; the round at work is finished."""
        if options["once"]:
            self.stdout.write(f"{do_round()} done")
            return
        ending = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ending.set())
        log.info("run_due.started", sweeps=due.names(), every=options["every"])
        while not ending.is_set():
            began = time.monotonic()
            close_old_connections()
            do_round()
            ending.wait(max(0.0, options["every"] - (time.monotonic() - began)))


def do_round() -> int:
    """Every sweep once; how much was done. One that fails is logged and the others run."""
    done = 0
    for name in ("heartbeat", *due.names()):
        with Edge(log, "run_due.sweep_failed", sweep=name):
            try:
                if name == "heartbeat":
                    heartbeat.beat("run_due", clock.wall())
                else:
                    done += due.run(name, clock.now())
            except (OperationalError, InterfaceError) as error:
                log.warning("run_due.database_is_away", sweep=name, error=str(error).partition("\n")[0])
    return done
