"""Who looks at which emergency, as a viewer may know it: presence joined with what they may see. One query."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from ceoc.access.classes import Sees
from ceoc.access.viewer import initials
from ceoc.live import presence
from ceoc.live.presence import Looker
from emergencies.models import Emergency

WRITES = {"public": "writes to the customer", "internal": "writes an internal note", "thread": "writes to Slack"}


class Here(msgspec.Struct, frozen=True):
    """One person beside an emergency."""

    name: str
    initials: str
    email: str
    does: str
    """looks, follows along, or what they write."""
    writing: bool
    shadow: bool
    at: int
    """When they turned to it, in milliseconds of real time: of several places the latest is where they are."""


class Place(msgspec.Struct, frozen=True):
    """Where somebody is."""

    id: str
    customer: str


class Beside(msgspec.Struct, frozen=True):
    """Who is beside which emergency, by its id; no item where nobody is."""

    people: dict[str, tuple[Here, ...]]
    seen: set[str]
    """Which of the places asked for the viewer may see."""
    known: bool
    """False where nobody could tell."""


def here(viewer: Sees, wall: datetime, also: Iterable[str] = ()) -> Beside:
    """Who is beside each emergency that the viewer may see; `also`: places that are asked for besides."""
    told = presence.lookers(wall)
    lookers = told or []
    seen = _seen(viewer, {looker.place for looker in lookers} | set(also))
    places = {looker.place: None for looker in lookers if looker.place in seen}
    people = {place: _people([one for one in lookers if one.place == place]) for place in sorted(places)}
    return Beside(people, seen, told is not None)


def place_of(viewer: Sees, email: str, wall: datetime) -> Place | None:
    """The emergency that the person looks at now, as far as the viewer may see it. One query, none for nobody."""
    places = [looker.place for looker in presence.lookers(wall) or () if looker.email == email]
    if not places:
        return None
    rows = Emergency.objects.visible_to(viewer).filter(public_id__in=places)
    customers = dict(rows.values_list("public_id", "customer_name"))
    latest = next((place for place in reversed(places) if place in customers), "")
    return Place(latest, customers[latest] or "a customer not known yet") if latest else None


def _seen(viewer: Sees, places: set[str]) -> set[str]:
    if not places:
        return set()
    rows = Emergency.objects.visible_to(viewer).filter(public_id__in=places, joined_into="")
    return set(rows.values_list("public_id", flat=True))


def _people(lookers: Sequence[Looker]) -> tuple[Here, ...]:
    """Each person once, whatever their tabs: the one where they write, else the one that they turned to last."""
    people: dict[str, Looker] = {}
    for looker in sorted(lookers, key=lambda one: (bool(one.writing), one.at)):
        people[looker.email] = looker
    latest = {looker.email: looker.at for looker in lookers}
    shown = [_here(looker, latest[looker.email]) for looker in people.values()]
    return tuple(sorted(shown, key=lambda one: (one.shadow, one.name, one.email)))


def _here(looker: Looker, at: float) -> Here:
    calm = "follows along" if looker.shadow else "looks at it"
    return Here(
        name=looker.name,
        initials=initials(looker.name),
        email=looker.email,
        does=WRITES.get(looker.writing, calm),
        writing=bool(looker.writing),
        shadow=looker.shadow,
        at=int(at * 1000),
    )
