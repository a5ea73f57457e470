"""In whose name an order is done: its person's own, by the address that the vendor knows them by (security.md 9)."""

from __future__ import annotations

from ceoc.outbox.kinds import Order
from ceoc.people import seats


def at_pagerduty(email: str) -> str:
    """The address of that person in PagerDuty: their own, unless they were matched by hand. One query."""
    return seats.address(email, "pagerduty", "")


def at_zendesk(order: Order) -> str:
    """The address in the order's Zendesk account of whoever wanted it. One query."""
    return seats.address(order.by, "zendesk", order.account)
