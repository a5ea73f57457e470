"""Long lists, a page at a time: what an address asks for, and where Newer and Older lead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from django.db.models import QuerySet

PAGE = 50
"""Rows of one page."""
LAST = 10_000


class Page(msgspec.Struct, frozen=True):
    """One page of a list, with the addresses beside it; empty where there is nothing."""

    found: list[Any]
    newer: str
    older: str


def number(asked: str) -> int:
    """The page that an address asks for, from 1 on; what is no number asks for the first."""
    return min(max(int(asked), 1), LAST) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1


def page_of(rows: QuerySet, asked: int, address: Callable[[int], str]) -> Page:
    """That page of `rows` (one query); `address` says where another one is."""
    start = (asked - 1) * PAGE
    some = list(rows[start : start + PAGE + 1])
    return Page(
        found=some[:PAGE],
        newer=address(asked - 1) if asked > 1 else "",
        older=address(asked + 1) if len(some) > PAGE else "",
    )
