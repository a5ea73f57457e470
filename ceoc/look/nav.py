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


PLACES = (
    Place("Board", "/", "board"),
    Place("Closed", "/closed/", "closed"),
    Place("Commands", "/commands/", "commands"),
    Place("People", "/people/", "people", "manage"),
    Place("Deliveries", "/deliveries/", "deliveries", "administer"),
    Place("Audit", "/audit/", "audit", "administer"),
    Place("Settings", "/settings/", "settings", "manage"),
)


def places(viewer: Viewer) -> list[Place]:
    """The places that this viewer may go to, in order."""
    return [place for place in PLACES if viewer.may(place.capability)]


def is_current(place: Place, path: str) -> bool:
    """Whether the page at `path` belongs to that place; an emergency belongs to the board."""
    if place.path == "/":
        return path == "/" or path.startswith("/emergencies/")
    return path.startswith(place.path)
