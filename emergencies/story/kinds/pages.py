"""What happens to pages and to summonses at PagerDuty."""

from __future__ import annotations

from datetime import datetime

from emergencies.story.kinds.fact import Account, Fact


class PageTriggered(Fact, frozen=True):
    """A customer asks for the engineer on call (PAGE-1)."""

    kind = "page_triggered"
    rank = 10
    service: str = ""
    policy: str = ""
    """Name of the escalation policy; settings map it to a region."""
    portal: Account | None = None
    """The portal that settings map the service to; none for a service that is not mapped."""
    by_hand: bool = False
    """Triggered by a person in PagerDuty, not by a customer's form (PAGE-13)."""
    tickets: tuple[str, ...] = ()
    """Subject keys of the tickets that the page's body or custom details name (PAGE-14)."""
    number: int = 0
    url: str = ""
    assigned: tuple[str, ...] = ()


class PageAcknowledged(Fact, frozen=True):
    """Seen, and the ticket under review (PAGE-1, PAGE-2)."""

    kind = "page_acknowledged"
    by_manager: bool = False
    """Whether the one who did it is a manager of ours: that makes no DRI (readings.md, 'DRI')."""


class PageUnacknowledged(Fact, frozen=True):
    """The acknowledgement ran out; the page rings again."""

    kind = "page_unacknowledged"


class PageEscalated(Fact, frozen=True):
    """Passed on to the next level of its escalation policy."""

    kind = "page_escalated"
    to: tuple[str, ...] = ()


class PageReassigned(Fact, frozen=True):
    """Assigned to other people, or to another escalation policy."""

    kind = "page_reassigned"
    to: tuple[str, ...] = ()
    policy: str = ""


class PageSnoozed(Fact, frozen=True):
    """Acknowledged until an instant, then it rings again."""

    kind = "page_snoozed"
    until: datetime | None = None


class PageAckLimit(Fact, frozen=True):
    """PagerDuty lets nobody acknowledge it any more."""

    kind = "page_ack_limit"


class PageExhausted(Fact, frozen=True):
    """The whole escalation chain was rung and nobody took it."""

    kind = "page_exhausted"


class PageResolved(Fact, frozen=True):
    """Resolved in PagerDuty. The customer's trouble need not be over (PAGE-1)."""

    kind = "page_resolved"
    rank = 60


class PageReopened(Fact, frozen=True):
    """Back to triggered after it was resolved: it rings again."""

    kind = "page_reopened"


class PageMerged(Fact, frozen=True):
    """Merged into another page at PagerDuty (PAGE-14)."""

    kind = "page_merged"
    rank = 61
    into: str = ""


class PageNote(Fact, frozen=True):
    """A note written on the page in PagerDuty."""

    kind = "page_note"


class ResponderAdded(Fact, frozen=True):
    """Somebody was asked to join the page."""

    kind = "responder_added"
    who: str = ""


class SummonsSent(Fact, frozen=True):
    """A colleague was called by a page of ours or of a person (PAGE-13)."""

    kind = "summons_sent"
    rank = 10
    to: tuple[str, ...] = ()
    about: str = ""
    """Public id of the emergency that it is about, where known."""


class SummonsAnswered(Fact, frozen=True):
    """The colleague acknowledged or resolved the summons."""

    kind = "summons_answered"
