"""Which of the vendors' facts are what we asked for: a press and what came of it are one line of the timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from ceoc.outbox.models import Command
from emergencies.story import kinds as k
from emergencies.story.entries import Entry

CLOCKS_APART = timedelta(minutes=2)
"""By how much a vendor's clock may be behind ours."""

BROUGHT_ABOUT: Mapping[str, tuple[type[k.Fact], ...]] = {
    "acknowledge": (k.PageAcknowledged,),
    "resolve": (k.PageResolved,),
    "ring_again": (k.PageUnacknowledged, k.PageReopened),
    "page_note": (k.PageNote,),
    "call_colleague": (k.SummonsSent,),
    "public_reply": (k.PublicReply,),
    "internal_note": (k.InternalNote,),
    "thread_reply": (k.ThreadMessage,),
    "slack_post": (k.ThreadStarted, k.ThreadMessage),
    "change_ticket": (k.TicketChanged,),
}
"""What each kind of command brings about at its vendor."""

ELSEWHERE = frozenset({"call_colleague", "slack_post"})
"""Kinds that make an object of their own, which nobody can name before."""


def echoes(entries: Iterable[Entry], commands: Iterable[Command]) -> dict[str, Command]:
    """By an entry's key, the delivered command whose answer it is: the same act of the same person on the same object,
    the nearest in time, each once. A command whose fact has not come back yet has none."""
    told = [entry for entry in entries if entry.told_by != "person"]
    found: dict[str, Command] = {}
    for command in commands:
        if command.state != "delivered" or command.delivered_at is None:
            continue
        fits = [entry for entry in told if entry.key not in found and _is_answer(entry, command)]
        if fits:
            found[_nearest(fits, command.delivered_at).key] = command
    return found


def _is_answer(entry: Entry, command: Command) -> bool:
    return (
        isinstance(entry.fact, BROUGHT_ABOUT.get(command.kind, ()))
        and entry.actor.lower() == command.by.lower()
        and (command.kind in ELSEWHERE or entry.subject == command.object)
        and entry.at >= command.queued_at - CLOCKS_APART
    )


def _nearest(entries: Sequence[Entry], at: datetime) -> Entry:
    return min(entries, key=lambda entry: (abs(entry.at - at), entry.key))
