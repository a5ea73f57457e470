"""The sweep that does what follows from a change of settings: the newest version of a kind alone, a batch at a time."""

from __future__ import annotations

from datetime import datetime

from ceoc.team import kinds
from ceoc.team.models import Consequence, Version

BATCHES = 20
"""Batches of one call; the next sweep does the rest."""


def follow(now: datetime) -> int:
    """Goes on with what follows from each change that is not done yet; how many batches were done. One query at
    rest."""
    waiting = {version.kind: version for version in Version.objects.exclude(consequence__done=True).order_by("number")}
    return sum(_follow(version, now) for version in waiting.values())


def _follow(version: Version, now: datetime) -> int:
    """What follows from the newest version of a kind; the older ones are done with it."""
    do = kinds.follow_of(version.kind)
    consequence, _ = Consequence.objects.get_or_create(version=version)
    through: int | None = consequence.through
    batches = 0
    while do is not None and through is not None and batches < BATCHES:
        through = do(through, now)
        batches += 1
        Consequence.objects.filter(pk=consequence.pk).update(through=through or consequence.through)
    if do is None or through is None:
        _done(version)
    return batches


def _done(version: Version) -> None:
    older = Version.objects.filter(kind=version.kind, number__lte=version.number, consequence=None)
    Consequence.objects.bulk_create([Consequence(version=one, done=True) for one in older], ignore_conflicts=True)
    upto = Consequence.objects.filter(version__kind=version.kind, version__number__lte=version.number)
    upto.filter(done=False).update(done=True)
