"""Who looks at what, and who writes there: as browsers say it, in Redis, gone soon after they fall silent.

A *place* is what one looks at, by its opaque id; the app that it belongs to knows who may see it, and asks for each
showing. Each tab of a person is one looker. No text is ever told, only the audience that is written to.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import redis
from django.db import transaction

from ceoc.access.classes import Klass
from ceoc.access.viewer import Viewer
from ceoc.live import memory
from ceoc.live.announce import announce

KEY = "ceoc:here:1"
"""Another number where a looker is written in another way."""

LASTS = 50.0
"""Seconds that a looker stands without being told again; browsers tell every 20."""

MOST_TABS = 12
"""Tabs of one person that count; the one heard of longest ago gives way."""

TOPIC = "here:"
"""How the topic of one place begins."""


class Looker(msgspec.Struct, frozen=True):
    """One tab of one person, turned to one place."""

    place: str
    klass: Klass
    email: str
    name: str
    shadow: bool
    writing: str
    """The audience that is written to, empty for none."""
    at: float
    """When they turned to it: seconds of real time."""
    until: float


class Look(msgspec.Struct, frozen=True):
    """What a tab says: which place it shows, whether it has just turned to it, and to whom one writes there."""

    tab: str
    place: str
    klass: Klass
    writing: str = ""
    turned: bool = False


def look(viewer: Viewer, told: Look, wall: datetime) -> None:
    """Keeps what a tab says, and announces it where that shows something new. Without Redis nothing is kept."""
    field = _field(viewer, told)
    present = _read() or {}
    before = None if told.turned else present.get(field)
    if before and before.until <= wall.timestamp():
        before = None  # it was gone already
    looker = Looker(
        place=told.place,
        klass=told.klass,
        email=viewer.email,
        name=viewer.name,
        shadow=viewer.role == "shadow",
        writing=told.writing,
        at=before.at if before else wall.timestamp(),
        until=wall.timestamp() + LASTS,
    )
    surplus = _surplus(present, f"{viewer.person_id}:", field)
    kept = memory.ask(lambda client: _write(client, field, looker, surplus))
    if kept is None or before is None or (before.klass, before.writing) != (looker.klass, looker.writing):
        _announce(told.place, told.klass)  # also when nothing can be kept: pages then show nobody


def leave(viewer: Viewer, told: Look) -> None:
    """The tab shows it no more."""
    gone = memory.ask(lambda client: client.hdel(KEY, _field(viewer, told)))
    if gone != 0:
        _announce(told.place, told.klass)


def lookers(wall: datetime) -> list[Looker] | None:
    """All of every class, in the order in which they turned to where they are; None where Redis does not tell."""
    present = _read()
    if present is None:
        return None
    alive = [looker for looker in present.values() if looker.until > wall.timestamp()]
    return sorted(alive, key=lambda looker: (looker.at, looker.email))


def expire(wall: datetime) -> int:
    """Takes away those that fell silent, and announces it. How many they were."""
    silent = {field: looker for field, looker in (_read() or {}).items() if looker.until <= wall.timestamp()}
    if not silent or not memory.ask(lambda client: client.hdel(KEY, *silent)):
        return 0
    for place, klass in sorted({(looker.place, looker.klass) for looker in silent.values()}):
        _announce(place, klass)
    return len(silent)


def _read() -> dict[str, Looker] | None:
    def read(client: redis.Redis) -> dict[str, Looker]:
        found: dict[bytes, bytes] = client.hgetall(KEY)  # type: ignore[assignment]
        return {field.decode(): msgspec.json.decode(value, type=Looker) for field, value in found.items()}

    return memory.ask(read)


def _field(viewer: Viewer, told: Look) -> str:
    """Nobody writes over what another's tab said."""
    return f"{viewer.person_id}:{told.tab}:{told.place}"


def _write(client: redis.Redis, field: str, looker: Looker, surplus: list[str]) -> bool:
    """Puts one; the whole goes when nobody says anything any more."""
    line: Any = client.pipeline(transaction=False)
    line.hset(KEY, field, msgspec.json.encode(looker))
    line.expire(KEY, int(LASTS) * 2)
    if surplus:
        line.hdel(KEY, *surplus)
    line.execute()
    return True


def _surplus(present: dict[str, Looker], mine: str, field: str) -> list[str]:
    others = sorted((looker.until, name) for name, looker in present.items() if name.startswith(mine) and name != field)
    return [name for _, name in others[: max(0, len(others) + 1 - MOST_TABS)]]


def _announce(place: str, klass: Klass) -> None:
    with transaction.atomic():
        announce([f"{TOPIC}{place}"], klass)
