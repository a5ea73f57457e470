"""Who waits for whom: `record` locks the subjects it touches, then the emergencies, each in order of id, so that two
never wait
for each other. A subject's row also guards which emergency it belongs to. Whoever only refers to a locked row (a draft
that is kept, a look) does not wait: its key stays."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from emergencies import models
from emergencies.story.entries import Ref
from emergencies.story.kinds import Account


class NeedMore(Exception):
    """More subjects than were locked turned out to be concerned."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = frozenset(keys)
        super().__init__(", ".join(sorted(self.keys)))


def subjects(keys: Iterable[str], classes: dict[str, Account]) -> dict[str, models.Subject]:
    """The subjects of these keys, made where they are new, locked until the transaction ends."""
    wanted = sorted(set(keys))
    present = set(models.Subject.objects.filter(key__in=wanted).values_list("key", flat=True))
    new = [
        models.Subject(key=key, kind=Ref.parse(key).kind, klass=classes.get(key) or class_of(key))
        for key in wanted
        if key not in present
    ]
    models.Subject.objects.bulk_create(new, ignore_conflicts=True)
    rows = models.Subject.objects.select_for_update(no_key=True).filter(key__in=wanted).order_by("id")
    return {row.key: row for row in rows}


def neighbours(keys: Iterable[str]) -> set[str]:
    """What these subjects name and what names them, as far as it is known: to be locked along with them. One query."""
    wanted = list(keys)
    near = models.Subject.objects.filter(Q(key__in=wanted) | Q(partners__overlap=wanted)).values_list("key", "partners")
    return {key for own, partners in near for key in (own, *partners) if not key.startswith("emergency:")}


def class_of(key: str) -> Account:
    """The class of a subject that nobody has told of yet: its account's, else US Government's, closed by default."""
    ref = Ref.parse(key)
    return "global" if ref.account == "global" else "us_gov"


def emergencies(ids: Iterable[str]) -> dict[str, models.Emergency]:
    """The emergencies of these public ids, made where they are new, locked in order of id."""
    wanted = sorted(set(ids))
    present = set(models.Emergency.objects.filter(public_id__in=wanted).values_list("public_id", flat=True))
    new = [models.Emergency(public_id=id) for id in wanted if id not in present]
    models.Emergency.objects.bulk_create(new, ignore_conflicts=True)
    rows = models.Emergency.objects.select_for_update(no_key=True).filter(public_id__in=wanted).order_by("id")
    return {row.public_id: row for row in rows}
