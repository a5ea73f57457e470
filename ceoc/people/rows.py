"""What the pages about people show, as frozen values; and what a list was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

import msgspec

from ceoc.access.roles import Role
from ceoc.look import paging
from ceoc.people.places import Place
from ceoc.people.readiness import Item, State

SHOWS = {"all": "Everybody", "unready": "Not ready", "unmatched": "Not matched", "left": "Left"}
LONGEST_QUERY = 80


class Filters(msgspec.Struct, frozen=True):
    """What was asked for, as it stands in the address. Words that are none of ours ask for the default."""

    show: str = "all"
    q: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """From the address's query."""
        show = query.get("show", "")
        q = query.get("q", "").strip()[:LONGEST_QUERY]
        return cls(show if show in SHOWS else "all", q, paging.number(query.get("page", "")))

    @property
    def query(self) -> str:
        """What an address says to get this page of this list."""
        return self._query(page=self.page)

    def address(self, **other: str | int) -> str:
        """The same list, narrowed or turned otherwise."""
        query = self._query(**other)
        return f"?{query}" if query else "/people/"

    def _query(self, **other: str | int) -> str:
        wanted = {"show": self.show, "q": self.q, "page": 1} | other
        return urlencode({name: value for name, value in wanted.items() if value not in ("", "all", 1)})


class Chip(msgspec.Struct, frozen=True):
    """One narrowing that can be pressed."""

    words: str
    address: str
    current: bool


class Spot(msgspec.Struct, frozen=True, kw_only=True):
    """How a person is matched in one place."""

    place: Place
    state: str
    name: str
    address: str
    """Their e-mail there, else their id."""
    picked: str
    picked_by: str
    read_at: datetime | None
    reason: str
    waits: bool

    @property
    def words(self) -> str:
        """How far it is."""
        return {"found": "Matched", "absent": "Not matched"}.get(self.state, "Not read yet")


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """One person of a list, or at the head of their page."""

    id: str
    email: str
    name: str
    initials: str
    role: Role
    zone: str
    active: bool
    cleared: bool
    """As far as the viewer may know."""
    items: tuple[Item, ...]
    spots: tuple[Spot, ...]
    ready: State
    ready_words: str

    @property
    def unmatched(self) -> tuple[Spot, ...]:
        """The places that do not know this person and should."""
        needed = {item.source for item in self.items}
        return tuple(spot for spot in self.spots if spot.state == "absent" and spot.place.name in needed)

    @property
    def waits(self) -> bool:
        """Whether they are being read."""
        return any(spot.waits for spot in self.spots)

    @property
    def troubles(self) -> tuple[str, ...]:
        """Why what is shown may be old, each once."""
        return tuple(dict.fromkeys(spot.reason for spot in self.spots if spot.reason))


class Listed(msgspec.Struct, frozen=True):
    """One page of the people."""

    rows: list[PersonRow]
    chips: list[Chip]
    newer: str
    older: str
    narrowed: bool


class Line(msgspec.Struct, frozen=True):
    """One line of the audit about a person."""

    at: datetime
    words: str
    by: str
    reason: str
    gov: bool


class Stranger(msgspec.Struct, frozen=True):
    """Somebody at a vendor whom nobody here is."""

    place: Place
    id: str
    name: str
    email: str
    aside_by: str

    @property
    def key(self) -> str:
        """Place and id, as a form names them."""
        return f"{self.place.key}:{self.id}"


class ListState(msgspec.Struct, frozen=True):
    """How fresh the list of a place is."""

    place: Place
    read_at: datetime | None
    reason: str
    waits: bool


class Unmatched(msgspec.Struct, frozen=True):
    """Who is here and unknown there, and the other way round."""

    here: list[tuple[PersonRow, Spot]]
    there: list[Stranger]
    aside: list[Stranger]
    lists: list[ListState]
    places: list[Place]
    choices: list[tuple[str, str]]
    """Whom a stranger may be matched to: public id and name."""
