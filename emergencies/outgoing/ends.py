"""The end of a command as an entry of its emergency's timeline, in the transaction that ends it."""

from __future__ import annotations

from datetime import datetime

from ceoc.outbox.kinds import Settled
from emergencies.story import kinds as k
from emergencies.story.entries import Ref
from emergencies.timeline.drafts import Draft
from emergencies.timeline.record import record


def settled(one: Settled, now: datetime) -> None:
    """Records that a command was delivered, refused, put aside or overtaken; nothing where it has no emergency."""
    order = one.order
    if not order.group:
        return
    draft = Draft(
        subject=Ref("emergency", order.group),
        fact=_fact(one),
        at=now,
        key=f"command_{one.end}:{order.id}:{order.attempts}",
        actor=one.by,
    )
    record(entries=[draft], now=now)


def _fact(one: Settled) -> k.Fact:
    order = one.order
    if one.end == "delivered":
        return k.CommandDelivered(command=order.id, act=order.kind)
    if one.end == "refused":
        return k.CommandRefused(command=order.id, act=order.kind, reason=one.reason)
    return k.CommandDismissed(command=order.id, act=order.kind, why=one.reason)
