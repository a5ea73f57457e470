"""What people were shown: appended when stage, owed acts, lateness or warnings of an emergency changed."""

from __future__ import annotations

from django.db import models

from ceoc.access.classes import Classed
from emergencies.models.emergency import Emergency


class JudgementLog(Classed):
    """One change of judgement; 'as it was shown then' reads the last line at or before that instant."""

    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="judgements")
    at = models.DateTimeField()
    by = models.CharField(max_length=8, choices=[("record", "record"), ("tick", "tick")])
    stage = models.CharField(max_length=12)
    ended = models.CharField(max_length=16, blank=True)
    owed = models.JSONField(default=list)
    late = models.JSONField(default=list)
    warnings = models.JSONField(default=list)

    class Meta:
        """Read by emergency, latest first."""

        indexes = [models.Index(fields=["emergency", "-at", "-id"], name="judgements_of_an_emergency")]

    def __str__(self) -> str:
        return f"{self.emergency_id} at {self.at}"
