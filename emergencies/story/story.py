"""The story: what an emergency's entries say together, as frozen values (architecture.md 2.3). Built by `fold.fold`.

A story holds no roster, no text and no clock; instants are aware, UTC. What a rule concludes from it at a time is a
judgement
(`emergencies.policy`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from emergencies.story.kinds import Account

PageStatus = Literal["triggered", "acknowledged", "resolved", "merged"]
End = Literal["solved", "merged", "joined", "withdrawn"]


class PageStory(msgspec.Struct, frozen=True, kw_only=True):
    """One page (a PagerDuty incident) of the emergency."""

    key: str
    status: PageStatus = "triggered"
    triggered_at: datetime | None = None
    rings_since: datetime | None = None
    """Since when it rings without a break; none while it does not."""
    rang_again: bool = False
    acknowledged_at: datetime | None = None
    acknowledged_by: str = ""
    resolved_at: datetime | None = None
    resolved_by: str = ""
    assigned: tuple[str, ...] = ()
    service: str = ""
    policy: str = ""
    portal: Account | None = None
    by_hand: bool = False
    exhausted: bool = False
    merged_into: str = ""
    url: str = ""
    tickets: tuple[str, ...] = ()
    put_aside: bool = False
    """A person said that it is no emergency (it calls a colleague, say) and it has not rung again since."""
    missing: bool = False
    """PagerDuty knows no such page."""
    known: bool = False
    """Whether PagerDuty has told of its trigger; a page that only a ticket names is not."""


class TicketStory(msgspec.Struct, frozen=True, kw_only=True):
    """One ticket of the emergency."""

    key: str
    status: str = ""
    priority: str = ""
    was_urgent: bool = False
    form: str = ""
    stage_field: str = ""
    product: str = ""
    tags: frozenset[str] = frozenset()
    requester: str = ""
    assignee: str = ""
    customer: str = ""
    created_at: datetime | None = None
    contact_at: datetime | None = None
    """Our first contact on this ticket: a public comment by one of our people who is not the customer's CSM
    (PAGE-7)."""
    contact_by: str = ""
    last_contact_at: datetime | None = None
    customer_at: datetime | None = None
    """The customer's last word after our first contact."""
    unanswered: tuple[datetime, ...] = ()
    """When we saw each word of the customer that no reply of ours has answered yet."""
    turn: Literal["theirs", "ours"] = "theirs"
    noted_at: datetime | None = None
    """The last internal note of an agent."""
    solved_at: datetime | None = None
    replied_after_solved: bool = False
    merged_into: str = ""
    macros: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    related: str = ""
    url: str = ""
    continues: str = ""
    missing: bool = False
    """Zendesk knows no such ticket."""
    known: bool = False

    @property
    def urgent(self) -> bool:
        """Whether it has the priority of an emergency."""
        return self.priority == "urgent"

    @property
    def solved(self) -> bool:
        """Whether it is solved or closed now."""
        return self.solved_at is not None


class CustomerStory(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the customer, and when Zendesk was asked (ENT-3)."""

    key: str
    name: str = ""
    plan: str = ""
    subscription_start: date | None = None
    subscription_end: date | None = None
    seats: int | None = None
    csm: str = ""
    product: str = ""
    zone: str = ""
    us_gov_support: str = ""
    read_at: datetime | None = None


class Dri(msgspec.Struct, frozen=True, kw_only=True):
    """Who is responsible for the emergency, since when and why (DRI-3)."""

    person: str
    since: datetime
    why: Literal["acknowledged", "wrote_first", "changed", "accepted"]


class Summons(msgspec.Struct, frozen=True, kw_only=True):
    """A colleague who was called."""

    key: str
    to: tuple[str, ...] = ()
    sent_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str = ""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """An emergency as its entries tell it."""

    id: str
    account: Account = "global"
    """The class that its subjects give it."""
    began_at: datetime | None = None
    """The first trigger, else the first ticket's creation."""
    last_at: datetime | None = None
    first_seen_at: datetime | None = None
    """When we first learned of any of it."""
    pages: dict[str, PageStory] = {}
    tickets: dict[str, TicketStory] = {}
    threads: tuple[str, ...] = ()
    summons: dict[str, Summons] = {}
    customers: dict[str, CustomerStory] = {}
    dri: Dri | None = None
    joined_into: str = ""
    split_from: str = ""
    dismissed_at: datetime | None = None
    refused_commands: tuple[str, ...] = ()
    vendor_clock: bool = False
    csms: frozenset[str] = frozenset()
    """E-mails of the customer's CSMs, whose public comments are no contact."""
    retracted: frozenset[str] = frozenset()
    automatic: frozenset[str] = frozenset()

    @property
    def open_tickets(self) -> tuple[TicketStory, ...]:
        """Member tickets that were not merged away, most urgent first, then oldest."""
        rest = [ticket for ticket in self.tickets.values() if not ticket.merged_into and not ticket.missing]
        return tuple(sorted(rest, key=lambda t: (t.solved, PRIORITIES.get(t.priority, 9), t.key)))

    @property
    def has_ticket(self) -> bool:
        """Whether any ticket is tied, merged ones included; one that Zendesk does not know is none."""
        return any(not ticket.missing for ticket in self.tickets.values())

    @property
    def ticket(self) -> TicketStory | None:
        """The ticket that the emergency shows: the most urgent that was not merged away."""
        return self.open_tickets[0] if self.open_tickets else None

    @property
    def live_pages(self) -> tuple[PageStory, ...]:
        """Pages that were not merged into another one, ringing ones first."""
        order = {"triggered": 0, "acknowledged": 1, "resolved": 2, "merged": 3}
        rest = [page for page in self.pages.values() if page.status != "merged" and not page.missing]
        return tuple(sorted(rest, key=lambda p: (order[p.status], p.key)))

    @property
    def page(self) -> PageStory | None:
        """The page that the emergency shows: one that rings, else one acknowledged, else the last resolved."""
        return self.live_pages[0] if self.live_pages else None

    @property
    def customer(self) -> CustomerStory | None:
        """The customer of the ticket that is shown."""
        ticket = self.ticket
        return self.customers.get(ticket.customer) if ticket else None

    def contact_at(self, page: str) -> datetime | None:
        """When we first wrote to the customer on a ticket that belongs with this page; none while nobody has
        (PAGE-9)."""
        own = self.pages[page].tickets if page in self.pages else ()
        tickets = [self.tickets[key] for key in own if key in self.tickets] or list(self.tickets.values())
        return min((ticket.contact_at for ticket in tickets if ticket.contact_at), default=None)

    def contacted(self, page: str) -> bool:
        """Whether we wrote to the customer on a ticket that belongs with this page (PAGE-9)."""
        return self.contact_at(page) is not None


PRIORITIES = {"urgent": 0, "high": 1, "normal": 2, "low": 3, "": 4}
