"""Who the demo is played by: six personas that anybody may be with one press, and colleagues whom one only meets."""

from __future__ import annotations

import msgspec
from django.db import transaction

from ceoc.access import clearance
from ceoc.access.models import Person
from ceoc.access.roles import Role
from ceoc.access.viewer import initials


class Persona(msgspec.Struct, frozen=True):
    """One person of the demo."""

    email: str
    name: str
    role: Role
    zone: str
    text: str = ""
    """What one may try as this person; empty for colleagues that nobody signs in as."""
    cleared: bool = False

    @property
    def initials(self) -> str:
        """Two letters for a face."""
        return initials(self.name)


NEW_YORK, AMSTERDAM = "America/New_York", "Europe/Amsterdam"

PERSONAS = (
    Persona("engineer@demo.example", "Mira Okafor", "engineer", NEW_YORK, "Engineer on call in the Americas"),
    Persona(
        "second@demo.example", "Theo Lindqvist", "engineer", "America/Chicago", "The second engineer in the Americas"
    ),
    Persona("manager@demo.example", "Ines Calder", "manager", NEW_YORK, "Support Manager on call"),
    Persona("shadow@demo.example", "Ayo Bright", "shadow", NEW_YORK, "Learns by watching, changes nothing"),
    Persona(
        "cleared@demo.example", "Sam Whitford", "engineer", "America/Los_Angeles", "Engineer cleared for US Gov", True
    ),
    Persona("admin@demo.example", "Noor Haddad", "administrator", AMSTERDAM, "Looks after people and deliveries", True),
)

COLLEAGUES = (
    Persona("lena@demo.example", "Lena Ost", "engineer", "America/Denver"),
    Persona("hugo@demo.example", "Hugo Marchetti", "engineer", NEW_YORK),
    Persona("nadia@demo.example", "Nadia Ferro", "engineer", "America/Sao_Paulo"),
    Persona("omar@demo.example", "Omar Said", "manager", AMSTERDAM),
    Persona("grete@demo.example", "Grete Halvorsen", "manager", AMSTERDAM),
    Persona("dana@demo.example", "Dana Reyes", "engineer", "America/Los_Angeles", cleared=True),
    Persona("joss@demo.example", "Joss Tanner", "engineer", "America/Los_Angeles", cleared=True),
    Persona("ravi@demo.example", "Ravi Menon", "engineer", AMSTERDAM),
    Persona("agnes@demo.example", "Agnes Pereira", "engineer", "Europe/Lisbon"),
    Persona("kenji@demo.example", "Kenji Arai", "engineer", "Asia/Tokyo"),
    Persona("mei@demo.example", "Mei Lin Chua", "engineer", "Asia/Singapore"),
    Persona("arjun@demo.example", "Arjun Nair", "engineer", "Asia/Kolkata"),
    Persona("tane@demo.example", "Tane Wihongi", "engineer", "Pacific/Auckland"),
    Persona("paul@demo.example", "Paul Ebner", "none", AMSTERDAM),
    Persona("yara@demo.example", "Yara Costa", "none", NEW_YORK),
)
"""As the sandbox's vendors know them. Customer success managers have no role here: they are met in Slack."""


def persona(email: str) -> Persona | None:
    """The persona with that e-mail; a colleague is none."""
    return next((one for one in PERSONAS if one.email == email), None)


def settle_people() -> list[Person]:
    """Makes the demo's people as they are written here; safe to repeat. A clearance that is new is audited."""
    with transaction.atomic():
        return [settle(one) for one in (*PERSONAS, *COLLEAGUES)]


def settle(one: Persona) -> Person:
    """Makes one of them."""
    person = Person.objects.welcome(
        one.email, name=one.name, role="" if one.role == "none" else one.role, zone=one.zone
    )
    if person.us_gov_cleared != one.cleared:
        clearance.put(person, cleared=one.cleared, by=clearance.DEMO)
    return person
