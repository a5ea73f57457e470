"""The kinds of entries: what can have happened, one frozen struct per kind (architecture.md 2.1, vocabulary.md).

A fact says *what* happened; who, when, where from and to which subject stands on the entry that carries it. Facts
hold no text
that people wrote (that lies apart, so that it can be erased) and nothing from a roster or a clock. Instants are
aware, UTC.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, Literal

import msgspec

Account = Literal["global", "us_gov"]
"""A Zendesk account, and the class of every stored thing."""


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What happened. `kind` is its word in the vocabulary; `version` grows when the fields' meaning changes."""

    kind: ClassVar[str] = ""
    version: ClassVar[int] = 1
    rank: ClassVar[int] = 50
    """Order between facts of the same instant: causes before what follows from them."""


# --- page ---------------------------------------------------------------------------------------------------------


class PageTriggered(Fact):
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


class PageAcknowledged(Fact):
    """Seen, and the ticket under review (PAGE-1, PAGE-2)."""

    kind = "page_acknowledged"
    by_manager: bool = False
    """Whether the one who did it is a manager of ours: that makes no DRI (readings.md, 'DRI')."""


class PageUnacknowledged(Fact):
    """The acknowledgement ran out; the page rings again."""

    kind = "page_unacknowledged"


class PageEscalated(Fact):
    """Passed on to the next level of its escalation policy."""

    kind = "page_escalated"
    to: tuple[str, ...] = ()


class PageReassigned(Fact):
    """Assigned to other people, or to another escalation policy."""

    kind = "page_reassigned"
    to: tuple[str, ...] = ()
    policy: str = ""


class PageSnoozed(Fact):
    """Acknowledged until an instant, then it rings again."""

    kind = "page_snoozed"
    until: datetime | None = None


class PageAckLimit(Fact):
    """PagerDuty lets nobody acknowledge it any more."""

    kind = "page_ack_limit"


class PageExhausted(Fact):
    """The whole escalation chain was rung and nobody took it."""

    kind = "page_exhausted"


class PageResolved(Fact):
    """Resolved in PagerDuty. The customer's trouble need not be over (PAGE-1)."""

    kind = "page_resolved"
    rank = 60


class PageReopened(Fact):
    """Back to triggered after it was resolved: it rings again."""

    kind = "page_reopened"


class PageMerged(Fact):
    """Merged into another page at PagerDuty (PAGE-14)."""

    kind = "page_merged"
    rank = 61
    into: str = ""


class PageNote(Fact):
    """A note written on the page in PagerDuty."""

    kind = "page_note"


class ResponderAdded(Fact):
    """Somebody was asked to join the page."""

    kind = "responder_added"
    who: str = ""


# --- summons ------------------------------------------------------------------------------------------------------


class SummonsSent(Fact):
    """A colleague was called by a page of ours or of a person (PAGE-13)."""

    kind = "summons_sent"
    rank = 10
    to: tuple[str, ...] = ()
    about: str = ""
    """Public id of the emergency that it is about, where known."""


class SummonsAnswered(Fact):
    """The colleague acknowledged or resolved the summons."""

    kind = "summons_answered"


# --- ticket -------------------------------------------------------------------------------------------------------


class TicketCreated(Fact):
    """A ticket begins. Its first comment is the description, never a customer's reply."""

    kind = "ticket_created"
    rank = 9
    customer: str = ""
    """Subject key of the customer: the organisation, else the requester."""
    requester: str = ""
    priority: str = ""
    status: str = ""
    form: str = ""
    pages: tuple[str, ...] = ()
    """Subject keys of the pages that the ticket's own field names (PAGE-14)."""
    url: str = ""
    continues: str = ""
    """Subject key of the closed ticket that this one follows up."""
    attachments: tuple[str, ...] = ()


class TicketChanged(Fact):
    """One field of a ticket got another value.

    `field` is one of: status priority form stage product assignee requester customer pages related subject tags. For
    tags the
    change stands in `added` and `removed`; for customer and pages `to` holds subject keys (pages separated by blanks).
    """

    kind = "ticket_changed"
    rank = 20
    field: str = ""
    to: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    by_agent: bool = False


class TicketMerged(Fact):
    """Merged into another ticket (PAGE-14, OPEN-2)."""

    kind = "ticket_merged"
    rank = 61
    into: str = ""


class TicketSolved(Fact):
    """Marked solved or closed (DONE-1)."""

    kind = "ticket_solved"
    rank = 60
    by_agent: bool = True


class TicketReopened(Fact):
    """Open again after it was solved."""

    kind = "ticket_reopened"
    rank = 21
    by_agent: bool = False


class TicketContinued(Fact):
    """A follow-up ticket was made from this closed one."""

    kind = "ticket_continued"
    by: str = ""


class PublicReply(Fact):
    """A public comment of an agent. A contact when its author is one of our people and not the customer's CSM
    (PAGE-7)."""

    kind = "public_reply"
    rank = 30
    ours: bool = True
    """Whether the author is a person of our list; bots and strangers are not."""
    comment: str = ""
    attachments: tuple[str, ...] = ()
    turn: Literal["theirs", "ours"] = "theirs"
    begun_at: datetime | None = None
    """When a reply from the composer was begun; a word of the customer seen only later is not answered by it."""


class CustomerReply(Fact):
    """A public comment of the customer (PAGE-12)."""

    kind = "customer_reply"
    rank = 30
    comment: str = ""
    attachments: tuple[str, ...] = ()


class AutomaticComment(Fact):
    """A comment of a trigger or a bot: never a contact."""

    kind = "automatic_comment"
    rank = 31
    comment: str = ""
    public: bool = True


class InternalNote(Fact):
    """A comment that the customer does not see: never a contact (PAGE-7)."""

    kind = "internal_note"
    rank = 30
    comment: str = ""
    attachments: tuple[str, ...] = ()


class MacroApplied(Fact):
    """A macro was applied in Zendesk, seen in the ticket's audits (QUAL-9)."""

    kind = "macro_applied"
    rank = 25
    title: str = ""
    macro: str = ""


# --- thread -------------------------------------------------------------------------------------------------------


class ThreadStarted(Fact):
    """The Slack thread of an emergency begins (COMM-1)."""

    kind = "thread_started"
    rank = 11
    channel: str = ""
    pages: tuple[str, ...] = ()
    """Subject keys of the pages that the message names which the thread hangs on."""
    url: str = ""


class ThreadMessage(Fact):
    """Somebody wrote in the thread."""

    kind = "thread_message"
    rank = 30
    message: str = ""
    mentions: tuple[str, ...] = ()


class ThreadEdited(Fact):
    """A message of the thread was changed."""

    kind = "thread_edited"
    rank = 32
    message: str = ""


class ThreadDeleted(Fact):
    """A message of the thread was deleted."""

    kind = "thread_deleted"
    rank = 33
    message: str = ""


# --- customer -----------------------------------------------------------------------------------------------------


class CustomerRead(Fact):
    """What Zendesk says of a customer at a time (ENT-1, ENT-3)."""

    kind = "customer_read"
    rank = 12
    name: str = ""
    plan: str = ""
    subscription_start: date | None = None
    subscription_end: date | None = None
    seats: int | None = None
    csm: str = ""
    product: str = ""
    zone: str = ""
    us_gov_support: str = ""


# --- emergency ----------------------------------------------------------------------------------------------------


class Linked(Fact):
    """A subject became part of the emergency, with all that happened to it before."""

    kind = "linked"
    rank = 5
    subject: str = ""
    why: str = ""


class Unlinked(Fact):
    """A subject was taken out of the emergency by a person; it is not tied to it again by itself."""

    kind = "unlinked"
    rank = 70
    subject: str = ""
    why: str = ""


class Joined(Fact):
    """The emergency went into an older one, which keeps its determination, DRI and runbook."""

    kind = "joined"
    rank = 80
    into: str = ""
    why: str = ""


class SplitFrom(Fact):
    """The emergency began by taking a subject out of another one."""

    kind = "split_from"
    rank = 4
    other: str = ""
    why: str = ""


class DriChanged(Fact):
    """A person made somebody the DRI, with a reason (DRI-3)."""

    kind = "dri_changed"
    rank = 40
    to: str = ""
    why: str = ""


class SaidAutomatic(Fact):
    """A person says that a customer's comment was an automatic reply: it does not count as a word of theirs."""

    kind = "said_automatic"
    rank = 41
    entry: str = ""


class Dismissed(Fact):
    """A person says, with a reason, that a page without a ticket is no emergency (ends as `withdrawn`)."""

    kind = "dismissed"
    rank = 75
    why: str = ""


class Note(Fact):
    """A note written in the dashboard."""

    kind = "note"
    rank = 30


class Retracted(Fact):
    """An entry made in the dashboard is taken back, from then on."""

    kind = "retracted"
    rank = 90
    entry: str = ""
    """Public id of the entry that is taken back."""
    why: str = ""


# --- any ----------------------------------------------------------------------------------------------------------


class CommandQueued(Fact):
    """A person wants something done at a vendor; a wish, not a fact of the vendor."""

    kind = "command_queued"
    rank = 45
    command: str = ""
    vendor: str = ""
    act: str = ""
    about: str = ""
    although: str = ""


class CommandDelivered(Fact):
    """The vendor confirmed a command."""

    kind = "command_delivered"
    rank = 46
    command: str = ""
    act: str = ""


class CommandRefused(Fact):
    """The vendor, or the look before sending, refused a command; a person retries or dismisses it."""

    kind = "command_refused"
    rank = 47
    command: str = ""
    act: str = ""
    reason: str = ""


class CommandDismissed(Fact):
    """A person put a command aside, or it expired."""

    kind = "command_dismissed"
    rank = 48
    command: str = ""
    act: str = ""
    why: str = ""


class Unreadable(Fact):
    """A vendor told something about this subject that could not be read."""

    kind = "unreadable"
    delivery: str = ""
    reason: str = ""


class Unknown(Fact):
    """An entry of a kind that this release does not know: kept, shown by its word, and no part of any rule."""

    kind = "unknown"
    word: str = ""


def _kinds(base: type[Fact]) -> dict[str, type[Fact]]:
    return {cls.kind: cls for cls in base.__subclasses__() if cls is not Unknown}


KINDS: dict[str, type[Fact]] = _kinds(Fact)
"""Every kind by its word."""

UPCASTERS: dict[tuple[str, int], Any] = {}
"""(kind, version) → function that turns that version's data into the next one's; tested on a kept fixture of each
version."""


def write(fact: Fact) -> dict[str, Any]:
    """The fact as JSON-ready data, without its kind and version."""
    data: dict[str, Any] = msgspec.to_builtins(fact)
    return data


def read(kind: str, version: int, data: dict[str, Any]) -> Fact:
    """The fact that was written as `data`. Unknown fields are left where they are, in the row; unknown kinds become
    `Unknown`."""
    cls = KINDS.get(kind)
    if cls is None or version > cls.version:
        return Unknown(word=kind)
    while version < cls.version:
        data = UPCASTERS[kind, version](data)
        version += 1
    return msgspec.convert(data, cls)
