"""What goes to PagerDuty: acknowledge, resolve, ring again, note, call a colleague (PAGE-2, PAGE-9, PAGE-13)."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings

from ceoc import clock
from ceoc.access.people import people_by_email
from ceoc.outbox.kinds import Kind, Moot, Order, Sent
from ceoc.vendors import pagerduty
from ceoc.vendors.errors import Refused
from ceoc.vendors.pagerduty_shapes import PageRead
from emergencies.ingest import pagerduty as ingest
from emergencies.ingest import reads
from emergencies.outgoing import fresh
from emergencies.outgoing.acting import at_pagerduty
from emergencies.outgoing.ends import settled
from emergencies.policy.services import class_of
from emergencies.timeline import team

KEY = "ceoc-"
"""How the incident keys of our own pages begin."""
CLOCKS_APART = timedelta(minutes=2)
"""By how much PagerDuty's clock may be behind ours when a note is looked for."""


def send_acknowledge(order: Order) -> Sent:
    """Acknowledges as the person who pressed."""
    page = pagerduty.door().acknowledge(order.object_id, at_pagerduty(order.by))
    return Sent({"status": page.status}, partial(ingest.answered, page))


def look_acknowledged(order: Order) -> Sent | None:
    """Acknowledged by this person already; Moot when by somebody else, or over."""
    page = pagerduty.door().page(order.object_id)
    holders = [one.by.email for one in page.acknowledgements]
    if page.status == "acknowledged" and at_pagerduty(order.by).lower() in holders:
        return Sent({"status": page.status}, partial(ingest.answered, page))
    _still_rings(page)
    return None


def check_rings(order: Order, _now: datetime) -> None:
    """Moot as soon as somebody has acknowledged or resolved it."""
    _still_rings(pagerduty.door().page(order.object_id))


def send_resolve(order: Order) -> Sent:
    """Resolves as the person who pressed."""
    page = pagerduty.door().resolve(order.object_id, at_pagerduty(order.by))
    return Sent({"status": page.status}, partial(ingest.answered, page))


def look_resolved(order: Order) -> Sent | None:
    """Resolved by now, whoever did it: what was wanted is so."""
    page = pagerduty.door().page(order.object_id)
    return Sent({"status": page.status}, partial(ingest.answered, page)) if page.status == "resolved" else None


def check_may_resolve(order: Order, now: datetime) -> None:
    """Moot when it is resolved already; Refused while nobody wrote to the customer (PAGE-9)."""
    if pagerduty.door().page(order.object_id).status == "resolved":
        raise Moot("The page is resolved already.")
    fresh.customer_was_contacted(order, now)


def send_ring_again(order: Order) -> Sent:
    """Lets it ring again."""
    page = pagerduty.door().ring_again(order.object_id, at_pagerduty(order.by))
    return Sent({"status": page.status}, partial(ingest.answered_ring, page, order.by))


def look_rings(order: Order) -> Sent | None:
    """It rings, whoever let it."""
    page = pagerduty.door().page(order.object_id)
    return (
        Sent({"status": page.status}, partial(ingest.answered_ring, page, order.by))
        if page.status == "triggered"
        else None
    )


def check_is_quiet(order: Order, _now: datetime) -> None:
    """Moot when it rings already."""
    if pagerduty.door().page(order.object_id).status == "triggered":
        raise Moot("The page rings already.")


def send_note(order: Order) -> Sent:
    """Writes the note."""
    note = pagerduty.door().note(order.object_id, order.text("text"), at_pagerduty(order.by))
    return Sent({"note": note.id}, partial(ingest.answered_note, note, order.by))


def look_note(order: Order) -> Sent | None:
    """A note of this person with this text, since it was asked for."""
    by = at_pagerduty(order.by).lower()
    for note in pagerduty.door().notes(order.object_id):
        is_new = note.at is None or note.at >= order.queued_at - CLOCKS_APART
        if is_new and note.by.email == by and note.text.strip() == order.text("text").strip():
            return Sent({"note": note.id}, partial(ingest.answered_note, note, order.by))
    return None


def send_call(order: Order) -> Sent:
    """Rings the colleague with a page of our own, a summons. It names no customer: many read PagerDuty's lists."""
    caller = people_by_email([order.by]).get(order.by)
    text, address = order.text("text"), f"{settings.CEOC_URL}/emergencies/{order.group}/"
    try:
        page = pagerduty.door().call_colleague(
            at_pagerduty(order.text("to")),
            title=f"{caller.name if caller else order.by} asks you to help with an emergency",
            body=f"{text}\n\n{address}" if text else address,
            key=KEY + order.id,
            by=at_pagerduty(order.by),
            service=service_to_call(order),
        )
    except Refused as error:
        there = look_call(order) if error.status == 400 else None  # an open page has this key: it was sent before
        if there is None:
            raise
        return there
    return _called(page)


def service_to_call(order: Order) -> str:
    """The service that a colleague is called on: one of the portal that the matter belongs to, no other (PAGE-13)."""
    name = team.services(sure=True).to_call(class_of(order.klass))
    if not name:
        raise Refused("No PagerDuty service is set for this portal. A manager names one under Settings.")
    return name


def look_call(order: Order) -> Sent | None:
    """The page with this command's key."""
    page = pagerduty.door().page_with_key(KEY + order.id)
    return _called(page) if page else None


def _called(page: PageRead) -> Sent:
    return Sent({"page": page.id}, partial(ingest.answered, page))


def _still_rings(page: PageRead) -> None:
    if page.status == "resolved":
        raise Moot("The page was resolved in the meantime.")
    if page.status == "acknowledged":
        names = ", ".join(one.by.name or "Somebody" for one in page.acknowledgements) or "Somebody"
        reads.owe([f"page:{page.id}"], clock.wall())
        raise Moot(f"{names} acknowledged it first.")


SURE = timedelta(seconds=10)
"""Real time after which PagerDuty shows what it took."""

KINDS = (
    Kind(
        name="acknowledge", vendor="pagerduty", title="Acknowledge the page", settled=settled,
        send=send_acknowledge, look=look_acknowledged, check=check_rings,
    ),
    Kind(
        name="resolve", vendor="pagerduty", title="Resolve the page", settled=settled,
        send=send_resolve, look=look_resolved, check=check_may_resolve,
    ),
    Kind(
        name="ring_again", vendor="pagerduty", title="Ring the page again", settled=settled,
        send=send_ring_again, look=look_rings, check=check_is_quiet,
    ),
    Kind(
        name="page_note", vendor="pagerduty", title="Write a note on the page", settled=settled,
        send=send_note, look=look_note, sure_after=SURE,
    ),
    Kind(
        name="call_colleague", vendor="pagerduty", title="Call a colleague", settled=settled,
        send=send_call, look=look_call, sure_after=SURE,
    ),
)  # fmt: skip
