"""What a ticket's entries do to the story: fields, contact, the customer's words, solving, merging, per ticket."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from emergencies.story import kinds as k
from emergencies.story.entries import Entry
from emergencies.story.story import Story, TicketStory

SOLVED = ("solved", "closed")


def tell_ticket(story: Story, entry: Entry) -> Story:
    """The story with one more entry of a ticket."""
    ticket = story.tickets.get(entry.subject) or TicketStory(key=entry.subject)
    match entry.fact:
        case k.TicketCreated() as fact:
            ticket = _created(ticket, entry, fact)
            story = replace(story, began_at=min(filter(None, (story.began_at, entry.judged_at))))
        case k.PublicReply() as fact:
            ticket = _replied(story, ticket, entry, fact)
        case k.CustomerReply() if entry.id not in story.automatic or not entry.id:
            ticket = _customer_said(ticket, entry)
        case _:
            ticket = _changed(ticket, entry)
    return replace(story, tickets={**story.tickets, entry.subject: ticket})


def _created(ticket: TicketStory, entry: Entry, fact: k.TicketCreated) -> TicketStory:
    return replace(
        ticket,
        known=True,
        missing=False,
        created_at=entry.judged_at,
        status=ticket.status or fact.status or "new",
        priority=ticket.priority or fact.priority,
        was_urgent=ticket.was_urgent or fact.priority == "urgent",
        form=ticket.form or fact.form,
        requester=ticket.requester or fact.requester,
        customer=ticket.customer or fact.customer,
        pages=ticket.pages or fact.pages,
        url=fact.url,
        continues=fact.continues,
        solved_at=entry.judged_at if fact.status in SOLVED and not ticket.status else ticket.solved_at,
    )


def _replied(story: Story, ticket: TicketStory, entry: Entry, fact: k.PublicReply) -> TicketStory:
    """A contact, unless a stranger, a bot or the CSM wrote it; it answers those words that had been seen when it was
    begun."""
    if not fact.ours or entry.actor.lower() in story.csms:
        return ticket
    at = entry.judged_at
    left = tuple(seen for seen in ticket.unanswered if fact.begun_at is not None and seen > fact.begun_at)
    return replace(
        ticket,
        contact_at=ticket.contact_at or at,
        contact_by=ticket.contact_by or entry.actor,
        last_contact_at=at,
        unanswered=left,
        turn="ours" if left else fact.turn,
    )


def _customer_said(ticket: TicketStory, entry: Entry) -> TicketStory:
    """Before our first contact further words change nothing; after it is solved a word leaves the end (readings.md)."""
    if ticket.solved_at:
        return replace(ticket, customer_at=entry.judged_at, replied_after_solved=True)
    if ticket.contact_at is None:
        return ticket
    return replace(ticket, customer_at=entry.judged_at, turn="ours", unanswered=(*ticket.unanswered, entry.seen_at))


def _changed(ticket: TicketStory, entry: Entry) -> TicketStory:
    at = entry.judged_at
    match entry.fact:
        case k.TicketChanged() as fact:
            return FIELDS.get(fact.field, _other)(ticket, fact, at)
        case k.TicketSolved():
            return replace(ticket, status="solved", solved_at=ticket.solved_at or at)
        case k.TicketReopened(by_agent=by_agent):
            return _reopened(ticket, "open", by_agent)
        case k.TicketMerged(into=into):
            return replace(ticket, merged_into=into)
        case k.InternalNote():
            return replace(ticket, noted_at=at)
        case k.MacroApplied(title=title):
            return replace(ticket, macros=(*ticket.macros, title))
    return ticket


def _reopened(ticket: TicketStory, status: str, by_agent: bool) -> TicketStory:
    """An agent's reopening takes the end back; the customer's own mail does not (readings.md, 'Ends')."""
    if by_agent:
        return replace(ticket, status=status, solved_at=None, replied_after_solved=False)
    return replace(ticket, status=status)


def _status(ticket: TicketStory, fact: k.TicketChanged, at: datetime) -> TicketStory:
    if fact.to in SOLVED:
        return replace(ticket, status=fact.to, solved_at=ticket.solved_at or at)
    if ticket.solved_at:
        return _reopened(ticket, fact.to, fact.by_agent)
    return replace(ticket, status=fact.to)


def _tags(ticket: TicketStory, fact: k.TicketChanged, at: datetime) -> TicketStory:
    return replace(ticket, tags=(ticket.tags | set(fact.added)) - set(fact.removed))


def _pages(ticket: TicketStory, fact: k.TicketChanged, at: datetime) -> TicketStory:
    return replace(ticket, pages=tuple(fact.to.split()))


def _priority(ticket: TicketStory, fact: k.TicketChanged, at: datetime) -> TicketStory:
    return replace(ticket, priority=fact.to, was_urgent=ticket.was_urgent or fact.to == "urgent")


def _plain(name: str) -> Callable[[TicketStory, k.TicketChanged, datetime], TicketStory]:
    """A field of the ticket that simply takes the value told last."""
    return lambda ticket, fact, at: replace(ticket, **{name: fact.to})


def _other(ticket: TicketStory, fact: k.TicketChanged, at: datetime) -> TicketStory:
    """Fields that no rule reads stay in the timeline only."""
    return ticket


FIELDS: dict[str, Callable[[TicketStory, k.TicketChanged, datetime], TicketStory]] = {
    "status": _status,
    "tags": _tags,
    "pages": _pages,
    "priority": _priority,
    "form": _plain("form"),
    "stage": _plain("stage_field"),
    "product": _plain("product"),
    "assignee": _plain("assignee"),
    "requester": _plain("requester"),
    "customer": _plain("customer"),
    "related": _plain("related"),
}
