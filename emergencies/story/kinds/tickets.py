"""What happens to tickets in Zendesk."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from emergencies.story.kinds.fact import Fact


class TicketCreated(Fact, frozen=True):
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


class TicketChanged(Fact, frozen=True):
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


class TicketMerged(Fact, frozen=True):
    """Merged into another ticket (PAGE-14, OPEN-2)."""

    kind = "ticket_merged"
    rank = 61
    into: str = ""


class TicketSolved(Fact, frozen=True):
    """Marked solved or closed (DONE-1)."""

    kind = "ticket_solved"
    rank = 60
    by_agent: bool = True


class TicketReopened(Fact, frozen=True):
    """Open again after it was solved."""

    kind = "ticket_reopened"
    rank = 21
    by_agent: bool = False


class TicketContinued(Fact, frozen=True):
    """A follow-up ticket was made from this closed one."""

    kind = "ticket_continued"
    by: str = ""


class PublicReply(Fact, frozen=True):
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


class CustomerReply(Fact, frozen=True):
    """A public comment of the customer (PAGE-12)."""

    kind = "customer_reply"
    rank = 30
    comment: str = ""
    attachments: tuple[str, ...] = ()


class AutomaticComment(Fact, frozen=True):
    """A comment of a trigger or a bot: never a contact."""

    kind = "automatic_comment"
    rank = 31
    comment: str = ""
    public: bool = True


class InternalNote(Fact, frozen=True):
    """A comment that the customer does not see: never a contact (PAGE-7)."""

    kind = "internal_note"
    rank = 30
    comment: str = ""
    attachments: tuple[str, ...] = ()


class MacroApplied(Fact, frozen=True):
    """A macro was applied in Zendesk, seen in the ticket's audits (QUAL-9)."""

    kind = "macro_applied"
    rank = 25
    title: str = ""
    macro: str = ""
