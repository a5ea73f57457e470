"""Empties the outbox, for a demo that starts over; nothing else ever deletes from it."""

from __future__ import annotations

from ceoc.outbox.models import Command


def empty() -> None:
    """Deletes every command. A worker that has one at a vendor finds its row gone and changes nothing."""
    Command.objects.all().delete()
