"""Search over customers, tickets, people and what was said, by the beginnings of words (PostgreSQL full text)."""

from __future__ import annotations

import re
from datetime import datetime

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F

from ceoc.access.classes import Sees
from emergencies.models import SearchText
from emergencies.queries.board import Row, next_act, row_of
from emergencies.queries.people import Faces

MOST = 50
"""Emergencies that one search answers with."""

MOST_TERMS = 12
_TERM = re.compile(r"[\w@.+-]*\w")


def search(viewer: Sees, words: str, now: datetime) -> tuple[Row, ...]:
    """Emergencies in which all the words begin a word, the best first, closed ones too. Two queries."""
    query = query_of(words)
    if query is None:
        return ()
    found = (
        SearchText.objects.visible_to(viewer)
        .filter(vector=query, emergency__historical=False, emergency__joined_into="")
        .annotate(rank=SearchRank(F("vector"), query))
        .select_related("emergency")
        .order_by("-rank", "-emergency__began_at")[:MOST]
    )
    emergencies = [text.emergency for text in found]
    faces = Faces(emergency.dri for emergency in emergencies)
    return tuple(row_of(emergency, next_act(emergency, now), faces, now) for emergency in emergencies)


def query_of(words: str) -> SearchQuery | None:
    """All words as prefixes, as they are written or by their English stem; none for words without letters or digits."""
    terms = _TERM.findall(words.lower())[:MOST_TERMS]
    if not terms:
        return None
    raw = " & ".join(f"'{term}':*" for term in terms)
    return SearchQuery(raw, search_type="raw", config="simple") | SearchQuery(raw, search_type="raw", config="english")
