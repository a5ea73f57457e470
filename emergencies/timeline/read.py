"""Reads timelines from their tables: an emergency's own entries and those of every subject that is linked to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from emergencies import models
from emergencies.story.entries import Entry
from emergencies.story.fold import fold
from emergencies.story.story import Story
from emergencies.timeline import rows


def story_of(emergency: models.Emergency, known_at: datetime | None = None, until: datetime | None = None) -> Story:
    """The emergency's story; with `known_at` as it was known then, with `until` as far as things had happened by
    then."""
    entries = timelines([emergency], known_at)[emergency.pk]
    return fold(emergency.public_id, entries, emergency.klass, until)


def timelines(emergencies: Iterable[models.Emergency], known_at: datetime | None = None) -> dict[int, list[Entry]]:
    """The entries of several emergencies by row id, in no order. Three queries, however many."""
    by_id = {emergency.pk: emergency for emergency in emergencies}
    links = models.Link.objects.filter(emergency__in=by_id, ended=False).select_related("subject")
    belongs: dict[int, list[int]] = defaultdict(list)
    keys: dict[int, str] = {}
    for link in links:
        belongs[link.subject_id].append(link.emergency_id)
        keys[link.subject_id] = link.subject.key
    own = {f"emergency:{emergency.public_id}": pk for pk, emergency in by_id.items()}
    for subject in models.Subject.objects.filter(key__in=own):
        belongs[subject.pk].append(own[subject.key])
        keys[subject.pk] = subject.key
    told: dict[int, list[Entry]] = {pk: [] for pk in by_id}
    for row in known_entries(known_at).filter(subject__in=keys):
        entry = rows.entry_of(row, keys[row.subject_id])
        for pk in belongs[row.subject_id]:
            told[pk].append(entry)
    return told


def known_entries(known_at: datetime | None) -> QuerySet[models.Entry]:
    """Entries that stand now, or that stood at `known_at`."""
    if known_at is None:
        return models.Entry.objects.filter(known_until=None)
    return models.Entry.objects.filter(Q(known_until=None) | Q(known_until__gt=known_at), known_from__lte=known_at)
