"""The fresh look before an act that closes something (architecture.md 2b): what is new is told instead."""

from __future__ import annotations

from datetime import datetime

import structlog

from ceoc.outbox.kinds import Order
from ceoc.vendors.errors import Refused, Unavailable
from emergencies.ingest.zendesk import read_ticket
from emergencies.models import Emergency
from emergencies.policy.contact import not_contacted
from emergencies.story.entries import Ref
from emergencies.story.story import Story
from emergencies.timeline.read import story_of

log = structlog.get_logger(__name__)

WROTE_AGAIN = "The customer wrote after you pressed. Read it first; then press again if it still holds."


def customer_was_contacted(order: Order, now: datetime) -> None:
    """Before a page is resolved (PAGE-9) its tickets are read anew. Refused where nobody wrote, or with what is new.

    While Zendesk does not answer, what was known when it was pressed stands: PagerDuty waits for nobody else.
    """
    story = _story(order)
    if story is None or order.although:
        return
    try:
        story = _read_anew(order, story, now)
    except Unavailable as error:
        log.info("resolved_without_fresh_look", reason=error.sentence)
    if why_not := not_contacted(story, order.object):
        raise Refused(why_not)
    _refuse_what_is_new(order, story)


def customer_is_quiet(order: Order, now: datetime) -> None:
    """Before a ticket is solved or lowered it is read anew. Raises Refused where the customer wrote since."""
    story = _story(order)
    if story is not None:
        _refuse_what_is_new(order, _read_anew(order, story, now))


def _story(order: Order) -> Story | None:
    emergency = Emergency.objects.filter(public_id=order.group).first()
    return story_of(emergency) if emergency else None


def _read_anew(order: Order, story: Story, now: datetime) -> Story:
    """The story after every ticket of the emergency was read; a ticket that is gone does not stand in the way."""
    for ticket in story.open_tickets:
        ref = Ref.parse(ticket.key)
        try:
            read_ticket("global" if ref.account == "global" else "us_gov", ref.ref, now)
        except Refused as error:
            if not error.missing:
                raise
    return _story(order) or story


def _refuse_what_is_new(order: Order, story: Story) -> None:
    for ticket in story.open_tickets:
        if ticket.customer_at and ticket.customer_at > order.queued_at:
            raise Refused(WROTE_AGAIN)
