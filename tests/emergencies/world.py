"""Fills the timeline through its one door, as vendors would tell it: a small evening of customers' troubles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
import time_machine
from django.db import transaction

from emergencies.models import Emergency
from emergencies.story import kinds as k
from emergencies.story.entries import Ref
from emergencies.timeline.drafts import Seen
from emergencies.timeline.record import record
from tests import cast

NOW = datetime(2026, 7, 14, 16, 42, tzinfo=UTC)
MIRA, THEO, LENA, SAM = "engineer@demo.example", "second@demo.example", "lena@demo.example", "cleared@demo.example"

SOURCES = {"page": "pagerduty", "summons": "pagerduty", "thread": "slack"}
_keys = count(1)


def ago(minutes: float) -> datetime:
    """So many minutes before now."""
    return NOW - timedelta(minutes=minutes)


def seen(subject: Ref, fact: k.Fact, at: datetime, actor: str = "", **words: str) -> Seen:
    """One fact as a vendor's log tells it; `words` are title, body and klass."""
    key, source = f"told:{subject.key}:{next(_keys)}", SOURCES.get(subject.kind, "zendesk")
    words = {"klass": "global"} | words
    return Seen(subject=subject, key=key, messenger="log", fact=fact, at=at, source=source, actor=actor, **words)


class Trouble:
    """One customer's trouble, told step by step; each step so many minutes ago."""

    def __init__(self, name: str, number: int, *, klass: str = "global", **customer: object):
        self.klass, self.name, self.number = klass, name, number
        self.ticket, self.page = Ref("ticket", str(512000 + number), klass), Ref("page", f"Q{number:05d}")
        self.customer = Ref("customer", f"org-{number}", klass)
        self.requester = f"dana@{name.partition(' ')[0].lower()}.example"
        known = {"plan": "premium", "seats": 250, "product": "self_managed", "subscription_end": date(2027, 6, 30)}
        self.read = k.CustomerRead(name=name, **(known | customer))

    def tell(self, minutes: float, by: str, *told: tuple[Ref, k.Fact], **words: str) -> Trouble:
        """Records facts of one moment, the words with the first of them."""
        at = ago(minutes)
        sightings = [
            seen(subject, fact, at + timedelta(seconds=place), by, klass=self.klass, **({} if place else words))
            for place, (subject, fact) in enumerate(told)
        ]
        record(sightings=sightings, now=at + timedelta(seconds=30))
        return self

    def pages(self, minutes: float, title: str, policy: str = "Customer Emergencies AMER") -> Trouble:
        """The customer opens a ticket and pages."""
        created = k.TicketCreated(
            customer=self.customer.key, requester=self.requester, priority="urgent", status="new", form="Emergencies",
            url=f"https://support.example/{self.number}",
        )  # fmt: skip
        triggered = k.PageTriggered(
            service="Customer Support", policy=policy, portal=self.klass, tickets=(self.ticket.key,), assigned=(MIRA,),
            url=f"https://pages.example/{self.number}",
        )  # fmt: skip
        body = "Nobody can work. Please call us as soon as you can."
        self.tell(minutes, self.requester, (self.ticket, created), title=title, body=body)
        return self.tell(minutes - 1 / 6, "", (self.page, triggered), (self.customer, self.read), title=title)

    def acknowledged(self, minutes: float, by: str = MIRA) -> Trouble:
        return self.tell(minutes, by, (self.page, k.PageAcknowledged()))

    def replied(self, minutes: float, by: str = MIRA, body: str = "We are here and work on it with you.") -> Trouble:
        pending = k.TicketChanged(field="status", to="pending", by_agent=True)
        return self.tell(minutes, by, (self.ticket, k.PublicReply()), (self.ticket, pending), body=body)

    def answered(self, minutes: float, body: str = "Is it safe to delete the hooks folder?") -> Trouble:
        opened = k.TicketChanged(field="status", to="open")
        return self.tell(minutes, self.requester, (self.ticket, k.CustomerReply()), (self.ticket, opened), body=body)

    def noted(self, minutes: float, by: str = LENA, body: str = "It is full: 340 GB in one cruft pack.") -> Trouble:
        return self.tell(minutes, by, (self.ticket, k.InternalNote()), body=body)

    def resolved(self, minutes: float, by: str = MIRA) -> Trouble:
        return self.tell(minutes, by, (self.page, k.PageResolved()))

    def solved(self, minutes: float, by: str = MIRA) -> Trouble:
        status = k.TicketChanged(field="status", to="solved", by_agent=True)
        return self.tell(minutes, by, (self.ticket, status), (self.ticket, k.TicketSolved()))

    def talked(self, minutes: float, by: str = LENA, body: str = "Known: the cruft pack of last week.") -> Trouble:
        thread = Ref("thread", f"C01:{self.number}.1")
        channel, url = "support_self-managed", f"https://slack.example/{self.number}"
        self.tell(minutes, by, (thread, k.ThreadStarted(channel=channel, pages=(self.page.key,), url=url)))
        return self.tell(minutes - 1, by, (thread, k.ThreadMessage(message="m1")), body=body)

    @property
    def row(self) -> Emergency:
        """Its emergency, as projected."""
        return Emergency.objects.get(links__subject__key=self.page.key, links__ended=False)


def evening() -> dict[str, Trouble]:
    """Several customers at once, in every state that the board can show."""
    halden = Trouble("Halden Bank", 101, plan="ultimate", seats=4000)
    northwind = Trouble("Northwind Robotics", 102)
    tides = Trouble("Bureau of Tides", 103, klass="us_gov", us_gov_support="24x7", plan="ultimate")
    corvid = Trouble("Corvid Payments", 104, plan="ultimate")
    atlas = Trouble("Atlas Freight", 105, product="dedicated", plan="ultimate")
    lumen = Trouble("Lumen Schools", 106)
    marl = Trouble("Marl Retail", 107, plan="ultimate")
    marl.pages(200, "Pages deploy nothing").acknowledged(199).replied(190).resolved(189).solved(120)
    lumen.pages(80, "Runner certificates are not trusted").acknowledged(79, THEO).resolved(70, THEO)
    atlas.pages(64, "Runner manager unreachable").acknowledged(63, THEO).replied(50, THEO)
    corvid.pages(51, "Database fail-over left replicas behind").acknowledged(50).replied(45).resolved(44).answered(5)
    northwind.pages(34, "Gitaly storage full, no push possible").acknowledged(32).talked(30).noted(20)
    tides.pages(9, "Sign-in fails for every user", "US Government Emergencies").acknowledged(8, SAM)
    halden.pages(3, "All web nodes answer 502 since the upgrade to 18.6")
    return {
        "rings": halden, "reviewing": northwind, "gov": tides, "working": corvid, "waiting": atlas,
        "nobody_wrote": lumen, "closed": marl,
    }  # fmt: skip


@pytest.fixture(scope="class")
def evening_once(django_db_setup: None, django_db_blocker) -> Iterator[dict[str, Trouble]]:
    """The evening, told once for a class of tests and taken back after them; each test's own changes go with it."""
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        for persona in cast.CAST.values():
            cast.people.settle(persona)
        yield evening()
        transaction.set_rollback(True)


@pytest.fixture
def troubles(evening_once: dict[str, Trouble], db: None) -> dict[str, Trouble]:
    """Several customers at once, by what is the matter with each."""
    return evening_once


def off_hours(number: int) -> Trouble:
    """A US Gov customer without 24x7 who pages at 20:42 Pacific of the evening before."""
    trouble = Trouble("Bureau of Tides", number, klass="us_gov", us_gov_support="12x5", plan="ultimate")
    return trouble.pages(13 * 60, "Sign-in fails for every user", "US Government Emergencies")


def by_hand(name: str = "QHAND", klass: str = "global") -> Ref:
    """A page that somebody made by hand and nobody has tied."""
    page = Ref("page", name)
    fact = k.PageTriggered(service="Customer Support", by_hand=True, portal=klass, assigned=(MIRA,))
    record(sightings=[seen(page, fact, ago(2), title="Who knows Geo?", klass=klass)], now=NOW)
    return page
