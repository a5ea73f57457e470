"""Search over customers, tickets, people and what was said, by the beginnings of words (PostgreSQL full text)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db.models import F, TextField, Value
from django.db.models.functions import Concat

from ceoc.access.classes import Sees
from emergencies.models import SearchText, Text
from emergencies.queries.board import Row, next_act, row_of
from emergencies.queries.people import Faces

MOST = 50
"""Emergencies that one search answers with."""

MOST_TERMS = 12
BEGIN, END = "\x02", "\x03"
"""What PostgreSQL puts around a found word; the page marks what stands between them."""

_TERM = re.compile(r"[\w@.+-]*\w")


def search(viewer: Sees, words: str, now: datetime, most: int = MOST) -> tuple[Row, ...]:
    """Emergencies in which all the words begin a word, the best first, closed ones too. Two queries."""
    query = query_of(words)
    if query is None:
        return ()
    texts = (
        SearchText.objects.visible_to(viewer)
        .filter(vector=query, emergency__historical=False, emergency__joined_into="")
        .annotate(rank=SearchRank(F("vector"), query))
        .select_related("emergency")
        .order_by("-rank", "-emergency__began_at")[:most]
    )
    emergencies = [text.emergency for text in texts]
    faces = Faces(emergency.dri for emergency in emergencies)
    return tuple(row_of(emergency, next_act(emergency, now), faces, now) for emergency in emergencies)


class Found(msgspec.Struct, frozen=True):
    """One emergency with where the words stand in what was said: pieces of text, and whether each was looked for."""

    row: Row
    said: tuple[tuple[str, bool], ...]


def found(viewer: Sees, words: str, now: datetime, most: int = MOST) -> tuple[Found, ...]:
    """What `search` finds, with the place in what was said that fits best. Three queries."""
    rows = search(viewer, words, now, most)
    said = _said(viewer, words, [row.id for row in rows])
    return tuple(Found(row, said.get(row.id, ())) for row in rows)


def _said(viewer: Sees, words: str, ids: Sequence[str]) -> dict[str, tuple[tuple[str, bool], ...]]:
    """By emergency, a few words around those that were looked for, from the text in which most of them stand."""
    query = query_of(words, " | ")
    if query is None or not ids:
        return {}
    vector = SearchVector("title", "body", config="simple") + SearchVector("title", "body", config="english")
    headline = SearchHeadline(
        Concat("title", Value(" "), "body", output_field=TextField()), query, config="english",
        start_sel=BEGIN, stop_sel=END, max_words=24, min_words=12,
    )  # fmt: skip
    emergency = "subject__links__emergency__public_id"
    texts = Text.objects.visible_to(viewer).filter(subject__links__ended=False, **{f"{emergency}__in": ids})
    best = (
        texts.annotate(vector=vector).filter(vector=query).annotate(rank=SearchRank(F("vector"), query), said=headline)
    )
    rows = best.order_by(emergency, "-rank", "key").distinct(emergency).values_list(emergency, "said")
    return {id: pieces(said) for id, said in rows if BEGIN in said}


def pieces(said: str) -> tuple[tuple[str, bool], ...]:
    """The text in pieces, each with whether it stood between the marks."""
    parts = re.split(f"{BEGIN}([^{BEGIN}{END}]*){END}", said.strip())
    return tuple((part, place % 2 == 1) for place, part in enumerate(parts) if part)


def terms_of(words: str) -> list[str]:
    """What is looked for: the words in small letters, without what stands around them."""
    return _TERM.findall(words.lower())[:MOST_TERMS]


def query_of(words: str, between: str = " & ") -> SearchQuery | None:
    """All words as prefixes, as they are written or by their English stem; none for words without letters or digits."""
    terms = terms_of(words)
    if not terms:
        return None
    raw = between.join(f"'{term}':*" for term in terms)
    return SearchQuery(raw, search_type="raw", config="simple") | SearchQuery(raw, search_type="raw", config="english")
