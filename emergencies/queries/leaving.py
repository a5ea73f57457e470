"""The open emergencies whose DRI leaves, each with those who may take it over."""

from __future__ import annotations

import msgspec

from ceoc.access.classes import Sees
from ceoc.access.models import Person
from ceoc.access.roles import ROLES
from ceoc.people.ties import Choices, Tie
from emergencies.models import Emergency
from emergencies.queries import words
from emergencies.queries.board import open_emergencies

KIND = "emergency"


class Takers(msgspec.Struct, frozen=True):
    """Who may become DRI, by the class of the emergency."""

    everybody: Choices
    cleared: Choices

    def of(self, klass: str) -> Choices:
        """For an emergency of that class: of US Government the cleared alone."""
        return self.cleared if klass == "us_gov" else self.everybody


def dri_ties(email: str, viewer: Sees) -> list[Tie]:
    """The open emergencies of that DRI that the viewer may see. Two queries, one where there are none."""
    mine = [one for one in open_emergencies(viewer) if one.dri == email and not one.joined_into]
    if not mine:
        return []
    who = takers(email)
    return [_tie(one, who.of(one.klass)) for one in mine]


def takers(but: str) -> Takers:
    """Everybody who may become DRI but that one. One query."""
    roles = [role for role, capabilities in ROLES.items() if "work" in capabilities]
    found = Person.objects.filter(is_active=True, groups__name__in=roles).exclude(email=but).distinct().order_by("name")
    rows = list(found.values_list("email", "name", "us_gov_cleared"))
    everybody = tuple((email, name) for email, name, _ in rows)
    return Takers(everybody, tuple((email, name) for email, name, is_cleared in rows if is_cleared))


def _tie(emergency: Emergency, choices: Choices) -> Tie:
    return Tie(
        key=f"{KIND}:{emergency.public_id}",
        title=emergency.customer_name or "Customer not known yet",
        about=f"{words.STAGES[emergency.stage]} · {emergency.title or 'no subject'}"[:160],
        address=f"/emergencies/{emergency.public_id}/",
        gov=emergency.klass == "us_gov",
        asks="Who takes it over?",
        choices=choices,
    )
