"""Subjects, and which emergency each belongs to."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from ceoc.access.classes import Classed
from emergencies.models.emergency import Emergency


class Subject(Classed):
    """What an entry belongs to, once and for ever: a page, summons, ticket, thread, customer, person, or an emergency
    itself."""

    key = models.CharField(max_length=120, unique=True)
    """As `emergencies.story.entries.Ref.key`."""
    kind = models.CharField(max_length=12)
    class_said = models.BooleanField(default=False)
    """A cleared person tied it to the global account: that it comes from an unmapped service no longer closes it."""
    partners = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    """Keys of the subjects that its own facts name: what belongs together is found from either side (PAGE-14)."""
    waiting = models.BooleanField(default=False)
    """A page made by hand that nobody has tied yet: it waits in the tray and starts nothing."""
    read_due_at = models.DateTimeField(null=True)
    """When the vendor should be asked about this subject (again); none when nothing is owed."""

    class Meta:
        """The tray and the reads that are due are short lists."""

        indexes = [
            GinIndex("partners", name="subjects_by_partner"),
            models.Index("kind", name="subjects_that_wait", condition=models.Q(waiting=True)),
            models.Index("read_due_at", name="subjects_to_read", condition=models.Q(read_due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.key


class Link(models.Model):
    """That a subject belongs to an emergency: a cache of `linked` and `unlinked` entries, kept after it ended."""

    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="links")
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="links")
    alone = models.BooleanField()
    """Whether the subject may belong to one emergency only (all but customers)."""
    ended = models.BooleanField(default=False)

    class Meta:
        """One page, ticket or thread is never in two emergencies."""

        constraints = [
            models.UniqueConstraint(
                "subject", name="one_subject_in_one_emergency", condition=models.Q(alone=True, ended=False)
            ),
            models.UniqueConstraint("subject", "emergency", name="a_subject_is_linked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_id} in {self.emergency_id}"
