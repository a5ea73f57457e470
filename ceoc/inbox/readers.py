"""Who reads which vendor's deliveries. The platform knows no emergencies: the app that does registers its readers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec


class Unreadable(Exception):
    """What was delivered cannot be understood, now or later; the text is the reason that an administrator reads."""


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery as its reader gets it."""

    public_id: str
    vendor: str
    account: str
    event_id: str
    kind: str
    headers: dict[str, str]
    body: bytes
    cut: bool
    received_at: datetime
    attempts: int = 1
    """How often it was tried, this time included."""


Reader = Callable[[Received, datetime], str | None]
"""Takes a delivery and `now`; answers the class of what it told (`global`, `us_gov`), or none where it told nothing.

Raises Unreadable where it can never be read; any other failure is tried again.
"""

_readers: dict[str, Reader] = {}


def register(vendor: str, reader: Reader) -> None:
    """Makes `reader` the one for that vendor's deliveries; called once, in an app's `ready`."""
    _readers[vendor] = reader


def reader_of(vendor: str) -> Reader:
    """The vendor's reader. Raises Unreadable where nobody reads that vendor."""
    if vendor not in _readers:
        raise Unreadable(f"Nothing here reads deliveries of {vendor}.")
    return _readers[vendor]
