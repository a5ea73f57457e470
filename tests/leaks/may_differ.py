"""What may differ between two answers to the same question, as a short fixed list (docs/decisions/0015).

Everything else is the same, byte for byte, whether there are US Government matters or not.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class MayDiffer(NamedTuple):
    """One pattern, what stands in its place, and why it tells nothing."""

    looks: re.Pattern[str]
    instead: str
    why: str


LIST = (
    MayDiffer(
        re.compile(r'(name="csrfmiddlewaretoken" value|name="csrf-token" content)="\w{64}"'), r"\1=TOKEN",
        "a form token is masked anew with each answer",
    ),
    MayDiffer(
        re.compile(r"(csrftoken|sessionid)=[^;]*; expires=[^;]*"), r"\1=COOKIE",
        "cookies hold random keys and the end of the session",
    ),
    MayDiffer(
        re.compile(r'("request_id": "|X-Request-ID: )[0-9a-f]{16}'), r"\1REQUEST",
        "each request has a random number",
    ),
    MayDiffer(
        re.compile(r'"timestamp": "[^"]*"|"ms": [\d.]+'), "TIME",
        "a line of the log says when, and how long the request took",
    ),
    MayDiffer(
        re.compile(r"RateLimit-(Remaining|Reset): \d+"), r"RateLimit-\1: LIMIT",
        "a program is told how often it may still ask in this minute, and how long the minute lasts",
    ),
    MayDiffer(
        re.compile(r"event: beat\n(?:.+\n)+\n"), "",
        "a stream beats every few seconds, and says the time",
    ),
)  # fmt: skip


def same_for_all(text: str) -> str:
    """The text with everything that may differ put out."""
    for one in LIST:
        text = one.looks.sub(one.instead, text)
    return text
