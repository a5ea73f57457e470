"""Empties the inbox, for a demo that starts over; retention aside, nothing else ever deletes from it."""

from __future__ import annotations

from ceoc.inbox.models import Delivery


def empty() -> None:
    """Deletes every delivery. A worker that reads one finds its row gone and changes nothing."""
    Delivery.objects.all().delete()
