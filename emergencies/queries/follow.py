"""Whom a shadow may follow: the people on emergencies that the shadow may see, as far as they work here."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ceoc.access.models import Person
from ceoc.access.viewer import Viewer, viewer_of
from emergencies.queries.board import open_emergencies
from emergencies.queries.here import here
from emergencies.queries.people import Faces
from emergencies.queries.rows import Face


class Lead(msgspec.Struct, frozen=True):
    """Somebody who is on an emergency now."""

    face: Face
    first: str
    """Their first name, for the button."""
    on: tuple[str, ...]
    """Customers whose DRI they are."""
    looks: str
    """The customer that they look at now; empty for none."""


def leads(viewer: Viewer, wall: datetime) -> tuple[Lead, ...]:
    """DRIs of open emergencies, and whoever else looks at one; by name. Four queries at most."""
    every = {one.public_id: one for one in open_emergencies(viewer)}
    on: dict[str, list[str]] = {}
    for emergency in every.values():
        if emergency.dri:
            on.setdefault(emergency.dri, []).append(_customer(emergency.customer_name))
    people = here(viewer, wall).people
    turned = [(one.at, one.email, place) for place, beside in people.items() for one in beside if not one.shadow]
    looks = {email: place for _, email, place in sorted(turned) if place in every}
    working = _workers({*on, *looks})
    faces = Faces(working)
    found = [
        Lead(
            face=faces.of(email),
            first=first_name(faces.name(email)),
            on=tuple(on.get(email, ())),
            looks=_customer(every[looks[email]].customer_name) if email in looks else "",
        )
        for email in working
    ]
    return tuple(sorted(found, key=lambda lead: (lead.face.name, lead.face.email)))


def lead(email: str) -> Person | None:
    """The person of that e-mail who works emergencies; None for anybody else."""
    person: Person | None = Person.objects.known(email)
    return person if person and viewer_of(person).may("work") else None


def _workers(emails: set[str]) -> set[str]:
    """Those of them who are active and work emergencies. One query."""
    people = Person.objects.filter(email__in=emails, is_active=True, groups__permissions__codename="work")
    return set(people.values_list("email", flat=True))


def first_name(name: str) -> str:
    """What a person is called for short."""
    return name.partition("@")[0].partition(" ")[0]


def _customer(name: str) -> str:
    return name or "a customer not known yet"
