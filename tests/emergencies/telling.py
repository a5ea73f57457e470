"""Tells stories in tests: entries at written-out times, on one invented evening."""

from __future__ import annotations

from datetime import UTC, datetime

from emergencies.story import kinds as k
from emergencies.story.entries import Entry
from emergencies.story.fold import fold
from emergencies.story.story import Story

PAGE, PAGE_2 = "page:Q2K7", "page:Q9ZZ"
TICKET, TICKET_2 = "ticket:global:512880", "ticket:global:512990"
CUSTOMER = "customer:global:org-55"
MIRA, THEO, INES, PAUL, DANA = (
    "mira@demo.example",
    "theo@demo.example",
    "ines@demo.example",
    "paul@demo.example",
    "dana@northwind.example",
)


def clock(text: str) -> datetime:
    """`16:20` or `16:20:05` on 1 July 2026, UTC; with a date in front, then."""
    day, _, time = text.rpartition(" ")
    return datetime.fromisoformat(f"{day or '2026-07-01'}T{time}").replace(tzinfo=UTC)


def told(subject: str, fact: k.Fact, at: str, by: str = "", *, seen: str = "", id: str = "", source: str = "") -> Entry:
    """One entry; `by` is who did it, `seen` when we learned of it where that was later."""
    vendor = {
        "page": "pagerduty",
        "summons": "pagerduty",
        "ticket": "zendesk",
        "customer": "zendesk",
        "thread": "slack",
    }
    kind = subject.split(":", maxsplit=1)[0]
    return Entry(
        subject=subject,
        key=f"{subject}|{fact.kind}|{at}|{by}",
        fact=fact,
        at=clock(at),
        seen_at=clock(seen or at),
        actor=by,
        source=source or vendor.get(kind, "dashboard"),
        id=id or f"{fact.kind}@{at}",
    )


def rings(at: str, page: str = PAGE, **fields: object) -> Entry:
    fields = {"tickets": (TICKET,), "portal": "global", "policy": "Customer Emergencies AMER"} | fields
    return told(page, k.PageTriggered(**fields), at)


def acknowledged(at: str, by: str = MIRA, page: str = PAGE, **fields: object) -> Entry:
    return told(page, k.PageAcknowledged(**fields), at, by)


def resolved(at: str, by: str = MIRA, page: str = PAGE) -> Entry:
    return told(page, k.PageResolved(), at, by)


def created(at: str, ticket: str = TICKET, **fields: object) -> Entry:
    fields = {"priority": "urgent", "status": "new", "customer": CUSTOMER, "requester": DANA} | fields
    return told(ticket, k.TicketCreated(**fields), at, DANA)


def replied(at: str, by: str = MIRA, ticket: str = TICKET, **fields: object) -> Entry:
    return told(ticket, k.PublicReply(**fields), at, by)


def customer(at: str, ticket: str = TICKET, seen: str = "", **fields: object) -> Entry:
    return told(ticket, k.CustomerReply(**fields), at, DANA, seen=seen)


def changed(at: str, field: str, to: str, ticket: str = TICKET, *, by_agent: bool = True) -> Entry:
    return told(ticket, k.TicketChanged(field=field, to=to, by_agent=by_agent), at, MIRA if by_agent else DANA)


def solved(at: str, ticket: str = TICKET) -> Entry:
    return told(ticket, k.TicketSolved(), at, MIRA)


def story(*entries: Entry, account: str = "global", until: datetime | None = None) -> Story:
    """The story that these entries tell."""
    return fold("k3v9aaaabbbb", entries, account, until)
