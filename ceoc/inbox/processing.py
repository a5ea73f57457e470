"""Reads what was kept: claims deliveries one by one, hands each to its vendor's reader, and settles it.

Safe to run anywhere, at any time, several at once: a claim is a conditional update under SKIP LOCKED that moves the
row's `due_at` on by the lease, and settling asks that the claim still stands. No transaction is open while a reader
works.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction

from ceoc import clock, wake
from ceoc.inbox.models import Delivery
from ceoc.inbox.readers import Received, Unreadable, reader_of
from ceoc.live.announce import announce
from ceoc.ops.edge import Edge
from ceoc.vendors.errors import Unavailable

log = structlog.get_logger(__name__)

TOPIC = "deliveries"
"""What is announced when a delivery changes."""
AGAIN = "It is read once more, as somebody asked."
LEASE = timedelta(seconds=60)
"""How long a reader may take before somebody else tries the delivery."""
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=5)


def process_due(now: datetime, limit: int = 200) -> int:
    """Reads up to `limit` deliveries that are due, oldest first, and says how many it tried.

    Each is read at the domain's present time, not at that of the sweep: a long queue would date the last ones early.
    """
    del now
    done = 0
    while done < limit:
        delivery = claim(clock.wall())
        if delivery is None:
            break
        process(delivery, clock.now())
        done += 1
    return done


def claim(wall: datetime) -> Delivery | None:
    """Takes the oldest delivery that is due, for the length of the lease; None when there is none."""
    with transaction.atomic():
        due = Delivery.objects.filter(state="stored", due_at__lte=wall).order_by("due_at", "id")
        delivery = due.select_for_update(skip_locked=True).first()
        if delivery is None:
            return None
        delivery.attempts += 1
        delivery.due_at = wall + LEASE
        delivery.save(update_fields=["attempts", "due_at"])
    return delivery


def process(delivery: Delivery, now: datetime) -> None:
    """Reads one claimed delivery and settles it: processed, unreadable with the reason, or due again later."""
    with structlog.contextvars.bound_contextvars(delivery_id=delivery.public_id):
        with Edge(log, "delivery_failed", vendor=delivery.vendor, kind=delivery.kind) as edge:
            _read(delivery, now)
        if edge.failed:
            _later(delivery, f"Something went wrong here ({edge.failed}). It is tried again.", None)


def _read(delivery: Delivery, now: datetime) -> None:
    try:
        klass = reader_of(delivery.vendor)(received(delivery), now)
    except Unreadable as error:
        log.warning("delivery_unreadable", vendor=delivery.vendor, kind=delivery.kind, reason=str(error))
        _settle(delivery, state="unreadable", processed_at=now, due_at=None, reason=str(error)[:500])
    except Unavailable as error:
        log.info("delivery_waits", vendor=delivery.vendor, reason=error.sentence)
        _later(delivery, error.sentence, error.retry_after)
    else:
        understood = {"klass": klass} if klass else {}
        _settle(delivery, state="processed", processed_at=now, due_at=None, reason="", **understood)


def received(delivery: Delivery) -> Received:
    """The delivery as its reader gets it."""
    return Received(
        public_id=delivery.public_id,
        vendor=delivery.vendor,
        account=delivery.account,
        event_id=delivery.event_id,
        kind=delivery.kind,
        headers=delivery.headers,
        body=bytes(delivery.body),
        cut=delivery.cut,
        received_at=delivery.received_at,
        attempts=delivery.attempts,
    )


def wait_after(attempts: int) -> timedelta:
    """How long to wait after that many tries: 2 s, 4 s, 8 s, … up to five minutes."""
    return min(FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 10), LONGEST_WAIT)


def replay(delivery: Delivery) -> None:
    """Reads a delivery once more, at once. Whatever it told is known already, so that nothing is doubled."""
    with transaction.atomic():
        Delivery.objects.filter(pk=delivery.pk).update(
            state="stored", due_at=clock.wall(), attempts=0, processed_at=None, reason=AGAIN
        )  # fmt: skip
        announce([TOPIC], delivery.klass)
        wake.wake("deliveries")


def _later(delivery: Delivery, reason: str, retry_after: float | None) -> None:
    wait = max(wait_after(delivery.attempts), timedelta(seconds=min(retry_after or 0, LONGEST_WAIT.total_seconds())))
    _settle(delivery, due_at=clock.wall() + wait, reason=reason[:500])


def _settle(delivery: Delivery, **fields: object) -> None:
    """Writes the outcome, unless the lease ran out and somebody else has the delivery now."""
    with transaction.atomic():
        claimed = Delivery.objects.filter(pk=delivery.pk, state="stored", due_at=delivery.due_at)
        if not claimed.update(**fields):
            log.warning("delivery_lease_lost", vendor=delivery.vendor)
            return
        changed = fields.get("klass", delivery.klass) != delivery.klass
        announce([TOPIC], "global" if changed else delivery.klass)
