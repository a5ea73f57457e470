"""Tells every web process which topics changed, if and only if the transaction around it commits."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec
from django.db import connection

CHANNEL = "ceoc_live"
"""PostgreSQL's name of the channel."""

LIMIT = 7_900
"""Bytes of one payload; PostgreSQL takes fewer than 8,000."""

CLASSES = frozenset({"global", "us_gov"})
TOPIC = re.compile(r"[a-z_]+(:[\w.@+-]{1,150})?", re.ASCII)


class Announcement(msgspec.Struct, frozen=True, rename={"klass": "class"}):
    """What travels: topics of one class. Nothing of what changed, only that it did."""

    klass: str
    topics: list[str]


def announce(topics: Iterable[str], klass: str) -> None:
    """Announces that `topics` changed, to audiences that may see `klass` (`global` is for everybody).

    Call it inside the transaction that changes them: it is heard when that commits, in the order of commits, and
    never when it is rolled back. A thing that changes its class is announced as `global`, so that it leaves the pages
    of those who may not see it any more. Raises ValueError for an unknown class or a malformed topic.
    """
    for payload in payloads(topics, klass):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


def payloads(topics: Iterable[str], klass: str) -> list[str]:
    """The topics, each once and in order of name, as payloads below the limit."""
    if klass not in CLASSES:
        raise ValueError(f"There is no class {klass!r}.")
    split: list[list[str]] = []
    room = 0
    for topic in sorted(set(topics)):
        if not TOPIC.fullmatch(topic):
            raise ValueError(f"{topic!r} is no topic.")
        room -= len(topic) + 3
        if room < 0:
            split.append([])
            room = LIMIT - 60 - len(topic)
        split[-1].append(topic)
    return [msgspec.json.encode(Announcement(klass, part)).decode() for part in split]
