"""Regions, their zones and their weekends (readings.md, 'Time and place'). Pure; instants are aware, UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

Region = Literal["AMER", "EMEA", "APAC", "US_GOV"]

ZONES: dict[Region, ZoneInfo] = {
    "AMER": ZoneInfo("America/New_York"),
    "EMEA": ZoneInfo("Europe/Amsterdam"),
    "APAC": ZoneInfo("Asia/Singapore"),
    "US_GOV": ZoneInfo("America/Los_Angeles"),
}

REGION_OF_POLICY: dict[str, Region] = {
    "Customer Emergencies AMER": "AMER",
    "Customer Emergencies EMEA": "EMEA",
    "Customer Emergencies APAC": "APAC",
    "APAC Backup Engineers": "APAC",
    "US Government Emergencies": "US_GOV",
}
"""Which region an escalation policy of PagerDuty serves (vocabulary.md, 'Names at the vendors'), while the team has not
said otherwise."""

_SATURDAY = 5


def is_weekend(region: Region, at: datetime) -> bool:
    """Whether it is the region's Saturday 00:00 to Monday 00:00, by its own clocks."""
    return at.astimezone(ZONES[region]).weekday() >= _SATURDAY
