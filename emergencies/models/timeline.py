"""The append-only timeline: sightings as messengers told them, the entries they settle into, and text apart."""

from __future__ import annotations

from django.db import models

from ceoc.access.classes import Classed
from emergencies.models.subject import Subject


class Sighting(Classed):
    """What one messenger told of one fact. Never changed."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="sightings")
    key = models.CharField(max_length=200, unique=True)
    """The messenger's own id of it."""
    messenger = models.CharField(max_length=8)
    kind = models.CharField(max_length=32)
    version = models.PositiveSmallIntegerField(default=1)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    seen_at = models.DateTimeField()
    source = models.CharField(max_length=12)
    actor = models.CharField(max_length=254, blank=True)
    same = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.key


class Entry(Classed):
    """One fact. Rows are only ever added; what a better messenger replaced is closed by `known_until`, never
    deleted."""

    public_id = models.CharField(max_length=12)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="entries")
    key = models.CharField(max_length=200)
    """The natural key: the same fact arriving five times by three ways is one entry."""
    kind = models.CharField(max_length=32)
    version = models.PositiveSmallIntegerField(default=1)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    seen_at = models.DateTimeField()
    known_from = models.DateTimeField()
    known_until = models.DateTimeField(null=True)
    source = models.CharField(max_length=12)
    actor = models.CharField(max_length=254, blank=True)
    told_by = models.CharField(max_length=8, default="person")

    class Meta:
        """A fact stands once; a timeline is read by subject in order of time."""

        constraints = [
            models.UniqueConstraint("key", name="a_fact_stands_once", condition=models.Q(known_until__isnull=True)),
            models.CheckConstraint(
                name="what_is_known_ends_after_it_begins",
                condition=models.Q(known_until__isnull=True) | models.Q(known_until__gte=models.F("known_from")),
            ),
        ]
        indexes = [
            models.Index("subject", "at", name="entries_of_a_subject"),
            models.Index("public_id", name="entries_by_public_id"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class Text(Classed):
    """What people wrote, apart from the facts, by the key of its sighting or entry. Erasure empties it; no rule reads
    it."""

    key = models.CharField(max_length=200, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="texts")
    title = models.TextField(blank=True)
    body = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.key
