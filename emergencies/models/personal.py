"""What is one's own: drafts, and when one last looked. No part of the timeline."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from emergencies.models.emergency import Emergency


class Draft(models.Model):
    """A text that a person has not sent yet, kept per emergency and audience so that nothing typed is lost."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="drafts")
    audience = models.CharField(
        max_length=16, choices=[("public", "public"), ("internal", "internal"), ("thread", "thread")]
    )
    text = models.TextField(blank=True)
    begun_at = models.DateTimeField()
    kept_at = models.DateTimeField()

    class Meta:
        """One draft for each of the three audiences."""

        constraints = [models.UniqueConstraint("person", "emergency", "audience", name="one_draft_for_an_audience")]

    def __str__(self) -> str:
        return f"{self.audience} draft"


class Look(models.Model):
    """When a person last looked at an emergency; what is newer is marked as new to them."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="looks")
    emergency = models.ForeignKey(Emergency, on_delete=models.CASCADE, related_name="looks")
    at = models.DateTimeField()

    class Meta:
        """One last look each."""

        constraints = [models.UniqueConstraint("person", "emergency", name="one_last_look_each")]

    def __str__(self) -> str:
        return f"look at {self.at}"
