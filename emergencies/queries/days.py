"""Where days begin."""

from __future__ import annotations

from datetime import datetime, tzinfo


def day_began(now: datetime, zone: tzinfo) -> datetime:
    """The instant at which the day of `now` began in that zone."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
