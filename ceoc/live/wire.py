"""How things travel in a stream: server-sent events, each with one line of JSON."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from ceoc.live.parts import Part


def encode(part: Part) -> bytes:
    """One part as JSON."""
    return msgspec.json.encode(part)


def parts_frame(channel: str, encoded: Iterable[bytes]) -> bytes:
    """The parts of a channel as one message."""
    return b'data: {"on":%b,"parts":[%b]}\n\n' % (msgspec.json.encode(channel), b",".join(encoded))


def frame(event: str, **data: Any) -> bytes:
    """A message with a name: `hello`, `beat`, `state`, `again`, `out`."""
    return b"event: %b\ndata: %b\n\n" % (event.encode(), msgspec.json.encode(data))


def clock(now: datetime, rate: float) -> dict[str, Any]:
    """What a browser needs to run the domain's clock."""
    return {"now": now, "rate": rate}
