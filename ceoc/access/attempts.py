"""Limits on what strangers try, counted in the database: it is asked before any door opens anyway, so that nothing else
can be down and leave the door open.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import connection

from ceoc.access.models import Attempts

QUARTER = timedelta(minutes=15)
KEPT = timedelta(days=1)

COUNT = """
INSERT INTO access_attempts AS kept (key, began_at, tries) VALUES (%s, %s, 1)
    ON CONFLICT (key, began_at) DO UPDATE SET tries = kept.tries + 1 RETURNING tries
"""
TAKE_BACK = "UPDATE access_attempts SET tries = GREATEST(tries - 1, 0) WHERE key = %s AND began_at = %s"


def count(purpose: str, whose: str, wall: datetime) -> int:
    """Counts one more try, and says the how manieth it is in this quarter of an hour. Two at once are two."""
    began_at = _quarter(wall)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [_key(purpose, whose), began_at])
        tries = int(cursor.fetchone()[0])
    if tries == 1:
        Attempts.objects.filter(began_at__lt=began_at - KEPT).delete()
    return tries


def take_back(purpose: str, whose: str, wall: datetime) -> None:
    """A try that was right does not count."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_BACK, [_key(purpose, whose), _quarter(wall)])


def _quarter(wall: datetime) -> datetime:
    return wall.replace(minute=wall.minute // 15 * 15, second=0, microsecond=0)


def _key(purpose: str, whose: str) -> str:
    """What strangers typed is not kept, only its hash."""
    return hashlib.sha256(f"{purpose}\0{whose}".encode()).hexdigest()
