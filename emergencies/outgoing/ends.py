"""The end of a command as an entry of its emergency's timeline, in the transaction that ends it."""

from __future__ import annotations

from datetime import datetime

from ceoc.access.models import Person
from ceoc.live.announce import announce
from ceoc.outbox.kinds import Order, Settled
from emergencies import models
from emergencies.story import kinds as k
from emergencies.story.entries import Ref
from emergencies.timeline.drafts import Draft
from emergencies.timeline.record import record

AUDIENCES = {"public_reply": "public", "internal_note": "internal", "thread_reply": "thread", "slack_post": "thread"}
"""Kinds that carry what a person wrote in the composer, and in which of its three parts."""


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
    if one.end == "dismissed":
        give_back(order, one.by, now)


def give_back(order: Order, by: str, now: datetime) -> None:
    """A text that its writer takes back or puts aside is in their composer again, below what they wrote since."""
    text, audience = order.text("text"), AUDIENCES.get(order.kind)
    person = Person.objects.filter(email=by.lower()).first() if by == order.by else None
    emergency = models.Emergency.objects.filter(public_id=order.group).first()
    if not text or not audience or person is None or emergency is None:
        return
    mine = {"person": person, "emergency": emergency, "audience": audience}
    kept = models.Draft.objects.select_for_update().filter(**mine).first()
    if kept is None:
        models.Draft.objects.create(**mine, text=text, begun_at=order.queued_at, kept_at=now)
    elif text not in kept.text:
        kept.text, kept.kept_at = f"{kept.text}\n\n{text}", now
        kept.save(update_fields=["text", "kept_at"])
    announce([f"person:{person.pk}"], order.klass)


def _fact(one: Settled) -> k.Fact:
    order = one.order
    if one.end == "delivered":
        return k.CommandDelivered(command=order.id, act=order.kind)
    if one.end == "refused":
        return k.CommandRefused(command=order.id, act=order.kind, reason=one.reason)
    return k.CommandDismissed(command=order.id, act=order.kind, why=one.reason)
