"""Hands sightings to `record` in tests, in the words of the story: what PagerDuty and Zendesk told, and when."""

from __future__ import annotations

from datetime import datetime

from emergencies.story import kinds as k
from emergencies.story.entries import Ref
from emergencies.timeline.drafts import Seen
from tests.emergencies.telling import CUSTOMER, DANA, MIRA, PAGE, TICKET, clock

SOURCE = {"page": "pagerduty", "summons": "pagerduty", "ticket": "zendesk", "customer": "zendesk", "thread": "slack"}


def seen(  # noqa: PLR0917 — reads in the order of a sentence
    subject: str,
    fact: k.Fact,
    at: str | datetime,
    by: str = "",
    messenger: str = "log",
    klass: str = "global",
    same: str = "",
    body: str = "",
    title: str = "",
) -> Seen:
    """A sighting whose key is made of what it says, as a vendor's id would be."""
    moment = clock(at) if isinstance(at, str) else at
    return Seen(
        subject=Ref.parse(subject),
        key=f"{messenger}:{subject}:{fact.kind}:{moment.isoformat()}:{by}:{same}",
        fact=fact,
        messenger=messenger,
        at=moment,
        source=SOURCE[subject.split(":", maxsplit=1)[0]],
        actor=by,
        klass=klass,
        same=same,
        body=body,
        title=title,
    )


def rings(at: str, page: str = PAGE, **fields: object) -> Seen:
    klass = fields.pop("klass", "global")
    fields = {"tickets": (TICKET,), "portal": "global", "policy": "Customer Emergencies AMER"} | fields
    return seen(page, k.PageTriggered(**fields), at, klass=klass, title="Gitaly storage full")


def acknowledged(at: str, by: str = MIRA, page: str = PAGE, messenger: str = "log") -> Seen:
    return seen(page, k.PageAcknowledged(), at, by, messenger)


def resolved(at: str, by: str = MIRA, page: str = PAGE) -> Seen:
    return seen(page, k.PageResolved(), at, by)


def created(at: str, ticket: str = TICKET, **fields: object) -> Seen:
    fields = {"priority": "urgent", "status": "new", "customer": CUSTOMER, "requester": DANA} | fields
    return seen(ticket, k.TicketCreated(**fields), at, DANA, title="Gitaly storage full", body="Nobody can push.")


def replied(at: str, by: str = MIRA, ticket: str = TICKET, body: str = "Hello Dana") -> Seen:
    return seen(ticket, k.PublicReply(comment=at), at, by, same=f"comment:{at}", body=body)


def customer(at: str, ticket: str = TICKET, body: str = "Is it safe to delete the hooks folder?") -> Seen:
    return seen(ticket, k.CustomerReply(comment=at), at, DANA, same=f"comment:{at}", body=body)


def organisation(at: str = "16:00", **fields: object) -> Seen:
    fields = {"name": "Northwind Robotics", "plan": "premium", "csm": "paul@demo.example", "seats": 250} | fields
    return seen(CUSTOMER, k.CustomerRead(**fields), at, messenger="answer")
