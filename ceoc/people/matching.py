"""Matching by hand, where somebody has another e-mail at a vendor: picked by an administrator, recorded, undone."""

from __future__ import annotations

from typing import Literal

from django.db import transaction
from django.db.models import Q

from ceoc import clock, wake
from ceoc.access import audit
from ceoc.access.models import Person
from ceoc.access.viewer import Viewer
from ceoc.live.announce import announce
from ceoc.people.models import Match, Member
from ceoc.people.places import Place
from ceoc.people.reads import SWEEP, TOPIC

LONGEST = 254


class Refused(Exception):
    """It is not done; the text says why and what to do instead."""


def pick(*, person: Person, place: Place, who: str, by: Viewer) -> None:
    """Says that this person is `who` (an e-mail or id) in that place; they are read there at once."""
    who = who.strip()
    if not who or len(who) > LONGEST:
        raise Refused(f"Write their e-mail or id in {place.name}.")
    if not person.is_active:
        raise Refused(f"{person.name} has left. Let them come back first.")
    if other := _whose(who, person, place):
        raise Refused(f"That is {other} in {place.name}. Nobody acts in the name of another of us.")
    _write(person, place, picked=who, by=by)


def undo(*, person: Person, place: Place, by: Viewer) -> None:
    """They are looked for by their own e-mail again."""
    if not Match.objects.filter(person=person, vendor=place.vendor, account=place.account).exclude(picked="").exists():
        raise Refused(f"{person.name} is not matched by hand in {place.name}.")
    _write(person, place, picked="", by=by)


def put_aside(*, place: Place, vendor_id: str, by: Viewer, back: bool = False) -> None:
    """Says that somebody in a place is none of us (a bot, an integration), or takes that back."""
    found = Member.objects.filter(vendor=place.vendor, account=place.account, vendor_id=vendor_id)
    with transaction.atomic():
        if not found.update(aside_by="" if back else by.email):
            raise Refused(f"{place.name} does not list them any more. Read the list again.")
        announce([TOPIC], place.klass)


def _whose(who: str, person: Person, place: Place) -> str:
    """The name of another of us who is that one in that place; "" for nobody."""
    others = Match.objects.filter(vendor=place.vendor, account=place.account).exclude(person=person)
    named = others.filter(Q(picked=who) | Q(vendor_id=who) | Q(email=who.lower())).select_related("person").first()
    if named:
        return named.person.name
    return Person.objects.filter(email=who.lower()).exclude(pk=person.pk).values_list("name", flat=True).first() or ""


def _write(person: Person, place: Place, *, picked: str, by: Viewer) -> None:
    """Nothing that was read of the former one stands."""
    wall = clock.wall()
    with transaction.atomic():
        Match.objects.update_or_create(
            person=person,
            vendor=place.vendor,
            account=place.account,
            defaults={
                "klass": place.klass, "picked": picked, "picked_by": by.email if picked else "", "state": "unread",
                "vendor_id": "", "name": "", "email": "", "facts": {}, "read_at": None, "asked_at": wall,
                "due_at": wall, "failed_at": None, "reason": "",
            },
        )  # fmt: skip
        words = f"{place.name}: {picked or 'by their own e-mail again'}"
        kind: Literal["matched", "unmatched"] = "matched" if picked else "unmatched"
        audit.person(kind, person.email, by=by.email, reason=words, klass=place.klass)
        announce([TOPIC, f"person:{person.pk}"], place.klass)
        wake.wake(SWEEP)
