"""Delivers one claimed command: the fresh look before, the sending or the looking, and what follows."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from ceoc import clock
from ceoc.ops.edge import Edge
from ceoc.outbox import kinds
from ceoc.outbox.kinds import Kind, Moot, Order, Sent
from ceoc.outbox.models import Command
from ceoc.outbox.queue import order_of
from ceoc.outbox.settle import Outcome, settle, write
from ceoc.outbox.waits import wait_after
from ceoc.vendors.errors import Ambiguous, Refused, Unavailable, VendorError
from ceoc.vendors.hearing import about

log = structlog.get_logger(__name__)

MISHAPS = 4
"""After so many failures that nobody foresaw a command is given to a person."""
LOOK_AFTER = timedelta(seconds=1)
"""Real time after an ambiguous sending until the first look."""
NOT_THERE = "It had not arrived; it is sent again."
STALE = {
    "expired": "It waited so long that it is not sent any more.",
    "asks": "It waited more than {minutes} minutes, so it is not sent without you.",
}


def deliver(command: Command, now: datetime) -> bool:
    """Delivers a command that `claim` gave, and settles it. False when the vendor is in trouble: leave it for now."""
    with structlog.contextvars.bound_contextvars(command_id=command.public_id):
        with Edge(log, "command_failed", kind=command.kind) as edge, about(command.klass):  # one stops no other
            return _deliver(command, now)
        _mishap(command, edge.failed, now)
        return True


def _deliver(command: Command, now: datetime) -> bool:
    kind, order = kinds.get(command.kind), order_of(command)
    try:
        found = _look(kind, order, command) if command.state == "checking" else _send(kind, order, command, now)
    except Moot as moot:
        found = Outcome(state="expired", reason=moot.sentence)
    except VendorError as error:
        settle(command, _after(error, command), now)
        return isinstance(error, Refused)
    if isinstance(found, Outcome):
        settle(command, found, now)
        return True
    done_at = clock.now()  # the vendor took its time, and webhooks may have told of it meanwhile
    if settle(command, Outcome(state="delivered", answer=found.answer), done_at):
        _tell(found, order, done_at)
    return True


def _send(kind: Kind, order: Order, command: Command, now: datetime) -> Sent | Outcome:
    stale = stale_outcome(command, now)
    if stale is not None:
        return stale
    kind.check(order, now)
    return kind.send(order)


def _look(kind: Kind, order: Order, command: Command) -> Sent | Outcome:
    """Sent when it is there. 'Not there' is believed once the vendor has had its time."""
    found = kind.look(order)
    if found is not None:
        return found
    sure_at = (command.sent_at or command.queued_at) + kind.sure_after
    wall = clock.wall()
    if wall < sure_at:
        return Outcome(state="checking", reason=command.reason, due_at=sure_at)
    return Outcome(state="will_retry", reason=NOT_THERE, due_at=wall)


def _after(error: VendorError, command: Command) -> Outcome:
    """What follows from a door's error."""
    wall = clock.wall()
    if isinstance(error, Ambiguous):
        return Outcome(state="checking", reason=error.sentence, due_at=wall + LOOK_AFTER, sent_at=wall)
    if isinstance(error, Unavailable):
        due_at = wall + wait_after(command.attempts, random.random(), error.retry_after)  # noqa: S311 - no secret
        return Outcome(
            state="checking" if command.state == "checking" else "will_retry", reason=error.sentence, due_at=due_at
        )
    return Outcome(state="refused", reason=error.sentence)


def stale_outcome(command: Command, now: datetime) -> Outcome | None:
    """What a command becomes that waited too long by the domain's clock; None while it did not."""
    if command.expires_at is None or now < command.expires_at:
        return None
    kind = kinds.get(command.kind)
    minutes = int((kind.expires_after or timedelta()).total_seconds() // 60)
    return Outcome(state=kind.stale, reason=STALE[kind.stale].format(minutes=minutes))


def _tell(sent: Sent, order: Order, now: datetime) -> None:
    """Takes in what the vendor answered. The command is done whatever comes of it: webhooks and reads tell it too."""
    with Edge(log, "answer_not_told", kind=order.kind):  # what fails here is another room's
        try:
            sent.tell(now)
        except VendorError as error:
            log.info("answer_not_told", reason=error.sentence)


def _mishap(command: Command, error: str, now: datetime) -> None:
    """Something that nobody foresaw: it may have been done, so it is looked for; after some times a person decides."""
    with transaction.atomic():
        rows = Command.objects.select_for_update().filter(pk=command.pk, lease_until=command.lease_until)
        row = rows.exclude(lease_until=None).first()
        if row is None:
            return
        if row.mishaps + 1 < MISHAPS:
            due_at = clock.wall() + wait_after(row.mishaps + 2, random.random())  # noqa: S311 - no secret
            reason = f"Something went wrong here ({error}). Looking whether it was done."
            write(row, Outcome(state="checking", reason=reason, due_at=due_at, mishap=True), now)
            return
        _give_up(row, error, now)


def _give_up(row: Command, error: str, now: datetime) -> None:
    reason = f"Something went wrong here ({error}), {MISHAPS} times. Look at the vendor whether it was done."
    refused = Outcome(state="refused", reason=reason, mishap=True)
    with Edge(log, "command_end_not_told", kind=row.kind) as edge, transaction.atomic():
        write(row, refused, now)
    if edge.failed:  # telling of it is what fails: then the row alone says so
        Command.objects.filter(pk=row.pk).update(
            state="refused", reason=reason[:500], due_at=None, lease_until=None, mishaps=row.mishaps
        )
