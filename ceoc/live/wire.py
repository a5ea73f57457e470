"""How things travel in a stream: server-sent events, each with one line of JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from ceoc.live.parts import Part

SPREAD, LONGEST_SPREAD, SPREAD_OF_ONE = 300, 9_600, 10
"""Milliseconds: ten for each page, in steps that double, so that nobody reads off how many people are there."""


def encode(part: Part) -> bytes:
    """One part as JSON."""
    return msgspec.json.encode(part)


def parts_frame(channel: str, encoded: Iterable[bytes], pages: int = 1) -> bytes:
    """The parts of a channel as one message to so many pages."""
    wide = spread(pages)
    rest = b',"spread":%d' % wide if wide > SPREAD else b""
    return b'data: {"on":%b,"parts":[%b]%b}\n\n' % (msgspec.json.encode(channel), b",".join(encoded), rest)


def spread(pages: int) -> int:
    """Over how many milliseconds that many pages part their requests, when all of them are nudged at once."""
    wide = SPREAD
    while wide < min(pages * SPREAD_OF_ONE, LONGEST_SPREAD):
        wide *= 2
    return wide


def frame(event: str, **data: Any) -> bytes:
    """A message with a name: `hello`, `beat`, `state`, `again`, `out`."""
    return b"event: %b\ndata: %b\n\n" % (event.encode(), msgspec.json.encode(data))


def clock(now: datetime, rate: float) -> dict[str, Any]:
    """What a browser needs to run the domain's clock."""
    return {"now": now, "rate": rate}
