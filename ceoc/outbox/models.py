"""The commands: each row is the promise that an act reaches its vendor once, or that a person sees why not."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from ceoc.access.classes import Classed

STATES = (
    "held", "queued", "sending", "checking", "delivered", "will_retry", "asks", "refused", "expired", "dismissed",
)  # fmt: skip
WAITING = ("held", "queued", "checking", "will_retry")
"""States in which a worker has something to do once it is due."""
UNFINISHED = (*WAITING, "sending")
"""States that later commands about the same object wait for. `asks` waits for a person, and holds nothing up."""


class Command(Classed):
    """An act on its way to a vendor.

    `queued_at`, `expires_at` and `delivered_at` are by the domain's clock; `hold_until`, `due_at`, `lease_until` and
    `sent_at` by the wall's, since people and networks live there.
    """

    public_id = models.CharField(max_length=12, unique=True)
    group = models.CharField(max_length=40, blank=True)
    """Public id of the emergency that it belongs to."""
    object = models.CharField(max_length=200)
    """Key of the vendor's object that it is about (`page:Q2K7`, `ticket:global:512880`, `thread:C01:1716.2`)."""
    vendor = models.CharField(max_length=12)
    account = models.CharField(max_length=8, blank=True)
    """Which Zendesk account; empty for the other vendors."""
    kind = models.CharField(max_length=24)
    payload = models.JSONField(default=dict)
    """What is to be sent. Texts that people wrote stand here only, and are emptied by erasure."""
    by = models.CharField(max_length=254)
    """E-mail of whose act it is."""
    although = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=12, choices=[(state, state) for state in STATES], default="queued")
    reason = models.CharField(max_length=500, blank=True)
    """Why it waits, was refused, expired or put aside: a sentence."""
    queued_at = models.DateTimeField()
    hold_until = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    """When a worker may take it (again); empty once nothing is left for a worker to do."""
    lease_until = models.DateTimeField(null=True)
    """Until when a worker has it; empty while nobody has."""
    sent_at = models.DateTimeField(null=True)
    """When it was last handed to the vendor."""
    attempts = models.PositiveIntegerField(default=0)
    mishaps = models.PositiveIntegerField(default=0)
    """How often delivering it failed in a way that nobody foresaw."""
    delivered_at = models.DateTimeField(null=True)
    answer = models.JSONField(default=dict)
    """What the vendor answered, in few words: ids."""

    class Meta:
        """What must never be, and the short list of what is to be done."""

        constraints: ClassVar = [
            models.CheckConstraint(
                name="a_command_waits_exactly_while_it_is_due",
                condition=Q(state__in=WAITING, due_at__isnull=False) | (~Q(state__in=WAITING) & Q(due_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="a_command_that_is_sent_is_leased",
                condition=~Q(state="sending") | Q(lease_until__isnull=False),
            ),
            models.CheckConstraint(
                name="a_lease_is_for_sending_or_checking",
                condition=Q(lease_until__isnull=True) | Q(state__in=("sending", "checking")),
            ),
            models.CheckConstraint(
                name="a_held_command_says_until_when",
                condition=~Q(state="held") | Q(hold_until__isnull=False),
            ),
            models.CheckConstraint(
                name="a_delivered_command_says_when",
                condition=Q(state="delivered", delivered_at__isnull=False)
                | (~Q(state="delivered") & Q(delivered_at__isnull=True)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                "vendor", "account", "due_at", "id", name="commands_to_deliver", condition=Q(due_at__isnull=False)
            ),
            models.Index("group", "object", "id", name="commands_of_an_object", condition=Q(state__in=UNFINISHED)),
            models.Index("lease_until", name="commands_leased", condition=Q(lease_until__isnull=False)),
            models.Index(fields=["group", "-id"], name="commands_of_a_group"),
            models.Index(
                fields=["-id"], name="commands_that_need_somebody", condition=Q(state__in=("refused", "asks"))
            ),
        ]

    def __str__(self) -> str:
        return f"command {self.public_id}"
