"""What was asked of the vendors for one emergency, in its true state."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from ceoc.outbox.models import Command
from ceoc.vendors.names import NAMES
from emergencies.queries import words
from emergencies.queries.people import Faces
from emergencies.queries.phrases import ACTS
from emergencies.queries.rows import Pill, Times

OVER = frozenset({"delivered", "dismissed"})
"""States that need nobody's eye; the timeline tells of them."""

HELD, ASKS, REFUSED = frozenset({"held"}), frozenset({"asks"}), frozenset({"refused", "expired"})


class CommandRow(msgspec.Struct, frozen=True):
    """One command that is not over. `at` is the instant that its words end with: when it is tried again, or sent."""

    id: str
    who: str
    words: str
    pill: Pill
    text: str
    reason: str
    at_words: str
    at: datetime | None
    counts: bool
    """Whether `at` is counted down to."""
    may_take_back: bool
    asks: bool
    may_retry: bool


def command_rows(commands: Iterable[Command], faces: Faces, times: Times) -> tuple[CommandRow, ...]:
    """The commands that are not over, oldest first. No query."""
    return tuple(_row(command, faces, times) for command in commands if command.state not in OVER)


def _row(command: Command, faces: Faces, times: Times) -> CommandRow:
    at_words, at, counts = _when(command, times)
    return CommandRow(
        id=command.public_id,
        who=faces.name(command.by),
        words=ACTS.get(command.kind, command.kind.replace("_", " ")),
        pill=words.COMMAND_PILLS.get(command.state, words.COMMAND_PILLS["queued"]),
        text=str(command.payload.get("text", "")),
        reason=faces.said(command.reason),
        at_words=at_words,
        at=at,
        counts=counts,
        may_take_back=command.state in HELD,
        asks=command.state in ASKS,
        may_retry=command.state in REFUSED,
    )


def _when(command: Command, times: Times) -> tuple[str, datetime | None, bool]:
    """What its instant means, the instant, and whether it is counted down to."""
    vendor = NAMES.get(command.vendor, command.vendor)
    if command.state == "held":
        return f"goes to {vendor} in", times.shown(command.hold_until), True
    if command.state == "will_retry":
        tries = f"{command.attempts} {'try' if command.attempts == 1 else 'tries'} so far"
        return (
            f"{vendor} did not answer. It is kept and will be sent; {tries}, next at",
            times.shown(command.due_at),
            False,
        )
    if command.state == "asks":
        return "has waited long, and may be out of date. Written at", command.queued_at, False
    return f"for {vendor}, since", command.queued_at, False
