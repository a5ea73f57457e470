"""Fills the timeline through its one door, as vendors would tell it: a small evening of customers' troubles."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count

from emergencies.models import Emergency
from emergencies.story import kinds as k
from emergencies.story.entries import Ref
from emergencies.timeline.drafts import Seen
from emergencies.timeline.record import record

NOW = datetime(2026, 7, 14, 16, 42, tzinfo=UTC)
MIRA, THEO, LENA, SAM = "engineer@demo.example", "second@demo.example", "lena@demo.example", "cleared@demo.example"

_keys = count(1)


def ago(minutes: float, now: datetime = NOW) -> datetime:
    """So many minutes before now."""
    return now - timedelta(minutes=minutes)


def seen(subject: Ref, fact: k.Fact, at: datetime, actor: str = "", *, title: str = "", body: str = "", klass: str = "global") -> Seen:
    """One fact as a vendor's log tells it."""
    source = {"page": "pagerduty", "summons": "pagerduty", "thread": "slack"}.get(subject.kind, "zendesk")
    key = f"told:{subject.key}:{next(_keys)}"
    return Seen(
        subject=subject, key=key, messenger="log", fact=fact, at=at, source=source, actor=actor, title=title, body=body, klass=klass,
    )  # fmt: skip


class Trouble:
    """One customer's trouble, told step by step."""

    def __init__(self, name: str, number: int, *, klass: str = "global", now: datetime = NOW, **customer: object) -> None:
        self.klass, self.now, self.name, self.number = klass, now, name, number
        self.ticket = Ref("ticket", str(512000 + number), klass)
        self.page = Ref("page", f"Q{number:05d}")
        self.customer = Ref("customer", f"org-{number}", klass)
        self.facts = {"plan": "premium", "seats": 250, "product": "self_managed", "subscription_end": date(2027, 6, 30)} | customer

    def tell(self, *told: Seen, at: datetime | None = None) -> None:
        """Records what was told."""
        record(sightings=told, now=at or self.now)

    def pages(self, minutes: float, title: str, policy: str = "Customer Emergencies AMER") -> Trouble:
        """The customer opens a ticket and pages."""
        at = ago(minutes, self.now)
        dana = f"dana@{self.name.split()[0].lower()}.example"
        self.tell(
            seen(self.customer, k.CustomerRead(name=self.name, **self.facts), at, klass=self.klass),
            seen(
                self.ticket, k.TicketCreated(customer=self.customer.key, requester=dana, priority="urgent", status="new", form="Emergencies", url=f"https://support.example/{self.number}"),
                at, dana, title=title, body="Nobody can work. Please call us as soon as you can.", klass=self.klass,
            ),
            seen(
                self.page, k.PageTriggered(service="Customer Support", policy=policy, portal=self.klass, tickets=(self.ticket.key,), assigned=(MIRA,), url=f"https://pages.example/{self.number}"),
                at + timedelta(seconds=20), title=title, klass=self.klass,
            ),
            at=at + timedelta(seconds=30),
        )  # fmt: skip
        return self

    def acknowledged(self, minutes: float, by: str = MIRA) -> Trouble:
        self.tell(seen(self.page, k.PageAcknowledged(), ago(minutes, self.now), by, klass=self.klass), at=ago(minutes, self.now))
        return self

    def replied(self, minutes: float, by: str = MIRA, body: str = "We are here and work on it with you.") -> Trouble:
        self.tell(
            seen(self.ticket, k.PublicReply(), ago(minutes, self.now), by, body=body, klass=self.klass),
            seen(self.ticket, k.TicketChanged(field="status", to="pending", by_agent=True), ago(minutes, self.now), by, klass=self.klass),
            at=ago(minutes, self.now),
        )
        return self

    def answered(self, minutes: float, body: str = "Is it safe to delete the hooks folder?") -> Trouble:
        dana = f"dana@{self.name.split()[0].lower()}.example"
        self.tell(
            seen(self.ticket, k.CustomerReply(), ago(minutes, self.now), dana, body=body, klass=self.klass),
            seen(self.ticket, k.TicketChanged(field="status", to="open"), ago(minutes, self.now), klass=self.klass),
            at=ago(minutes, self.now),
        )
        return self

    def noted(self, minutes: float, by: str = LENA, body: str = "The volume is full: 340 GB in one cruft pack.") -> Trouble:
        self.tell(seen(self.ticket, k.InternalNote(), ago(minutes, self.now), by, body=body, klass=self.klass), at=ago(minutes, self.now))
        return self

    def resolved(self, minutes: float, by: str = MIRA) -> Trouble:
        self.tell(seen(self.page, k.PageResolved(), ago(minutes, self.now), by, klass=self.klass), at=ago(minutes, self.now))
        return self

    def solved(self, minutes: float, by: str = MIRA) -> Trouble:
        self.tell(
            seen(self.ticket, k.TicketChanged(field="status", to="solved", by_agent=True), ago(minutes, self.now), by, klass=self.klass),
            seen(self.ticket, k.TicketSolved(), ago(minutes, self.now), by, klass=self.klass),
            at=ago(minutes, self.now),
        )
        return self

    def talked(self, minutes: float, by: str = LENA, body: str = "Known: the cruft pack of last week.") -> Trouble:
        thread = Ref("thread", f"C01:{self.number}.1")
        self.tell(
            seen(thread, k.ThreadStarted(channel="support_self-managed", url=f"https://slack.example/{self.number}"), ago(minutes, self.now), by, klass=self.klass),
            seen(thread, k.ThreadMessage(message="m1"), ago(minutes - 1, self.now), by, body=body, klass=self.klass),
            at=ago(minutes, self.now),
        )
        return self

    @property
    def row(self) -> Emergency:
        """Its emergency, as projected."""
        return Emergency.objects.get(links__subject__key=self.page.key, links__ended=False)


def evening(now: datetime = NOW) -> dict[str, Trouble]:
    """Several customers at once, in every state that the board can show."""
    return {
        "rings": Trouble("Halden Bank", 101, now=now, plan="ultimate", seats=4000).pages(3, "All web nodes answer 502 since the upgrade to 18.6"),
        "reviewing": Trouble("Northwind Robotics", 102, now=now).pages(34, "Gitaly storage full, no push possible").acknowledged(32).noted(20).talked(30),
        "gov": Trouble("Bureau of Tides", 103, klass="us_gov", now=now, us_gov_support="24x7", plan="ultimate").pages(9, "Sign-in fails for every user", "US Government Emergencies").acknowledged(8, SAM),
        "working": Trouble("Corvid Payments", 104, now=now, plan="ultimate").pages(51, "Database fail-over left replicas behind").acknowledged(50).replied(45).resolved(44).answered(5),
        "waiting": Trouble("Atlas Freight", 105, now=now, product="dedicated", plan="ultimate").pages(64, "Runner manager unreachable").acknowledged(63, THEO).replied(50, THEO),
        "nobody_wrote": Trouble("Lumen Schools", 106, now=now).pages(80, "Runner certificates are not trusted").acknowledged(79, THEO).resolved(70, THEO),
        "closed": Trouble("Marl Retail", 107, now=now, plan="ultimate").pages(200, "Pages deploy nothing").acknowledged(199).replied(190).resolved(189).solved(120),
    }  # fmt: skip
