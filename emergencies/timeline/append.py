"""Appends what is new: sightings as told, the entries they settle into, entries made in the dashboard. Nothing is
changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Value
from django.db.models.functions import Greatest

from emergencies import models
from emergencies.story.entries import Entry
from emergencies.story.settle import settle
from emergencies.timeline import rows
from emergencies.timeline.drafts import Draft, Seen

Subjects = dict[str, models.Subject]


def append_sightings(told: Sequence[Seen], subjects: Subjects, now: datetime) -> set[str]:
    """Keeps the sightings that are new and lets their subjects' entries settle. Answers the keys of subjects that
    changed."""
    known = set(models.Sighting.objects.filter(key__in=[seen.key for seen in told]).values_list("key", flat=True))
    new = {seen.key: seen for seen in told if seen.key not in known}
    if not new:
        return set()
    models.Sighting.objects.bulk_create(
        [rows.sighting_row(seen, subjects[seen.subject.key], now) for seen in new.values()]
    )
    models.Text.objects.bulk_create(rows.text_rows(new.values(), subjects), ignore_conflicts=True)
    touched = {seen.subject.key for seen in new.values()}
    return _resettle([subjects[key] for key in touched], now)


def _resettle(touched: Sequence[models.Subject], now: datetime) -> set[str]:
    """Opens and closes entries so that they are what all sightings of each subject settle into."""
    told: dict[int, list[models.Sighting]] = defaultdict(list)
    for row in models.Sighting.objects.filter(subject__in=touched):
        told[row.subject_id].append(row)
    standing: dict[int, dict[str, models.Entry]] = defaultdict(dict)
    for entry in models.Entry.objects.filter(subject__in=touched, known_until=None).exclude(told_by="person"):
        standing[entry.subject_id][entry.key] = entry
    changed: set[str] = set()
    opened: list[models.Entry] = []
    closed: list[int] = []
    for subject in touched:
        settled = {e.key: e for e in settle(rows.sighting_of(row, subject.key) for row in told[subject.id])}
        gone = [entry.pk for key, entry in standing[subject.id].items() if key not in settled]
        come = [entry for key, entry in settled.items() if key not in standing[subject.id]]
        closed += gone
        opened += [rows.entry_row(entry, subject, now) for entry in come]
        if gone or come:
            changed.add(subject.key)
    # Another process may have read its clock later and recorded sooner: what is known never ends before it begins.
    until = Greatest("known_from", Value(now))
    models.Entry.objects.filter(pk__in=closed).update(known_until=until)
    models.Entry.objects.bulk_create(opened)
    return changed


def append_entries(drafts: Iterable[Draft], subjects: Subjects, now: datetime) -> list[Entry]:
    """Adds the entries of the dashboard that are not there yet, and answers those."""
    once = {draft.key: draft for draft in drafts}
    known = set(models.Entry.objects.filter(key__in=once, known_until=None).values_list("key", flat=True))
    new = [draft for draft in once.values() if draft.key not in known]
    entries = [rows.entry_of_draft(draft, now) for draft in new]
    models.Entry.objects.bulk_create([rows.entry_row(entry, subjects[entry.subject], now) for entry in entries])
    models.Text.objects.bulk_create(rows.text_rows(new, subjects), ignore_conflicts=True)
    return entries
