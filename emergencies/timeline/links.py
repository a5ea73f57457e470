"""Which subject belongs to which emergency: a cache of `linked`, `unlinked` and `joined` entries, applied as they are
recorded."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models.functions import Now

from emergencies import models
from emergencies.story import kinds as k
from emergencies.story.entries import Entry, Ref
from emergencies.timeline.append import Subjects
from emergencies.timeline.locks import NeedMore


def apply(entries: Iterable[Entry], subjects: Subjects, emergencies: dict[str, models.Emergency]) -> None:
    """Applies membership entries in their order. Subjects and emergencies are locked by the caller."""
    for entry in entries:
        here = emergencies.get(Ref.parse(entry.subject).ref)
        match entry.fact:
            case k.Linked(subject=key) if here:
                models.Subject.objects.filter(key=key, waiting=True).update(waiting=False)
                _owe_first_read(key)
                subjects[key].waiting = False
                models.Link.objects.update_or_create(
                    subject=subjects[key], emergency=here, defaults={"ended": False, "alone": True}
                )
            case k.Unlinked(subject=key) if here:
                models.Link.objects.filter(subject=subjects[key], emergency=here).update(ended=True)
            case k.Joined(into=older) if here:
                _move(here, emergencies[older])


def _owe_first_read(key: str) -> None:
    """What is tied before anybody told of it is read at once, by the clock of the database (the reads' own is real)."""
    unheard = models.Subject.objects.filter(key=key, kind__in=("page", "ticket"), sightings=None, read_due_at=None)
    unheard.update(read_due_at=Now())


def _move(younger: models.Emergency, older: models.Emergency) -> None:
    """Everything of the younger emergency goes to the older one."""
    for link in models.Link.objects.filter(emergency=younger, ended=False, alone=True):
        subject_id = link.subject_id
        link.delete()
        models.Link.objects.update_or_create(
            subject_id=subject_id, emergency=older, defaults={"ended": False, "alone": True}
        )
    models.Link.objects.filter(emergency=younger, alone=False).delete()


def named_by(entries: Iterable[Entry]) -> set[str]:
    """Public ids of the emergencies that membership entries concern, besides the one that each belongs to."""
    return {entry.fact.into for entry in entries if isinstance(entry.fact, k.Joined)}


def link_customers(emergency: models.Emergency, entries: Iterable[Entry], subjects: Subjects) -> bool:
    """Links the customers that the emergency's tickets name. Whether any was new, so that the timeline must be read
    again.

    Raises NeedMore for one that is not locked: who reads that customer just now would not see the link, nor we what is
    read, and neither would tell the emergency."""
    named = _customers(entries)
    linked = set(models.Link.objects.filter(emergency=emergency, alone=False).values_list("subject__key", flat=True))
    new = sorted(named - linked)
    if missing := set(new) - subjects.keys():
        raise NeedMore(missing)
    for key in new:
        models.Link.objects.get_or_create(subject=subjects[key], emergency=emergency, defaults={"alone": False})
    return bool(new)


def _customers(entries: Iterable[Entry]) -> set[str]:
    named = set()
    for entry in entries:
        match entry.fact:
            case k.TicketCreated(customer=key) | k.TicketChanged(field="customer", to=key) if key:
                named.add(key)
    return named


def homes(subjects: Iterable[models.Subject]) -> set[str]:
    """Public ids of the emergencies that these subjects belong to now. One query."""
    links = models.Link.objects.filter(subject__in=list(subjects), ended=False)
    return set(links.values_list("emergency__public_id", flat=True))


def members(emergency_ids: Iterable[str]) -> set[str]:
    """Keys of the subjects that belong to these emergencies alone. One query."""
    links = models.Link.objects.filter(emergency__public_id__in=list(emergency_ids), ended=False, alone=True)
    return set(links.values_list("subject__key", flat=True))
