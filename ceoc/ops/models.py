"""What is known of the machinery: when each vendor was last heard, and when a worker last swept."""

from __future__ import annotations

from django.db import models

from ceoc.access.classes import Classed


class Freshness(Classed):
    """When a vendor's account last told us something, in real time. US Gov's account has its own class."""

    vendor = models.CharField(max_length=16)
    account = models.CharField(max_length=8, blank=True)
    """`global` or `us_gov` for Zendesk; empty for the others."""
    last_webhook_at = models.DateTimeField(null=True)
    last_answer_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    """When somebody last set out to ask it what is open."""
    down_since = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        """One row an account."""

        verbose_name_plural = "freshness"
        constraints = (models.UniqueConstraint(fields=("vendor", "account"), name="an_account_is_watched_once"),)

    def __str__(self) -> str:
        return f"{self.vendor} {self.account}".strip()


class Heartbeat(models.Model):
    """The last time that something which should never stop ran, in real time."""

    name = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%H:%M:%S}"
