"""Writes what became of a command, if the one who says so still has it, and tells its emergency when it ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal, get_args

import msgspec
import structlog
from django.db import transaction

from ceoc.outbox import kinds
from ceoc.outbox.kinds import End, Settled
from ceoc.outbox.models import Command
from ceoc.outbox.queue import changed, order_of

log = structlog.get_logger(__name__)

ENDS = get_args(End)


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a command. `due_at` (real time) where a worker shall come back to it."""

    state: Literal["delivered", "will_retry", "checking", "asks", "refused", "expired", "dismissed"]
    reason: str = ""
    due_at: datetime | None = None
    answer: dict[str, Any] = {}
    sent_at: datetime | None = None
    """When the vendor was last handed it, where that was just now."""
    mishap: bool = False
    by: str = ""
    """E-mail of the person who put it aside."""


def settle(command: Command, outcome: Outcome, now: datetime) -> bool:
    """Writes the outcome of a command that was claimed as it stands here; false when somebody else has it by now.

    The end of a command and the entry that tells of it are one transaction. `now` is the domain's.
    """
    with transaction.atomic():
        rows = Command.objects.select_for_update()
        row = rows.filter(pk=command.pk, state=command.state, lease_until=command.lease_until).first()
        if row is None:
            log.info("command_is_elsewhere", command_id=command.public_id, wanted=outcome.state)
            return False
        write(row, outcome, now)
    return True


def write(row: Command, outcome: Outcome, now: datetime) -> None:
    """Writes an outcome to a row that the caller has locked."""
    row.state, row.reason, row.due_at, row.lease_until = outcome.state, outcome.reason[:500], outcome.due_at, None
    row.sent_at = outcome.sent_at or row.sent_at
    row.mishaps += outcome.mishap
    if outcome.state == "delivered":
        row.delivered_at, row.answer, row.reason = now, outcome.answer, ""
    row.save(update_fields=["state", "reason", "due_at", "lease_until", "sent_at", "mishaps", "delivered_at", "answer"])
    changed(row)
    log.info("command_settled", command_id=row.public_id, kind=row.kind, state=row.state, attempts=row.attempts)
    if outcome.state in ENDS:
        end: End = outcome.state  # type: ignore[assignment]  # one of the four
        kinds.get(row.kind).settled(Settled(order_of(row), end, row.reason, outcome.by), now)
