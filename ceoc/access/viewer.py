"""Who is looking: the frozen values that pages, queries, policy and streams are handed instead of a model."""

from __future__ import annotations

from typing import cast

import msgspec
from django.contrib.auth.models import Group

from ceoc.access.models import Person
from ceoc.access.roles import ROLES, Capability, Role, first_role


class Audience(msgspec.Struct, frozen=True):
    """Those who are shown the same: role × clearance. Shared fragments are rendered once for each."""

    role: Role
    cleared: bool
    capabilities: frozenset[Capability] | None = None
    """None: those of the role; else what its group holds in the database."""

    def may(self, capability: str) -> bool:
        """Whether everybody of this audience has the capability."""
        return capability in (ROLES[self.role] if self.capabilities is None else self.capabilities)


ANYBODY = Audience("none", cleared=False)
"""Whoever asks: what they may see, everybody may."""


class Viewer(msgspec.Struct, frozen=True):
    """A signed-in person, as of this request."""

    person_id: int
    email: str
    name: str
    role: Role
    cleared: bool
    zone: str
    """The IANA name of the zone that their pages are written in."""
    capabilities: frozenset[Capability] | None = None
    """As the audience's."""

    @property
    def audience(self) -> Audience:
        """The audience that this viewer belongs to."""
        return Audience(self.role, self.cleared, self.capabilities)

    @property
    def initials(self) -> str:
        """Two letters for a small round face."""
        return initials(self.name)

    def may(self, capability: str) -> bool:
        """Whether this person has the capability: view, work, override, manage or administer."""
        return self.audience.may(capability)


def initials(name: str) -> str:
    """First letters of the first and the last word of a name: `Mira Okafor` gives `MO`."""
    words = name.split()
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def viewer_of(person: Person) -> Viewer:
    """The viewer that a person is now (one query: groups with their permissions)."""
    held = Group.objects.filter(person=person).values_list("name", "permissions__codename")
    role = first_role({name for name, _ in held})
    capabilities = frozenset(cast("Capability", codename) for name, codename in held if name == role and codename)
    return Viewer(
        person_id=person.pk,
        email=person.email,
        name=person.name,
        role=role,
        cleared=person.us_gov_cleared,
        zone=person.zone,
        capabilities=None if capabilities == ROLES[role] else capabilities,
    )
