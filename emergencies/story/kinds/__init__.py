"""The kinds of entries: what can have happened, one frozen struct per kind (architecture.md 2.1, vocabulary.md).

A fact says *what* happened; who, when, where from and to which subject stands on the entry that carries it. Facts
hold no text
that people wrote (that lies apart, so that it can be erased) and nothing from a roster or a clock. Instants are
aware, UTC.
"""

from __future__ import annotations

from typing import Any

import msgspec

from emergencies.story.kinds.commands import (
    CommandDelivered,
    CommandDismissed,
    CommandQueued,
    CommandRefused,
    Unreadable,
)
from emergencies.story.kinds.customers import CustomerRead
from emergencies.story.kinds.emergencies import (
    Dismissed,
    DriChanged,
    Joined,
    Linked,
    Note,
    Retracted,
    SaidAutomatic,
    SplitFrom,
    Unlinked,
)
from emergencies.story.kinds.fact import Account, Fact, Unknown
from emergencies.story.kinds.pages import (
    PageAckLimit,
    PageAcknowledged,
    PageEscalated,
    PageExhausted,
    PageMerged,
    PageNote,
    PageReassigned,
    PageReopened,
    PageResolved,
    PageSnoozed,
    PageTriggered,
    PageUnacknowledged,
    ResponderAdded,
    SummonsAnswered,
    SummonsSent,
)
from emergencies.story.kinds.threads import (
    ThreadDeleted,
    ThreadEdited,
    ThreadMessage,
    ThreadStarted,
)
from emergencies.story.kinds.tickets import (
    AutomaticComment,
    CustomerReply,
    InternalNote,
    MacroApplied,
    PublicReply,
    TicketChanged,
    TicketContinued,
    TicketCreated,
    TicketMerged,
    TicketReopened,
    TicketSolved,
)

__all__ = [
    "KINDS",
    "UPCASTERS",
    "Account",
    "AutomaticComment",
    "CommandDelivered",
    "CommandDismissed",
    "CommandQueued",
    "CommandRefused",
    "CustomerRead",
    "CustomerReply",
    "Dismissed",
    "DriChanged",
    "Fact",
    "InternalNote",
    "Joined",
    "Linked",
    "MacroApplied",
    "Note",
    "PageAckLimit",
    "PageAcknowledged",
    "PageEscalated",
    "PageExhausted",
    "PageMerged",
    "PageNote",
    "PageReassigned",
    "PageReopened",
    "PageResolved",
    "PageSnoozed",
    "PageTriggered",
    "PageUnacknowledged",
    "PublicReply",
    "ResponderAdded",
    "Retracted",
    "SaidAutomatic",
    "SplitFrom",
    "SummonsAnswered",
    "SummonsSent",
    "ThreadDeleted",
    "ThreadEdited",
    "ThreadMessage",
    "ThreadStarted",
    "TicketChanged",
    "TicketContinued",
    "TicketCreated",
    "TicketMerged",
    "TicketReopened",
    "TicketSolved",
    "Unknown",
    "Unlinked",
    "Unreadable",
    "read",
    "write",
]


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
