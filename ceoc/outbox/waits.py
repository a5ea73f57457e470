"""How long to wait before trying again. Pure."""

from __future__ import annotations

from datetime import timedelta

FIRST = 1.0
LONGEST = 60.0
"""Seconds."""


def wait_after(attempts: int, chance: float, retry_after: float | None = None) -> timedelta:
    """1 s, 2 s, 4 s, … up to a minute, shortened by up to a half, so that many do not come back at the same moment.

    `chance` is from 0 to 1. Where the vendor said how long to wait, it is that long and up to a second more.
    """
    if retry_after is not None:
        return timedelta(seconds=retry_after + chance)
    longest = min(FIRST * 2 ** min(max(attempts - 1, 0), 10), LONGEST)
    return timedelta(seconds=longest * (1 - chance / 2))
