"""Delivers whatever is due, each lane in a thread of its own, so that a vendor that hangs holds up its own lane alone.

`deliver_due` is the sweep `commands`: Celery calls it when something was queued, `manage.py run_due` every two seconds.
"""

from __future__ import annotations

import threading
from datetime import datetime

from ceoc import clock
from ceoc.ops.lanes import Lanes
from ceoc.outbox.claim import Lane, claim, lanes_due
from ceoc.outbox.deliver import deliver, stale_outcome
from ceoc.outbox.models import Command
from ceoc.outbox.settle import settle

PATIENCE = 0.5
"""Seconds that a sweep waits for its lanes; one that takes longer goes on by itself."""
BATCH = 50
"""Commands of one run of a lane; the next sweep takes the rest."""


def deliver_due(now: datetime) -> int:
    """Starts the lanes that have something to do, waits a moment for them, and says how many there were."""
    lanes = lanes_due(clock.wall(), now)
    _lanes.run(lanes, PATIENCE)
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


_lanes = Lanes(run, finishes=True)
