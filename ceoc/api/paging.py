"""Pages of lists by a cursor: it names the last row that was shown, so that what comes meanwhile moves nothing."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from django.db.models import F, Q, QuerySet
from msgspec import Meta

from ceoc.api.fields import YEARS
from ceoc.api.operations import Asked
from ceoc.api.problems import field_problem

MOST = 200
"""Rows of a page at most."""

Size = Annotated[int, Meta(ge=1, le=MOST, description="Results of one page.")]
CursorText = Annotated[str, Meta(max_length=200, description="Where the page begins, as the last `next` said.")]


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """The last row of a page: its instant and its id, both of which its reader has seen."""

    at: datetime | None
    id: str


class Page(msgspec.Struct, frozen=True):
    """The rows of one page, and the address of the next one."""

    rows: list[Any]
    next: str | None


def page(rows: QuerySet, asked: Asked, column: str) -> Page:
    """The page that the request asks for, the latest by `column` first, those without an instant last. One query."""
    size, text = asked.query.page_size, asked.query.cursor
    if text:
        rows = rows.filter(_after(_read(text), column))
    found = list(rows.order_by(F(column).desc(nulls_last=True), "public_id")[: size + 1])
    if len(found) <= size:
        return Page(found, None)
    last = found[size - 1]
    following = _write(Cursor(getattr(last, column), last.public_id))
    kept = [(name, value) for name, value in asked.request.GET.items() if name != "cursor"]
    return Page(found[:size], asked.address(urlencode([*kept, ("cursor", following)])))


def _after(cursor: Cursor, column: str) -> Q:
    """What follows the row that the cursor names."""
    if cursor.at is None:
        return Q(**{f"{column}__isnull": True, "public_id__gt": cursor.id})
    same = Q(**{column: cursor.at, "public_id__gt": cursor.id})
    return same | Q(**{f"{column}__lt": cursor.at}) | Q(**{f"{column}__isnull": True})


def _write(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def _read(text: str) -> Cursor:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        cursor = msgspec.json.decode(raw, type=Cursor)
    except (binascii.Error, msgspec.DecodeError, ValueError):
        raise field_problem(cursor="It is none that an answer gave as `next`.") from None
    if "\0" in cursor.id or (cursor.at is not None and (cursor.at.tzinfo is None or cursor.at.year not in YEARS)):
        raise field_problem(cursor="It is none that an answer gave as `next`.")
    return cursor
