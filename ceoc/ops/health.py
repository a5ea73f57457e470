"""What the health addresses tell. Not ready (503) is a process that can do nothing for anybody: its database is silent.

All else is degraded, with its cause and still 200: without Redis or a worker `run_due` does the work within seconds,
and a vendor that is stale or down is shown on the pages. Taking web processes out of service for those would take the
board away just when it is needed. Anybody may ask, so only what everybody may know is told: nothing of US Gov.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from ceoc.access.viewer import ANYBODY
from ceoc.ops import freshness, heartbeat

PATIENCE = 0.5
"""Seconds that Redis has to answer."""


def readiness(wall: datetime) -> dict[str, Any]:
    """`status` (ready, degraded, down), each part's state, and a sentence for each cause."""
    parts: dict[str, Any] = {
        "database": "up" if _database_answers() else "down",
        "redis": "up" if _redis_answers() else "down",
    }
    causes = [] if parts["redis"] == "up" else ["Redis does not answer; work is done by run_due, seconds later."]
    if parts["database"] == "down":
        return {"status": "down", "causes": ["The database does not answer.", *causes], **parts}
    runs = heartbeat.running(wall)
    parts |= {name: "up" if name in runs else "late" for name in ("worker", "run_due")}
    causes += _silent(runs)
    rows = freshness.all_for(ANYBODY, wall)
    parts["vendors"] = {_name(row): row.state for row in rows}
    causes += [f"{_name(row)} is {row.state}. {row.reason}".strip() for row in rows if row.state != "live"]
    return {"status": "degraded" if causes else "ready", "causes": causes, **parts}


def _silent(runs: set[str]) -> list[str]:
    if not runs:
        return ["Nothing that is due is done: neither a worker nor run_due ran for half a minute."]
    if "worker" not in runs:
        return ["No worker ran for half a minute; run_due does the work."]
    return [] if "run_due" in runs else ["run_due did not run for half a minute; the worker does the work."]


def _name(row: freshness.FreshnessRow) -> str:
    return f"{row.vendor} {row.account}".strip()


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return False
    return True


def _redis_answers() -> bool:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()
