"""Between rows and values: entries and sightings as the pure packages know them, and back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from ceoc.access.opaque import opaque_id
from emergencies import models
from emergencies.story import kinds
from emergencies.story.entries import Entry, Sighting
from emergencies.timeline.drafts import Draft, Seen


def entry_of(row: models.Entry, subject: str) -> Entry:
    """The entry that a row holds; `subject` is its subject's key, handed in so that no query starts here."""
    return Entry(
        subject=subject,
        key=row.key,
        fact=kinds.read(row.kind, row.version, row.data),
        at=row.at,
        seen_at=row.seen_at,
        source=row.source,
        actor=row.actor,
        told_by=row.told_by,
        id=row.public_id,
    )


def sighting_of(row: models.Sighting, subject: str) -> Sighting:
    """The sighting that a row holds."""
    return Sighting(
        subject=subject,
        key=row.key,
        messenger=row.messenger,
        fact=kinds.read(row.kind, row.version, row.data),
        at=row.at,
        seen_at=row.seen_at,
        source=row.source,
        actor=row.actor,
        same=row.same,
    )


def sighting_row(seen: Seen, subject: models.Subject, now: datetime) -> models.Sighting:
    """The row that keeps what a messenger told, seen `now`."""
    return models.Sighting(
        subject=subject,
        klass=subject.klass,
        key=seen.key,
        messenger=seen.messenger,
        kind=seen.fact.kind,
        version=seen.fact.version,
        data=kinds.write(seen.fact),
        at=seen.at,
        seen_at=now,
        source=seen.source,
        actor=seen.actor,
        same=seen.same,
    )


def entry_row(entry: Entry, subject: models.Subject, now: datetime) -> models.Entry:
    """The row of a fact that is known from `now` on."""
    return models.Entry(
        public_id=opaque_id(f"entry:{entry.key}"),
        subject=subject,
        klass=subject.klass,
        key=entry.key,
        kind=entry.fact.kind,
        version=entry.fact.version,
        data=kinds.write(entry.fact),
        at=entry.at,
        seen_at=entry.seen_at,
        known_from=now,
        source=entry.source,
        actor=entry.actor,
        told_by=entry.told_by,
    )


def entry_of_draft(draft: Draft, now: datetime) -> Entry:
    """What somebody did in the dashboard, as an entry seen `now`."""
    return Entry(
        subject=draft.subject.key,
        key=draft.key,
        fact=draft.fact,
        at=draft.at,
        seen_at=now,
        source=draft.source,
        actor=draft.actor,
    )


def text_rows(told: Iterable[Seen | Draft], subjects: dict[str, models.Subject]) -> list[models.Text]:
    """Rows for what people wrote, apart from the facts."""
    return [
        models.Text(
            key=one.key,
            subject=subjects[one.subject.key],
            klass=subjects[one.subject.key].klass,
            title=one.title,
            body=one.body,
        )
        for one in told
        if one.title or one.body
    ]
