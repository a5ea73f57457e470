"""A small kind of settings for tests, with one input of each sort."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from ceoc.team import checks, kinds
from ceoc.team.kinds import Field, Kind, Table


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    colour: str | None = None
    locked: bool = False


class Room(msgspec.Struct, frozen=True, kw_only=True):
    rest: timedelta = timedelta(minutes=5)
    seats: tuple[Seat, ...] = (Seat(name="First", colour="red"),)


COLOURS = (("", "None"), ("red", "Red"), ("blue", "Blue"))
ROOM = Kind(
    name="room",
    words="Room",
    says="How we sit.",
    default=Room(),
    fields=(Field(name="rest", words="Rest", kind="duration", least=1, most=60),),
    tables=(
        Table(
            name="seats", words="Seats", one="seat", row=Seat,
            columns=(
                Field(name="name", words="Seat", longest=20, check=checks.name),
                Field(name="colour", words="Colour", kind="choice", options=COLOURS),
                Field(name="locked", words="Locked", kind="flag"),
            ),
        ),
    ),
    shape=3,
    upcasts={
        1: lambda old: {"rest": old["rest_minutes"] * 60, "seats": old["seats"]},
        2: lambda old: {**old, "rest": f"PT{old['rest']}S"},
    },
)  # fmt: skip


def registered(follow=None):
    """Registers the kind and answers it; `monkeypatch` the registry around it."""
    kinds.register(ROOM, follow)
    return ROOM
