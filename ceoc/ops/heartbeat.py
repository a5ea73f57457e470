"""Proves that what should never stop still runs, in real time: Celery's worker, and `manage.py run_due`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Q

from ceoc.ops.models import Heartbeat

Name = Literal["worker", "run_due"]

LATE_AFTER = timedelta(seconds=30)
AT_MOST_EVERY = timedelta(seconds=2)


def beat(name: Name, wall: datetime) -> None:
    """Notes that it runs; writes nothing when that was noted a moment ago."""
    row = Heartbeat.objects.filter(name=name)
    if row.filter(Q(at__lt=wall - AT_MOST_EVERY) | Q(at__gt=wall)).update(at=wall) == 0:
        Heartbeat.objects.bulk_create([Heartbeat(name=name, at=wall)], ignore_conflicts=True)


def running(wall: datetime) -> set[str]:
    """The names of those that ran within the last half minute (one query)."""
    return set(Heartbeat.objects.filter(at__gte=wall - LATE_AFTER).values_list("name", flat=True))
