"""Leaving and coming back. Whoever leaves hands over what is open first; then sessions, streams and tokens end at once.

What the one who lets them leave may not see stays with the one who left, and the cleared are told of it
(docs/decisions/0009).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from django.db import transaction

from ceoc import clock
from ceoc.access import audit, clearance, notices
from ceoc.access.breakglass import codes
from ceoc.access.classes import GLOBAL
from ceoc.access.models import Person
from ceoc.access.viewer import Viewer
from ceoc.live.announce import announce
from ceoc.people import reads, ties
from ceoc.people.models import Match
from ceoc.people.ties import Refused, Tie


class Everything(msgspec.Struct, frozen=True):
    """Sees all classes: asks, for nobody's eyes, whether anything is left."""

    cleared: bool = True


def open_things(person: Person, viewer: Viewer) -> list[Tie]:
    """What holds a person, as far as the viewer may see."""
    return ties.of(person.email, viewer)


def leave(*, person: Person, choices: Mapping[str, str], reason: str, by: Viewer, now: datetime) -> None:
    """Hands over what was chosen, and only then lets the person leave. Raises Refused."""
    if person.pk == by.person_id:
        raise Refused("Nobody lets themselves leave. Another administrator has to do it.")
    if not reason.strip():
        raise Refused("Say in a few words why; it is kept in the audit.")
    with transaction.atomic():
        leaver = Person.objects.select_for_update().get(pk=person.pk)
        if not leaver.is_active:
            raise Refused(f"{leaver.name} has left already.")
        hand_over(person=leaver, choices=choices, by=by, now=now)
        _end(leaver, by, reason.strip())
        _tell_of_the_rest(leaver)


def hand_over(*, person: Person, choices: Mapping[str, str], by: Viewer, now: datetime) -> None:
    """Does with each thing that holds the person what was chosen. Raises Refused where one has no choice."""
    for tie in open_things(person, by):
        choice = choices.get(tie.key, "")
        if choice not in dict(tie.choices):
            raise Refused(f"{tie.title}: {tie.asks} Choose, then press again; nothing was changed.")
        ties.settle(tie.key, choice, email=person.email, by=by, now=now)


def come_back(*, person: Person, reason: str, by: Viewer) -> None:
    """Lets a person who left sign in again, in their former role and without clearance. Raises Refused."""
    if not reason.strip():
        raise Refused("Say in a few words why; it is kept in the audit.")
    with transaction.atomic():
        if not Person.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
            raise Refused(f"{person.name} has not left.")
        audit.person("came_back", person.email, by=by.email, reason=reason.strip())
        notices.tell(person, f"{by.name} let you come back. Reason: {reason.strip()}")
        reads.ask(person.pk, clock.wall())
        announce([reads.TOPIC], GLOBAL)


def _end(person: Person, by: Viewer, reason: str) -> None:
    """No session of theirs counts any more, not even when they come back; their clearance ends with it."""
    person.is_active = False
    person.set_unusable_password()  # sessions hold a hash of it
    person.save(update_fields=["is_active", "password"])
    if person.us_gov_cleared:
        clearance.put(person, cleared=False, by=by.email, reason=f"Left: {reason}")
    codes.end(person, by=by.email, now=clock.wall())
    Match.objects.filter(person=person).update(due_at=None)
    audit.person("left", person.email, by=by.email, reason=reason)
    announce(["access", reads.TOPIC], GLOBAL)


def _tell_of_the_rest(person: Person) -> None:
    """The cleared who may hand over are told where something is left that `by` did not see."""
    if not ties.of(person.email, Everything()):
        return
    finishers = Person.objects.filter(
        is_active=True, us_gov_cleared=True, groups__name__in=("administrator", "manager")
    )
    text = f"{person.name} has left, and something of US Government is still theirs. Hand it over on their page."
    for one in finishers.distinct():
        notices.tell(one, text)
