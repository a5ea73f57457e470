"""US Gov clearance: granted by a cleared person to another, the first one at the machine itself (security.md 6)."""

from __future__ import annotations

from django.db import transaction

from ceoc import clock
from ceoc.access import audit, notices
from ceoc.access.breakglass import codes
from ceoc.access.classes import GLOBAL
from ceoc.access.models import Person
from ceoc.live.announce import announce

AT_THE_MACHINE = "manage.py clear"
DEMO = "demo"


class Refused(Exception):
    """The clearance is not changed; the text says why."""


def grant(email: str, *, by: str = "", reason: str = "") -> Person:
    """Clears a person for US Government.

    `by` is the e-mail of the cleared person who grants it; it may be empty while nobody is cleared. Raises Refused.
    """
    with transaction.atomic():
        person = _person(email)
        if Person.objects.filter(us_gov_cleared=True, is_active=True).exists():
            by = _cleared(by)
        elif by:
            raise Refused(f"{by} is not cleared. Nobody is yet: the first one is cleared without naming anybody.")
        if person.us_gov_cleared:
            raise Refused(f"{person.name} is cleared already.")
        return put(person, cleared=True, by=by or AT_THE_MACHINE, reason=reason)


def revoke(email: str, *, by: str, reason: str = "") -> Person:
    """Ends a person's clearance, on the word of a cleared person who is somebody else. Raises Refused."""
    with transaction.atomic():
        person, by = _person(email), _cleared(by)
        if not person.us_gov_cleared:
            raise Refused(f"{person.name} is not cleared.")
        if by == person.email:
            raise Refused("Nobody changes their own clearance.")
        return put(person, cleared=False, by=by, reason=reason)


def put(person: Person, *, cleared: bool, by: str, reason: str = "") -> Person:
    """Writes a clearance, its audit line and the announcement that makes open streams judge their people again."""
    with transaction.atomic():
        person.us_gov_cleared = cleared
        person.save(update_fields=["us_gov_cleared"])
        if cleared:
            codes.end_of_the_uncleared(person, by=by, now=clock.wall())
        audit.clearance("cleared" if cleared else "clearance_ended", person.email, by=by, reason=reason)
        announce(["access"], GLOBAL)
        if by != DEMO:
            _tell_both(person, by, reason)
    return person


def _tell_both(person: Person, by: str, reason: str) -> None:
    """The person and whoever changed it are told on their next page, and find it in their history."""
    granter = Person.objects.known(by)
    why = f" Reason: {reason}" if reason else ""
    who = granter.name if granter else by
    given = person.us_gov_cleared
    did, done = ("cleared", "cleared you") if given else ("ended the clearance of", "ended your clearance")
    notices.tell(person, f"{who} {done} for US Government.{why}")
    if granter:
        notices.tell(granter, f"You {did} {person.name} for US Government.{why}")


def _person(email: str) -> Person:
    """The active person, locked; so that two grants follow one another."""
    person = Person.objects.select_for_update().filter(email=email.strip().lower(), is_active=True).first()
    if person is None:
        raise Refused(f"Nobody active has the e-mail {email}.")
    return person


def _cleared(by: str) -> str:
    """The e-mail of the cleared person who says so. Asked before anything is told of the other's clearance, which is
    not for everybody to know."""
    granter = Person.objects.known(by) if by else None
    if granter is None or not granter.us_gov_cleared:
        raise Refused("Somebody is cleared already, so a cleared person has to say it: name them with --by EMAIL.")
    return granter.email
