"""The facts beside an emergency, each with its source and age: customer, people, pages, tickets, threads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from ceoc.ops.freshness import FreshnessRow
from emergencies.policy.links import Filled
from emergencies.queries import words
from emergencies.queries.people import Faces
from emergencies.queries.rows import Face, Pill
from emergencies.queries.slack_words import channel
from emergencies.story import kinds as k
from emergencies.story.entries import Entry, Ref
from emergencies.story.story import PageStory, Story, TicketStory


class Fact(msgspec.Struct, frozen=True):
    """One fact: a word, what it is, and a line below with its source; `at` is when the source said so."""

    label: str
    value: str
    source: str = ""
    at: datetime | None = None


class DriFact(msgspec.Struct, frozen=True):
    """The DRI, since when and why."""

    face: Face
    since: datetime | None
    why: str


class PageFact(msgspec.Struct, frozen=True):
    """A page of the emergency, and what may be done with it."""

    key: str
    id: str
    url: str
    pill: Pill
    service: str
    rings_for: str
    may_acknowledge: bool
    may_resolve: bool
    contacted: bool
    may_ring_again: bool
    held_by: str
    """Who has acknowledged it; while somebody has, letting it ring again is asked for first."""
    ring_dialog: str


class TicketFact(msgspec.Struct, frozen=True):
    """A ticket of the emergency."""

    key: str
    id: str
    url: str
    pill: Pill
    priority: str
    assignee: str
    merged_into: str


class ThreadFact(msgspec.Struct, frozen=True):
    """The Slack thread of the emergency."""

    key: str
    channel: str
    url: str


class SourceFact(msgspec.Struct, frozen=True):
    """A vendor whose facts are shown here and that is not live now."""

    name: str
    state: str
    at: datetime | None
    reason: str


class SeenFact(msgspec.Struct, frozen=True):
    """An uncleared person who had seen it, and how that is known."""

    face: Face
    how: str


class Facts(msgspec.Struct, frozen=True):
    """All facts of the right-hand column."""

    customer: tuple[Fact, ...]
    dri: DriFact
    people: tuple[tuple[str, Face], ...]
    pages: tuple[PageFact, ...]
    tickets: tuple[TicketFact, ...]
    threads: tuple[ThreadFact, ...]
    stale: tuple[SourceFact, ...]
    seen_before: tuple[SeenFact, ...] = ()
    """Uncleared people who had seen it before it turned out to be US Government's."""
    links: tuple[Filled, ...] = ()
    """The team's links, filled in for this emergency."""


WHY = {
    "acknowledged": "by acknowledging",
    "wrote_first": "wrote first",
    "changed": "made so by hand",
    "accepted": "accepted the handover",
}
ACCOUNTS = {"global": "Zendesk", "us_gov": "Zendesk US Gov"}


def facts(
    story: Story,
    entries: Sequence[Entry],
    faces: Faces,
    sources: Mapping[tuple[str, str], FreshnessRow],
    *,
    links: tuple[Filled, ...] = (),
    seen_before: Mapping[str, str],
) -> Facts:
    """The facts of a story. No query."""
    return Facts(
        customer=tuple(_customer(story, faces)),
        dri=_dri(story, faces),
        people=tuple(_people(story, faces)),
        pages=tuple(_page(page, story, faces) for page in story.pages.values()),
        tickets=tuple(_ticket(ticket, faces) for ticket in story.tickets.values()),
        threads=tuple(
            _thread(entry.subject, entry.fact) for entry in entries if isinstance(entry.fact, k.ThreadStarted)
        ),
        stale=tuple(_stale(sources, story)),
        seen_before=tuple(SeenFact(faces.of(email), how) for email, how in seen_before.items()),
        links=links,
    )


def _customer(story: Story, faces: Faces) -> list[Fact]:
    customer, ticket, account = story.customer, story.ticket, story.account
    contact = _contact(ticket.requester, faces) if ticket and ticket.requester else []
    if customer is None:
        return [Fact("Plan", "Unknown", "Zendesk has not told yet"), *contact]
    source, at = ACCOUNTS.get(account, "Zendesk"), customer.read_at
    seats = f", {customer.seats} {'seat' if customer.seats == 1 else 'seats'}" if customer.seats else ""
    plan = (words.plan(customer.plan) or "Plan unknown") + seats
    ends = f"until {customer.subscription_end:%-d %b %Y} · {source}" if customer.subscription_end else source
    told = [Fact("Plan", plan, ends, at)]
    if customer.us_gov_support or account == "us_gov":
        told.append(Fact("US Gov", customer.us_gov_support or "Package unknown, taken for 24x7", source, at))
    product = (ticket.product if ticket else "") or customer.product
    if product:
        told.append(Fact("Product", words.product(product)))
    told += contact
    if customer.csm:
        told.append(Fact("CSM", faces.name(customer.csm), source, at))
    if customer.zone:
        told.append(Fact("Their zone", customer.zone))
    return told


def _contact(email: str, faces: Faces) -> list[Fact]:
    """The requester by name, with the address below where it is not all that is known."""
    name = faces.name(email)
    return [Fact("Contact", name, email if name != email else "")]


def _dri(story: Story, faces: Faces) -> DriFact:
    if story.dri is None:
        return DriFact(faces.of(""), None, "the first to acknowledge becomes it")
    return DriFact(faces.of(story.dri.person, is_dri=True), story.dri.since, WHY[story.dri.why])


def _people(story: Story, faces: Faces) -> list[tuple[str, Face]]:
    """Whom a ringing page rings for, who holds the ticket where that is another than the DRI, who was called."""
    dri = story.dri.person if story.dri else ""
    told: list[tuple[str, Face]] = []
    for page in story.live_pages:
        if page.rings_since:
            told += [("Rings for", faces.of(person)) for person in page.assigned]
    for ticket in story.open_tickets:
        if ticket.assignee and ticket.assignee != dri:
            told.append(("Assignee", faces.of(ticket.assignee)))
    for summons in story.summons.values():
        told += [("Answered" if summons.answered_at else "Called", faces.of(person)) for person in summons.to]
    return list(dict.fromkeys(told))


def _page(page: PageStory, story: Story, faces: Faces) -> PageFact:
    contacted = story.contacted(page.key)
    return PageFact(
        key=page.key,
        id=Ref.parse(page.key).ref,
        url=page.url,
        pill=words.page_pill(page.status if page.known else "", contacted=contacted),
        service=page.service,
        rings_for=", ".join(faces.name(person) for person in page.assigned) if page.rings_since else "",
        may_acknowledge=page.status == "triggered",
        may_resolve=page.status in ("triggered", "acknowledged"),
        contacted=contacted,
        may_ring_again=page.status in ("resolved", "acknowledged"),
        held_by=faces.name(page.acknowledged_by) or "Somebody" if page.status == "acknowledged" else "",
        ring_dialog=f"d-ring-{Ref.parse(page.key).ref}",
    )


def _ticket(ticket: TicketStory, faces: Faces) -> TicketFact:
    return TicketFact(
        key=ticket.key,
        id=Ref.parse(ticket.key).ref,
        url=ticket.url,
        pill=words.ticket_pill(ticket.key, ticket.status),
        priority=ticket.priority,
        assignee=faces.name(ticket.assignee),
        merged_into=Ref.parse(ticket.merged_into).ref if ticket.merged_into else "",
    )


def _thread(key: str, fact: k.ThreadStarted) -> ThreadFact:
    return ThreadFact(key, channel(fact.channel), fact.url)


def _stale(sources: Mapping[tuple[str, str], FreshnessRow], story: Story) -> list[SourceFact]:
    """Vendors that this page's facts come from and that have not told anything for a while."""
    wanted = [("pagerduty", ""), ("zendesk", story.account), ("slack", "")]
    rows = [sources[pair] for pair in wanted if pair in sources and sources[pair].state != "live"]
    names = {"pagerduty": "PagerDuty", "zendesk": ACCOUNTS[story.account], "slack": "Slack"}
    return [SourceFact(names[row.vendor], row.state, row.since or row.heard_at, row.reason) for row in rows]
