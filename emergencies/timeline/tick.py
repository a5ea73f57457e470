"""Time is a tick, not a timer (architecture.md 2.5): judges anew those emergencies whose next moment has come."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ceoc.access.classes import GLOBAL
from ceoc.live.announce import announce
from ceoc.ops import tally
from ceoc.ops.metrics import TICKS
from emergencies import models
from emergencies.story.fold import fold
from emergencies.timeline import read, shown
from emergencies.timeline.project import project

BATCH = 100
"""Emergencies judged by one call; the next sweep takes the rest."""


def tick(now: datetime) -> int:
    """Judges every emergency whose next moment is not later than `now`. Answers how many judgements changed."""
    due = models.Emergency.objects.filter(next_change_at__lte=now).order_by("next_change_at")
    return sum(tick_one(pk, now) for pk in due.values_list("pk", flat=True)[:BATCH])


def tick_one(pk: int, now: datetime) -> bool:
    """Judges one emergency at `now`; true when what is shown changed. Skips one that another tick holds."""
    changed = _tick(pk, now)
    if changed is False:
        tally.count(TICKS)
    return bool(changed)


def _tick(pk: int, now: datetime) -> bool | None:
    """Whether what is shown changed; None where another tick holds it, or it is no matter of the counts."""
    with transaction.atomic():
        rows = models.Emergency.objects.select_for_update(skip_locked=True)
        emergency = rows.filter(pk=pk, next_change_at__lte=now).first()
        if emergency is None:
            return None
        entries = read.timelines([emergency])[emergency.pk]
        story = fold(emergency.public_id, entries, emergency.klass)
        changed = shown.keep_shown(emergency, project(emergency, story, entries, now), "tick", now)
        if changed and not emergency.historical:
            announce(["board", f"emergency:{emergency.public_id}"], emergency.klass)
        return changed if changed or emergency.klass == GLOBAL else None
