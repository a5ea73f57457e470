"""The vendors' freshness in words, for the bar of every page and for its live update."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from ceoc.access.classes import Sees
from ceoc.ops import freshness
from ceoc.vendors.names import NAMES

ACCOUNTS = {"": "", "global": "", "us_gov": " US Gov"}
WORDS = {"live": "heard", "stale": "not heard since", "down": "down since"}
WORST = {"live": "all live", "stale": "one is stale", "down": "one is down"}


class Vendor(msgspec.Struct, frozen=True):
    """One vendor's account as the bar tells of it."""

    name: str
    state: freshness.State
    words: str
    at: datetime | None
    reason: str


def shown(viewer: Sees | None, wall: datetime) -> dict[str, Any]:
    """What components/vendors.html needs. One query. Never a figure that depends on the clock."""
    rows = [_vendor(row) for row in freshness.all_for(viewer, wall)]
    worst = max((row.state for row in rows), key=list(WORST).index, default="live")
    return {"vendors": rows, "worst": worst, "worst_words": WORST[worst]}


def _vendor(row: freshness.FreshnessRow) -> Vendor:
    at = row.since if row.state == "down" else row.heard_at
    words = WORDS[row.state] if at else "not heard yet"
    return Vendor(
        NAMES.get(row.vendor, row.vendor) + ACCOUNTS.get(row.account, ""),
        row.state,
        words,
        at,
        row.reason if at else "",
    )
