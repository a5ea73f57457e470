"""What an HTTP answer of a vendor means: none of our errors, or which of the three. Pure; one table for all vendors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from ceoc.vendors.errors import Ambiguous, Refused, Unavailable, VendorError

LONGEST_WAIT = 3600.0
LONGEST_SAYING = 240


class Answer(msgspec.Struct, frozen=True):
    """An HTTP answer, complete. Header names in any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def verdict(answer: Answer, *, name: str, writes: bool, wall: datetime) -> VendorError | None:
    """The error that an answer is, or None for success. `name` is the vendor's for sentences, `wall` real time.

    5xx to a write is Ambiguous: the vendor may have done it before it failed. 429 and 503 say that nothing was done.
    """
    status = answer.status
    if 200 <= status < 300:
        return None
    if status == 429:
        return Unavailable(f"{name} asked us to wait.", retry_after=retry_after(answer.headers, wall))
    if status in (408, 503):
        return Unavailable(f"{name} is not available at the moment.", retry_after=retry_after(answer.headers, wall))
    if status >= 500:
        trouble = f"{name} has trouble of its own (HTTP {status})"
        return Ambiguous(f"{trouble}; it may have been done.") if writes else Unavailable(f"{trouble}.")
    return Refused(_refusal(answer, name), status=status)


def retry_after(headers: Mapping[str, str], wall: datetime) -> float | None:
    """Seconds to wait, from Retry-After (seconds, with a fraction or not, or a date) or PagerDuty's ratelimit-reset."""
    lower = {key.lower(): value for key, value in headers.items()}
    for name in ("retry-after", "ratelimit-reset"):
        if name in lower:
            wait = _seconds(lower[name], wall)
            if wait is not None:
                return min(max(wait, 0.0), LONGEST_WAIT)
    return None


def saying(body: bytes) -> str:
    """The vendor's own words about an error, short and on one line; "" when it gave none that can be read."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    found = " ".join(dict.fromkeys(part for part in _words(data) if part))
    printable = "".join(char if char.isprintable() else " " for char in found)
    return " ".join(printable.split())[:LONGEST_SAYING]


def _refusal(answer: Answer, name: str) -> str:
    if answer.status == 401:
        return f"{name} does not accept the dashboard's token."
    if 300 <= answer.status < 400:
        return f"{name} sent us to another address; the address in the settings is not the right one."
    said = saying(answer.body)
    if answer.status == 404:
        return f"{name} does not have it (any more)."
    if answer.status == 403:
        return f"{name} does not allow it{': ' + said if said else '.'}"
    return f"{name} refused{': ' + said if said else f' (HTTP {answer.status}).'}"


def _seconds(value: str, wall: datetime) -> float | None:
    try:
        return float(value)
    except ValueError:
        pass
    try:
        return (parsedate_to_datetime(value) - wall).total_seconds()
    except (TypeError, ValueError):
        return None


def _words(data: Any) -> list[str]:
    """PagerDuty: error.message and error.errors. Zendesk: description and details, else error. Slack: error."""
    if not isinstance(data, dict):
        return []
    error = data.get("error")
    if isinstance(error, dict):
        return [_text(error.get("message")), _text(error.get("title")), *map(_text, _list(error.get("errors")))]
    details = data.get("details")
    described = (
        [
            _text(one.get("description"))
            for several in details.values()
            for one in _list(several)
            if isinstance(one, dict)
        ]
        if isinstance(details, dict)
        else []
    )
    return described or [_text(data.get("description")) or _text(data.get("message")) or _text(error)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
