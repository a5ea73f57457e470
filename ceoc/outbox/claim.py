"""Takes the next command of a lane, so that nobody else has it at the same time.

A lane is a vendor, or one of its accounts. Within a lane a command waits for earlier unfinished ones about the same
object of the same emergency, and for nothing else; at most `AT_ONCE` of a lane are at the vendor at any time, so that
one that hangs never takes all workers.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import structlog
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from ceoc.access.classes import ClassedQuerySet
from ceoc.outbox.models import UNFINISHED, WAITING, Command
from ceoc.outbox.queue import changed

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=120)
"""Longer than all requests of one delivery can take together."""
AT_ONCE = 2

CRASHED = "The worker that sent it did not come back. Looking whether it was done."


class Lane(msgspec.Struct, frozen=True, order=True):
    """A vendor, or one of its accounts."""

    vendor: str
    account: str = ""

    @property
    def name(self) -> str:
        """Names the lane, for locks and logs."""
        return f"{self.vendor}:{self.account}"


def lanes_due(wall: datetime, now: datetime) -> list[Lane]:
    """The lanes in which something may be done: due, stale, or left by a worker that did not come back. One query."""
    due = Q(due_at__lte=wall) | Q(lease_until__lte=wall) | Q(expires_at__lte=now, state__in=("queued", "will_retry"))
    found = Command.objects.filter(due, state__in=UNFINISHED).values_list("vendor", "account").distinct()
    return sorted(Lane(vendor, account) for vendor, account in found)


def claim(lane: Lane, wall: datetime) -> Command | None:
    """The command of the lane that is next, now `sending` (or still `checking`) and leased; None when there is none."""
    with transaction.atomic():
        _one_at_a_time(lane)
        _recover(lane, wall)
        mine = _of(lane)
        if mine.filter(lease_until__gt=wall).count() >= AT_ONCE:
            return None
        earlier = Command.objects.filter(
            vendor=OuterRef("vendor"),
            group=OuterRef("group"),
            object=OuterRef("object"),
            id__lt=OuterRef("id"),
            state__in=UNFINISHED,
        )
        ready = mine.filter(state__in=WAITING, due_at__lte=wall).filter(Q(lease_until=None) | Q(lease_until__lte=wall))
        command: Command | None = (
            ready.exclude(Exists(earlier)).order_by("due_at", "id").select_for_update(skip_locked=True).first()
        )
        if command is None:
            return None
        _take(command, wall)
        changed(command)
    return command


def _take(command: Command, wall: datetime) -> None:
    command.lease_until = wall + LEASE
    if command.state != "checking":
        command.state, command.due_at, command.sent_at = "sending", None, wall
        command.attempts += 1
    command.save(update_fields=["lease_until", "state", "due_at", "sent_at", "attempts"])


def _recover(lane: Lane, wall: datetime) -> None:
    """What a worker was sending when it died may have been done: it is looked for, never blindly sent again."""
    lost = _of(lane).filter(state="sending", lease_until__lte=wall).select_for_update(skip_locked=True)
    for command in lost:
        log.warning("command_left_behind", command_id=command.public_id, kind=command.kind)
        command.state, command.due_at, command.lease_until, command.reason = "checking", wall, None, CRASHED
        command.save(update_fields=["state", "due_at", "lease_until", "reason"])
        changed(command)


def _one_at_a_time(lane: Lane) -> None:
    """Claims of a lane follow each other, so that two never count the same free place; for this transaction only."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"ceoc outbox {lane.name}"])


def _of(lane: Lane) -> ClassedQuerySet:
    found: ClassedQuerySet = Command.objects.filter(vendor=lane.vendor, account=lane.account)
    return found
