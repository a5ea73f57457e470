"""The deliveries: every well-signed webhook, as it came (architecture.md 2.7); and whom vendors' ids mean."""

from __future__ import annotations

from django.db import models

from ceoc.access.classes import Classed

STATES = ("stored", "processed", "unreadable")


class Delivery(Classed):
    """A webhook received. The row is the promise that it will be read; the vendor has been answered 2xx for it.

    `received_at` and `processed_at` are by the domain's clock, `due_at` by the wall's (it is a lease and a back-off).
    """

    public_id = models.CharField(max_length=12, unique=True)
    vendor = models.CharField(max_length=12)
    account = models.CharField(max_length=8, blank=True)
    """Which Zendesk account; empty for the other vendors."""
    event_id = models.CharField(max_length=120)
    kind = models.CharField(max_length=80, blank=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    cut = models.BooleanField(default=False)
    """Whether the body was longer than we keep."""
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=[(state, state) for state in STATES], default="stored")
    processed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    """Why it is unreadable, or why the last try came to nothing."""
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    """When it may be claimed (again); a claim moves it on by the lease. Empty once it is done."""

    class Meta:
        """Kept once; the ones to read are a short list."""

        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint("vendor", "account", "event_id", name="a_delivery_is_kept_once"),
            models.CheckConstraint(
                name="a_delivery_that_is_done_is_not_due",
                condition=models.Q(state="stored", due_at__isnull=False)
                | ~models.Q(state="stored") & models.Q(due_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index("due_at", "id", name="deliveries_to_read", condition=models.Q(state="stored")),
            models.Index(fields=["-received_at", "-id"], name="deliveries_latest_first"),
        ]

    def __str__(self) -> str:
        return f"delivery {self.public_id}"


class KnownPerson(Classed):
    """Whom an id of a vendor means: kept, so that webhooks that give ids alone are understood while the vendor is
    down."""

    vendor = models.CharField(max_length=12)
    account = models.CharField(max_length=8, blank=True)
    vendor_id = models.CharField(max_length=40)
    email = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=200, blank=True)
    agent = models.BooleanField(default=False)
    """Whether they answer customers there (Zendesk), not ask."""
    read_at = models.DateTimeField()
    """When the vendor last told, by the wall clock."""

    class Meta:
        """One row an id."""

        verbose_name_plural = "known people"
        constraints = [models.UniqueConstraint("vendor", "account", "vendor_id", name="a_vendors_id_means_one_person")]

    def __str__(self) -> str:
        return f"{self.vendor} {self.vendor_id}"
