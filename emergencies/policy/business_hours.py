"""When the US Gov business hours begin again (GOV-1, GOV-5). Pure; instants in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from emergencies.policy.registry import rule
from emergencies.policy.stage import GOV_BEGINS
from schedules.policy.regions import ZONES


@rule("GOV-5", "GOV-1")
def follow_up_from(made_at: datetime) -> datetime | None:
    """The first 05:00 Pacific after a ticket was made, by Pacific clocks: 23 or 25 hours on, where they change."""
    local = made_at.astimezone(ZONES["US_GOV"])
    today = local.replace(hour=GOV_BEGINS.hour, minute=GOV_BEGINS.minute, second=0, microsecond=0, fold=0)
    next_time = today if local < today else (today + timedelta(days=1))
    return next_time.astimezone(UTC)
