"""What the palette finds on the server: emergencies and people; before one types, the emergencies one was at last."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlencode

import msgspec
from django.db.models import Count, F, Q

from ceoc.access.models import Person
from ceoc.access.people import card
from ceoc.access.viewer import Viewer
from emergencies.models import Emergency
from emergencies.queries.board import next_act, row_of
from emergencies.queries.people import Faces
from emergencies.queries.search import Found, found, terms_of

EMERGENCIES, PEOPLE = 8, 5
"""How many of each one answer holds; the board shows all emergencies that a search finds."""


class FoundPerson(msgspec.Struct, frozen=True):
    """A colleague, with the board of what they are the DRI of."""

    name: str
    email: str
    initials: str
    address: str
    dri_of: int
    """Open emergencies, as far as the viewer may see them."""


class Finds(msgspec.Struct, frozen=True):
    """One answer. `board` is the address of all that was found; empty where nothing was looked for or found."""

    emergencies: tuple[Found, ...]
    people: tuple[FoundPerson, ...]
    board: str


def finds(viewer: Viewer, words: str, now: datetime) -> Finds:
    """What the words find; without words what one was at last. Five queries: three for emergencies, two for people."""
    if not words:
        return Finds(recent(viewer, now), (), "")
    emergencies = found(viewer, words, now, EMERGENCIES)
    return Finds(emergencies, people(viewer, words), f"/?{urlencode({'q': words})}" if emergencies else "")


def recent(viewer: Viewer, now: datetime) -> tuple[Found, ...]:
    """The emergencies that the viewer looked at last, then those in which something happened last. Three queries."""
    seen = Emergency.objects.visible_to(viewer).filter(historical=False, joined_into="")
    looked = list(seen.filter(looks__person_id=viewer.person_id).order_by("-looks__at")[:EMERGENCIES])
    others = seen.exclude(stage="closed").order_by(F("last_at").desc(nulls_last=True), "public_id")[: 2 * EMERGENCIES]
    rows = list({row.pk: row for row in (*looked, *others)}.values())[:EMERGENCIES]
    faces = Faces(row.dri for row in rows)
    return tuple(Found(row_of(row, next_act(row, now), faces, now), ()) for row in rows)


def people(viewer: Viewer, words: str) -> tuple[FoundPerson, ...]:
    """Colleagues of whom all the words begin a part of the name, or the e-mail. Who is cleared is not told, and what
    they are the DRI of is counted as far as the viewer may see it. Two queries."""
    terms, named = terms_of(words), Q()
    if not terms:
        return ()
    for term in terms:
        named &= Q(name__istartswith=term) | Q(name__icontains=f" {term}") | Q(email__istartswith=term)
    known = Person.objects.filter(named, is_active=True).order_by("name", "email")[:PEOPLE]
    cards = [card(email, name) for email, name in known.values_list("email", "name")]
    dri_of = _dri_of(viewer, [one.email for one in cards])
    return tuple(
        FoundPerson(one.name, one.email, one.initials, f"/?{urlencode({'dri': one.email})}", dri_of.get(one.email, 0))
        for one in cards
    )


def _dri_of(viewer: Viewer, emails: Iterable[str]) -> dict[str, int]:
    """By person, how many open emergencies they are the DRI of."""
    theirs = Emergency.objects.visible_to(viewer).filter(dri__in=emails, historical=False).exclude(stage="closed")
    return dict(theirs.values_list("dri").annotate(number=Count("pk")))
