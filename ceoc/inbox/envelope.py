"""What stands on the outside of a delivery: the vendor's id and word for the event, read without understanding the
rest.

Never raises: a body that is no JSON, or JSON of another shape, has an id made from its bytes and no kind. Reading
what a delivery says is the readers' work, later.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

LONGEST_ID = 120
LONGEST_KIND = 80


class Envelope(msgspec.Struct, frozen=True):
    """Names a delivery. `challenge` is what Slack wants back when it tries an address."""

    event_id: str
    kind: str = ""
    challenge: str = ""


def envelope(vendor: str, body: bytes) -> Envelope:
    """The envelope of a body of that vendor."""
    try:
        data = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return Envelope(by_content(body))
    if not isinstance(data, dict):
        return Envelope(by_content(body))
    event_id, kind = _NAMES[vendor](data)
    challenge = data.get("challenge") if vendor == "slack" and data.get("type") == "url_verification" else ""
    return Envelope(
        clean(event_id, LONGEST_ID) or by_content(body),
        clean(kind, LONGEST_KIND),
        challenge if isinstance(challenge, str) else "",
    )


def by_content(body: bytes) -> str:
    """An id for a body that brings none: the same bytes are the same delivery."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def readable(body: bytes) -> bool:
    """Whether the body is a JSON object at all."""
    try:
        return isinstance(msgspec.json.decode(body), dict)
    except (msgspec.DecodeError, RecursionError):
        return False


def clean(value: Any, longest: int) -> str:
    """A vendor's word as text that a column takes: no NUL, not too long; empty for anything that is no text."""
    return value.replace("\x00", "")[:longest] if isinstance(value, str) else ""


def _pagerduty(data: dict[str, Any]) -> tuple[Any, Any]:
    event = data.get("event")
    return (event.get("id"), event.get("event_type")) if isinstance(event, dict) else (None, None)


def _zendesk(data: dict[str, Any]) -> tuple[Any, Any]:
    """Events name themselves; the trigger's JSON (docs/integrations.md) is known by its own word."""
    kind = data.get("type")
    if isinstance(kind, str) and kind.startswith("zen:event-type:"):
        return data.get("id"), kind.removeprefix("zen:event-type:")
    return None, "trigger" if data.get("ceoc") else None


def _slack(data: dict[str, Any]) -> tuple[Any, Any]:
    event = data.get("event")
    if not isinstance(event, dict):
        return data.get("event_id"), data.get("type")
    kind, subtype = event.get("type"), event.get("subtype")
    return data.get("event_id"), f"{kind}.{subtype}" if isinstance(kind, str) and isinstance(subtype, str) else kind


_NAMES = {"pagerduty": _pagerduty, "zendesk": _zendesk, "slack": _slack}
