"""The places that the bar leads to. Only pages that exist stand here."""

from __future__ import annotations

import msgspec

from ceoc.access.viewer import Viewer


class Place(msgspec.Struct, frozen=True):
    """One place of the main navigation."""

    words: str
    path: str
    icon: str
    capability: str = "view"
    key: str = ""
    """The letter that leads there after `g`; a place without one is found by the palette alone. `s`, `o`, `i` and `c`
    are kept for shift, on call, incidents and coverage."""


PLACES = (
    Place("Board", "/", "board", key="b"),
    Place("Closed", "/closed/", "closed", key="e"),
    Place("Commands", "/commands/", "commands", key="w"),
    Place("People", "/people/", "people", "manage", key="p"),
    Place("Deliveries", "/deliveries/", "deliveries", "administer", key="d"),
    Place("Audit", "/audit/", "audit", "administer", key="u"),
    Place("Settings", "/settings/", "settings", "manage", key="t"),
)


def places(viewer: Viewer) -> list[Place]:
    """The places that this viewer may go to, in order."""
    return [place for place in PLACES if viewer.may(place.capability)]


def is_current(place: Place, path: str) -> bool:
    """Whether the page at `path` belongs to that place; an emergency belongs to the board."""
    if place.path == "/":
        return path == "/" or path.startswith("/emergencies/")
    return path.startswith(place.path)
