"""What Zendesk says of customers."""

from __future__ import annotations

from datetime import date

from emergencies.story.kinds.fact import Fact


class CustomerRead(Fact, frozen=True):
    """What Zendesk says of a customer at a time (ENT-1, ENT-3)."""

    kind = "customer_read"
    rank = 12
    name: str = ""
    plan: str = ""
    subscription_start: date | None = None
    subscription_end: date | None = None
    seats: int | None = None
    csm: str = ""
    product: str = ""
    zone: str = ""
    us_gov_support: str = ""
