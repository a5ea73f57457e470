"""Which shadow follows whom: in Redis, as long as the shadow's browser says so. Nothing of it is stored beyond that."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import redis
from django.db import transaction
from msgspec.structs import replace

from ceoc.access.classes import GLOBAL
from ceoc.access.viewer import Viewer
from ceoc.live import memory
from ceoc.live.announce import announce

KEY = "ceoc:following:1"
"""Another number where it is written in another way."""

LASTS = 150.0
"""Seconds that following stands without being told again; browsers tell every 40."""

TOPIC = "following"


class Following(msgspec.Struct, frozen=True):
    """One shadow who follows one person. Paused, they know where the person is and stay where they are."""

    email: str
    name: str
    by_email: str
    by_name: str
    until: float
    paused: bool = False


def follow(viewer: Viewer, email: str, name: str, wall: datetime) -> bool:
    """From now on the viewer follows that person, and nobody else. Whether it could be kept."""
    until = wall.timestamp() + LASTS
    return _put(viewer, Following(email, name, viewer.email, viewer.name, until), told=True)


def pause(viewer: Viewer, paused: bool, wall: datetime) -> bool:
    """Stays where one is, or goes along again."""
    present = of(viewer, wall)
    return present is not None and _put(viewer, replace(present, paused=paused), told=True)


def stop(viewer: Viewer) -> None:
    """Follows nobody any more."""
    if memory.ask(lambda client: client.hdel(KEY, str(viewer.person_id))):
        _announce(viewer.person_id)


def beat(viewer: Viewer, wall: datetime) -> bool:
    """The browser is still there. Whether the viewer follows somebody."""
    present = of(viewer, wall)
    return present is not None and _put(viewer, replace(present, until=wall.timestamp() + LASTS), told=False)


def of(viewer: Viewer, wall: datetime) -> Following | None:
    """Whom the viewer follows; None for nobody, and where it is not known."""
    found: Any = memory.ask(lambda client: client.hget(KEY, str(viewer.person_id)))
    following = msgspec.json.decode(found, type=Following) if found else None
    return following if following and following.until > wall.timestamp() else None


def everybody(wall: datetime) -> list[Following]:
    """All who follow somebody, by the person they follow and their own name."""
    alive = [one for one in _read().values() if one.until > wall.timestamp()]
    return sorted(alive, key=lambda one: (one.email, one.by_name, one.by_email))


def expire(wall: datetime) -> int:
    """Ends what no browser tells of any more, and announces it. How many they were."""
    silent = [field for field, one in _read().items() if one.until <= wall.timestamp()]
    if not silent or not memory.ask(lambda client: client.hdel(KEY, *silent)):
        return 0
    for field in silent:
        _announce(int(field))
    return len(silent)


def _read() -> dict[str, Following]:
    def read(client: redis.Redis) -> dict[str, Following]:
        found: dict[bytes, bytes] = client.hgetall(KEY)  # type: ignore[assignment]
        return {field.decode(): msgspec.json.decode(value, type=Following) for field, value in found.items()}

    return memory.ask(read) or {}


def _put(viewer: Viewer, following: Following, *, told: bool) -> bool:
    def put(client: redis.Redis) -> bool:
        line: Any = client.pipeline(transaction=False)
        line.hset(KEY, str(viewer.person_id), msgspec.json.encode(following))
        line.expire(KEY, int(LASTS) * 2)
        line.execute()
        return True

    kept = memory.ask(put) or False
    if kept and told:
        _announce(viewer.person_id)
    return kept


def _announce(person_id: int) -> None:
    """Who follows whom is no secret of a class; the follower's own pages are nudged too."""
    with transaction.atomic():
        announce([TOPIC, f"person:{person_id}"], GLOBAL)
