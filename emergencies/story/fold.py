"""The fold: an emergency's entries, in the order of their time, become its story (architecture.md 2.1, 2.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import reduce
from typing import Any

from msgspec.structs import replace

from emergencies.story import kinds as k
from emergencies.story.entries import Entry, Ref
from emergencies.story.fold_pages import tell_page
from emergencies.story.fold_tickets import tell_ticket
from emergencies.story.kinds import Account
from emergencies.story.story import CustomerStory, Dri, PageStory, Story, Summons, TicketStory

PAGES = (
    k.PageTriggered, k.PageAcknowledged, k.PageUnacknowledged, k.PageEscalated, k.PageReassigned, k.PageSnoozed,
    k.PageExhausted,
    k.PageResolved, k.PageReopened, k.PageMerged,
)  # fmt: skip
TICKETS = (
    k.TicketCreated, k.TicketChanged, k.TicketMerged, k.TicketSolved, k.TicketReopened, k.PublicReply, k.CustomerReply,
    k.InternalNote, k.MacroApplied,
)  # fmt: skip
BOOKKEEPING = (k.Linked, k.Unlinked, k.SplitFrom)
"""Entries about where subjects belong: when we learned that is no part of what happened."""


def fold(id: str, entries: Iterable[Entry], account: Account, until: datetime | None = None) -> Story:
    """The story of emergency `id`; with `until`, what had happened by then, and nothing later."""
    told = sorted((e for e in entries if until is None or e.judged_at < until), key=lambda entry: entry.order)
    retracted = frozenset(e.fact.entry for e in told if isinstance(e.fact, k.Retracted))
    csms = frozenset(e.fact.csm.lower() for e in told if isinstance(e.fact, k.CustomerRead) and e.fact.csm)
    automatic = frozenset(
        e.fact.entry for e in told if isinstance(e.fact, k.SaidAutomatic) and e.id not in retracted
    )  # fmt: skip
    kept = [e for e in told if not _taken_back(e, retracted)]
    start = Story(id=id, account=account, csms=csms, automatic=automatic, retracted=retracted)
    return reduce(tell, kept, start)


def _taken_back(entry: Entry, retracted: frozenset[str]) -> bool:
    """Only what was made in the dashboard can be retracted; vendor facts are corrected at the vendor."""
    return entry.source == "dashboard" and bool(entry.id) and entry.id in retracted


def tell(story: Story, entry: Entry) -> Story:
    """The story with one more entry, which is not earlier than those told before."""
    told = not isinstance(entry.fact, BOOKKEEPING)
    story = replace(
        story,
        last_at=entry.judged_at if told else story.last_at,
        first_seen_at=min(filter(None, (story.first_seen_at, entry.seen_at))),
        vendor_clock=story.vendor_clock or entry.judged_at != entry.at,
    )
    fact = entry.fact
    if isinstance(fact, PAGES):
        return _acknowledged(tell_page(story, entry), entry)
    if isinstance(fact, TICKETS):
        return tell_ticket(story, entry)
    teller = TELLERS.get(type(fact))
    return teller(story, entry, fact) if teller else story


def _acknowledged(story: Story, entry: Entry) -> Story:
    """The first acknowledgement by an engineer makes the DRI; later ones change nothing (PAGE-2, DRI-3)."""
    fact = entry.fact
    if not isinstance(fact, k.PageAcknowledged) or story.dri or fact.by_manager or "@" not in entry.actor:
        return story
    return replace(story, dri=Dri(person=entry.actor, since=entry.judged_at, why="acknowledged"))


def _customer(story: Story, entry: Entry, fact: k.CustomerRead) -> Story:
    fields = {name: getattr(fact, name) for name in fact.__struct_fields__}
    known = CustomerStory(key=entry.subject, read_at=entry.seen_at, **fields)
    return replace(story, customers={**story.customers, entry.subject: known})


def _linked(story: Story, entry: Entry, fact: k.Linked) -> Story:
    """A subject that nobody has told of yet is part of the story as unknown; a ticket takes a dismissal back."""
    key = fact.subject
    kind = Ref.parse(key).kind
    if kind == "ticket":
        tickets = {key: TicketStory(key=key), **story.tickets}
        return replace(story, dismissed_at=None, tickets=tickets)
    return replace(story, pages={key: PageStory(key=key), **story.pages}) if kind == "page" else story


def _unlinked(story: Story, entry: Entry, fact: k.Unlinked) -> Story:
    """What is out and tells nothing here any more is out; what is linked again tells its own entries."""
    key = fact.subject
    return replace(
        story,
        pages={one: page for one, page in story.pages.items() if one != key or page.known},
        tickets={one: ticket for one, ticket in story.tickets.items() if one != key or ticket.known},
    )


def _unreadable(story: Story, entry: Entry, fact: k.Unreadable) -> Story:
    """The vendor knows no such page or ticket: it counts no more, and stays to be seen."""
    key = entry.subject
    if key in story.tickets and not story.tickets[key].known:
        return replace(story, tickets={**story.tickets, key: replace(story.tickets[key], missing=True)})
    if key in story.pages and not story.pages[key].known:
        return replace(story, pages={**story.pages, key: replace(story.pages[key], missing=True)})
    return story


def _thread(story: Story, entry: Entry, fact: k.ThreadStarted) -> Story:
    return replace(story, threads=tuple(sorted({*story.threads, entry.subject})))


def _summoned(story: Story, entry: Entry, fact: k.SummonsSent) -> Story:
    called = Summons(key=entry.subject, to=fact.to, sent_at=entry.judged_at)
    return replace(story, summons={**story.summons, entry.subject: called})


def _answered(story: Story, entry: Entry, fact: k.SummonsAnswered) -> Story:
    called = story.summons.get(entry.subject) or Summons(key=entry.subject)
    if called.answered_at:
        return story
    answered = replace(called, answered_at=entry.judged_at, answered_by=entry.actor)
    return replace(story, summons={**story.summons, entry.subject: answered})


def _joined(story: Story, entry: Entry, fact: k.Joined) -> Story:
    return replace(story, joined_into=fact.into)


def _split(story: Story, entry: Entry, fact: k.SplitFrom) -> Story:
    return replace(story, split_from=fact.other)


def _dri(story: Story, entry: Entry, fact: k.DriChanged) -> Story:
    return replace(story, dri=Dri(person=fact.to, since=entry.judged_at, why="changed"))


def _dismissed(story: Story, entry: Entry, fact: k.Dismissed) -> Story:
    page = story.pages.get(entry.subject)
    if page is not None:
        return replace(story, pages={**story.pages, page.key: replace(page, put_aside=True)})
    return replace(story, dismissed_at=entry.judged_at)


def _refused(story: Story, entry: Entry, fact: k.CommandRefused) -> Story:
    return replace(story, refused_commands=(*story.refused_commands, fact.command))


def _done_with(story: Story, entry: Entry, fact: k.CommandDismissed | k.CommandDelivered) -> Story:
    left = tuple(command for command in story.refused_commands if command != fact.command)
    return replace(story, refused_commands=left)


TELLERS: dict[type[k.Fact], Callable[[Story, Entry, Any], Story]] = {
    k.CustomerRead: _customer,
    k.Linked: _linked,
    k.Unlinked: _unlinked,
    k.Unreadable: _unreadable,
    k.ThreadStarted: _thread,
    k.SummonsSent: _summoned,
    k.SummonsAnswered: _answered,
    k.Joined: _joined,
    k.SplitFrom: _split,
    k.DriChanged: _dri,
    k.Dismissed: _dismissed,
    k.CommandRefused: _refused,
    k.CommandDismissed: _done_with,
    k.CommandDelivered: _done_with,
}
"""One small case per kind that is neither a page's nor a ticket's; kinds without one change no story."""
