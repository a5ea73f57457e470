"""Makes a person what the provider says they are, at each sign-in: name, role, and clearance if a group decides."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import transaction

from ceoc.access import audit, clearance, sessions
from ceoc.access.classes import GLOBAL
from ceoc.access.models import Person
from ceoc.access.oidc.claims import Arrival
from ceoc.access.oidc.config import Config
from ceoc.access.oidc.refusals import Refused
from ceoc.access.roles import Role, first_role
from ceoc.live.announce import announce

DEACTIVATED = "Your account here was deactivated. An administrator of the dashboard can open it again."


def follow(arrival: Arrival, config: Config) -> Person:
    """The person who has come, in step with the provider.

    Raises Refused for a deactivated person, who stays as they are, and for one whose groups give no role, who has none
    from now on.
    """
    with transaction.atomic():
        person = _person(arrival)
        if not person.is_active:
            raise Refused(DEACTIVATED, reason="deactivated", email=person.email)
        _give_role(person, arrival.role, config)
        if arrival.cleared is not None and arrival.cleared != person.us_gov_cleared:
            clearance.put(person, cleared=arrival.cleared, by=config.by)
    if arrival.role == "none":
        raise Refused(no_group(config), reason="in no group that has a role here", email=person.email)
    return person


def no_group(config: Config) -> str:
    """What somebody reads who is known to the provider and has no business here yet."""
    groups = ", ".join(config.roles)
    return f"You are known, and in no group that opens this dashboard. Ask to be put into one of these: {groups}."


def _person(arrival: Arrival) -> Person:
    """Their row, locked; made when they come for the first time. Their zone is theirs to change from then on."""
    new = {"name": arrival.name or arrival.email.partition("@")[0], "zone": arrival.zone or "UTC"}
    person, made = Person.objects.select_for_update().get_or_create(email=arrival.email, defaults=new)
    if made:
        person.set_unusable_password()
        person.save(update_fields=["password"])
    elif person.is_active and arrival.name and person.name != arrival.name:
        person.name = arrival.name
        person.save(update_fields=["name"])
    return person


def _give_role(person: Person, role: Role, config: Config) -> None:
    """Puts the person into the role's group alone. Whoever has none left is signed out everywhere."""
    held = set(person.groups.values_list("name", flat=True))
    if held == ({role} if role != "none" else set()):
        return
    before = first_role(held)
    person.groups.set(Group.objects.filter(name=role))
    audit.role_changed(person.email, by=config.by, reason=f"{before} to {role}")
    announce(["access"], GLOBAL)
    if role == "none":
        sessions.end_all(person)
