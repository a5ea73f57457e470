"""An emergency's row: its opaque id, and the projection of its story that lists and indexes read."""

from __future__ import annotations

from django.db import models

from ceoc.access.classes import Classed


class Emergency(Classed):
    """One customer's trouble. Every column but the id is a cache of its timeline, written by `timeline.project` alone.

    Holds no person from the roster and no lateness: instants are absolute (UTC), persons and lateness are resolved at
    reading.
    """

    public_id = models.CharField(max_length=12, unique=True)
    began_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    judged_at = models.DateTimeField(null=True)
    """The `now` that the last projection was judged with; only `next_change_at` depends on it."""
    stage = models.CharField(max_length=12, default="reviewing")
    ended = models.CharField(max_length=16, blank=True)
    closed_at = models.DateTimeField(null=True)
    historical = models.BooleanField(default=False)
    """Closed at the vendor when it was first read: quiet, never on the board."""
    joined_into = models.CharField(max_length=12, blank=True)
    region = models.CharField(max_length=8, blank=True)
    dri = models.CharField(max_length=254, blank=True)
    dri_since = models.DateTimeField(null=True)
    dri_why = models.CharField(max_length=16, blank=True)
    title = models.CharField(max_length=300, blank=True)
    customer_key = models.CharField(max_length=80, blank=True)
    customer_name = models.CharField(max_length=200, blank=True)
    plan = models.CharField(max_length=40, blank=True)
    product = models.CharField(max_length=80, blank=True)
    us_gov_support = models.CharField(max_length=8, blank=True)
    page_key = models.CharField(max_length=80, blank=True)
    page_status = models.CharField(max_length=16, blank=True)
    page_contacted = models.BooleanField(default=False)
    ticket_key = models.CharField(max_length=80, blank=True)
    ticket_status = models.CharField(max_length=16, blank=True)
    ticket_priority = models.CharField(max_length=16, blank=True)
    pages = models.PositiveSmallIntegerField(default=0)
    tickets = models.PositiveSmallIntegerField(default=0)
    owed = models.JSONField(default=list)
    """Every owed act as JSON, in the order of the procedure: kind, rules, rank, role, opens_at, due_at, about,
    locked."""
    owed_kind = models.CharField(max_length=32, blank=True)
    owed_role = models.CharField(max_length=16, blank=True)
    owed_rank = models.PositiveSmallIntegerField(null=True)
    next_opens_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)
    next_change_at = models.DateTimeField(null=True)
    warnings = models.JSONField(default=list)

    class Meta:
        """Lists read open emergencies by what is owed, the tick by the next moment, the closed page by day."""

        indexes = [
            models.Index(
                "next_due_at",
                name="open_emergencies_by_due",
                condition=~models.Q(stage="closed") & models.Q(historical=False),
            ),
            models.Index(
                "next_change_at", name="emergencies_by_next_moment", condition=models.Q(next_change_at__isnull=False)
            ),
            models.Index(fields=["-closed_at"], name="closed_emergencies_by_day", condition=models.Q(stage="closed")),
            models.Index("customer_key", name="emergencies_by_customer"),
        ]

    def __str__(self) -> str:
        return f"Emergency {self.public_id}"
