"""Who our people are at the vendors, what was read of them there, and whom the vendors know besides."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from ceoc.access.classes import Classed

STATES = ("unread", "found", "absent")


class Match(Classed):
    """One of our people in one account of a vendor; its class is the account's. All instants are the wall clock's.

    The row is the promise that they are read there: `due_at` says when.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="matches")
    vendor = models.CharField(max_length=12)
    account = models.CharField(max_length=8, blank=True)
    picked = models.CharField(max_length=254, blank=True)
    """The e-mail or id there that an administrator picked; empty: they are looked for by their own e-mail."""
    picked_by = models.CharField(max_length=254, blank=True)
    state = models.CharField(max_length=8, choices=[(state, state) for state in STATES], default="unread")
    vendor_id = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    """The address there, which is ours unless they were matched by hand."""
    facts = models.JSONField(default=dict)
    """What readiness asks: of PagerDuty `ways` and `rung`, of Zendesk `role`, `active` and `suspended`."""
    read_at = models.DateTimeField(null=True)
    """When the vendor last answered."""
    asked_at = models.DateTimeField()
    """When somebody last wanted them read."""
    due_at = models.DateTimeField(null=True)
    """When they may be read (again); a read moves it on by its lease. Empty once they are read."""
    failed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    """Why the last try came to nothing; empty when it did not."""

    class Meta:
        """Each of us once in each place, and nobody there for two of us."""

        verbose_name_plural = "matches"
        constraints: ClassVar = [
            models.UniqueConstraint("person", "vendor", "account", name="a_person_is_looked_for_once_in_a_place"),
            models.UniqueConstraint(
                "vendor", "account", "vendor_id", name="nobody_there_is_two_of_us", condition=~Q(vendor_id="")
            ),
            models.CheckConstraint(name="who_was_found_has_an_id", condition=Q(state="found") ^ Q(vendor_id="")),
            models.CheckConstraint(name="who_picked_is_said", condition=Q(picked="") ^ ~Q(picked_by="")),
        ]
        indexes: ClassVar = [models.Index("due_at", "id", name="matches_to_read", condition=Q(due_at__isnull=False))]

    def __str__(self) -> str:
        return f"match in {self.vendor} {self.account}".strip()


class Member(Classed):
    """Somebody in a vendor's account, as its list of people gave them last."""

    vendor = models.CharField(max_length=12)
    account = models.CharField(max_length=8, blank=True)
    vendor_id = models.CharField(max_length=40)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    aside_by = models.CharField(max_length=254, blank=True)
    """Who said that this is none of us (a bot, an integration); empty while nobody did."""

    class Meta:
        """Each once."""

        constraints: ClassVar = [
            models.UniqueConstraint("vendor", "account", "vendor_id", name="a_member_is_listed_once")
        ]

    def __str__(self) -> str:
        return f"member of {self.vendor} {self.account}".strip()


class Listing(Classed):
    """When the list of a vendor's people was read, and is to be read again; by the wall clock."""

    vendor = models.CharField(max_length=12)
    account = models.CharField(max_length=8, blank=True)
    read_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    asked = models.BooleanField(default=True)
    """Whether somebody waits for it; else it is only the daily time."""
    failed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        """One row an account."""

        constraints: ClassVar = [models.UniqueConstraint("vendor", "account", name="an_account_is_listed_once")]

    def __str__(self) -> str:
        return f"list of {self.vendor} {self.account}".strip()
