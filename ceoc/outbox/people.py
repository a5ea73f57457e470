"""What people do with commands: send again, put aside, take back. Who may is asked by the pages."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ceoc import clock, wake
from ceoc.outbox.models import Command
from ceoc.outbox.queue import SWEEP, changed, expiry
from ceoc.outbox.settle import Outcome, write

RETRIED = ("refused", "asks", "expired", "will_retry", "checking")
DISMISSED = ("held", "queued", "will_retry", "asks", "refused")


class TooLate(Exception):
    """The command is in another state by now; the text is the sentence that the person reads."""


def retry(command: Command, *, by: str, now: datetime) -> None:
    """Send now what was refused, asks, expired or waits; what may have been done is looked for at once."""
    with transaction.atomic():
        row = _locked(command)
        if row.state not in RETRIED or row.lease_until is not None:
            raise TooLate(SENTENCES.get(row.state, SENTENCES["sending"]))
        row.due_at = clock.wall()
        if row.state != "checking":
            row.state, row.expires_at, row.mishaps = "queued", expiry(row.kind, now), 0
            row.reason = f"Sent again by {by}."
        row.save(update_fields=["due_at", "state", "expires_at", "mishaps", "reason"])
        changed(row)
        wake.wake(SWEEP)


def dismiss(command: Command, *, by: str, now: datetime) -> None:
    """Put aside: it will not be sent."""
    with transaction.atomic():
        row = _locked(command)
        if row.state not in DISMISSED:
            raise TooLate(SENTENCES.get(row.state, SENTENCES["sending"]))
        why = f"Put aside by {by}." if not row.reason else f"Put aside by {by}. Before that: {row.reason}"
        write(row, Outcome(state="dismissed", reason=why, by=by), now)


def take_back(command: Command, *, by: str, now: datetime) -> None:
    """Take back what is still held: it will not be sent."""
    with transaction.atomic():
        row = _locked(command)
        if row.state != "held":
            raise TooLate(SENTENCES.get(row.state, "It is on its way already and cannot be taken back."))
        write(row, Outcome(state="dismissed", reason=f"Taken back by {by}.", by=by), now)


def _locked(command: Command) -> Command:
    row: Command = Command.objects.select_for_update().get(pk=command.pk)
    return row


SENTENCES = {
    "held": "It is held for a few seconds more, and sent then.",
    "queued": "It is in the queue and will be sent.",
    "sending": "It is being sent at this moment. Wait for the vendor's answer.",
    "checking": "It may have been done. Wait until that is known.",
    "delivered": "It was delivered already.",
    "dismissed": "It was put aside already.",
    "expired": "It is over: it waited too long, or somebody was quicker.",
}
