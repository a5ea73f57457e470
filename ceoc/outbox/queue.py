"""Puts a command into the outbox, in the transaction of whatever wants it."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from ceoc import clock, wake
from ceoc.access.opaque import opaque_id
from ceoc.live.announce import announce
from ceoc.outbox import kinds
from ceoc.outbox.drafts import CommandDraft
from ceoc.outbox.kinds import Order
from ceoc.outbox.models import Command

SWEEP = "commands"
"""Name of the sweep that delivers, and of the topic that tells of changes."""


def queue(draft: CommandDraft, now: datetime) -> Command:
    """Adds the command; workers are woken after the transaction commits. `now` is the domain's.

    Raises KeyError for a kind that nobody registered, ValueError for one of another vendor.
    """
    kind = kinds.get(draft.kind)
    if kind.vendor != draft.vendor:
        raise ValueError(f"{draft.kind} is an act of {kind.vendor}, not of {draft.vendor}.")
    wall = clock.wall()
    released = wall + kind.hold
    command: Command = Command.objects.create(
        public_id=opaque_id(f"command:{uuid4().hex}"),
        klass=draft.klass,
        group=draft.group,
        object=draft.object,
        vendor=draft.vendor,
        account=draft.account,
        kind=draft.kind,
        payload=draft.payload,
        by=draft.by,
        although=draft.although[:500],
        state="held" if kind.hold else "queued",
        queued_at=now,
        hold_until=released if kind.hold else None,
        expires_at=expiry(draft.kind, clock.line().at(released) if kind.hold else now),
        due_at=released,
    )
    changed(command)
    wake.wake(SWEEP)
    return command


def expiry(kind: str, since: datetime) -> datetime | None:
    """When a command of that kind is stale that began to wait at `since`; by the domain's clock."""
    after = kinds.get(kind).expires_after
    return since + after if after else None


def changed(command: Command) -> None:
    """Announces that the command is otherwise than before; within the transaction that makes it so."""
    announce([SWEEP, f"emergency:{command.group}"] if command.group else [SWEEP], command.klass)


def order_of(command: Command) -> Order:
    """The command as the functions of its kind get it."""
    return Order(
        id=command.public_id,
        group=command.group,
        object=command.object,
        account=command.account,
        kind=command.kind,
        payload=command.payload,
        by=command.by,
        although=command.although,
        queued_at=command.queued_at,
        klass=command.klass,
        attempts=command.attempts,
    )
