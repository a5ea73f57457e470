"""What one person is to be told on their next page, whatever page that is, and finds in their own history."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import transaction

from ceoc import clock
from ceoc.access.classes import GLOBAL
from ceoc.access.models import Notice, Person
from ceoc.live.announce import announce

SHOWN = 20
"""Of a history; older ones stay in the table."""


class NoticeRow(msgspec.Struct, frozen=True):
    """One sentence with its time."""

    at: datetime
    text: str

    @property
    def until(self) -> str:
        """Its time to the microsecond, by which one says what one has read."""
        return self.at.isoformat()


def tell(person: Person, text: str) -> None:
    """Tells a person something; their open pages fetch it at once."""
    with transaction.atomic():
        Notice.objects.create(person=person, at=clock.wall(), text=text[:500])
        Person.objects.filter(pk=person.pk).update(has_notices=True)
        announce([f"person:{person.pk}"], GLOBAL)


def waiting(person: Person | None) -> list[NoticeRow]:
    """What a person has not yet said to have read, oldest first. One query; none where nothing waits."""
    if person is None or not person.has_notices:
        return []
    found = Notice.objects.filter(person=person, seen_at=None).order_by("at", "id")
    return [NoticeRow(at, text) for at, text in found.values_list("at", "text")]


def history(person_id: int) -> list[NoticeRow]:
    """What a person was told, newest first. One query."""
    found = Notice.objects.filter(person_id=person_id)[:SHOWN]
    return [NoticeRow(at, text) for at, text in found.values_list("at", "text")]


def seen(person_id: int, until: datetime) -> None:
    """The person has read what was told until then; what came later still waits."""
    with transaction.atomic():
        mine = Notice.objects.filter(person_id=person_id, seen_at=None)
        mine.filter(at__lte=until).update(seen_at=clock.wall())
        Person.objects.filter(pk=person_id).update(has_notices=mine.exists())
