"""People, and the audit of who came in, who was refused and who was cleared."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower

from ceoc.access.api_token import ApiToken
from ceoc.access.classes import Classed
from ceoc.access.opaque import opaque_id
from ceoc.access.roles import CAPABILITIES

__all__ = ["AUDITED", "AccessLog", "ApiToken", "People", "Person", "known_zone"]


def known_zone(name: str) -> None:
    """Raises ValidationError for what is not the IANA name of a time zone."""
    if name not in available_timezones():
        raise ValidationError(f"{name!r} is not a time zone. Write it like Europe/Dublin.")


class People(BaseUserManager["Person"]):
    """The people that the dashboard knows."""

    def known(self, email: str) -> Person | None:
        """The active person with that e-mail, whatever its letters' case."""
        return self.filter(email=email.strip().lower(), is_active=True).first()

    def welcome(self, email: str, *, name: str, role: str = "", zone: str = "UTC") -> Person:
        """Makes or updates a person and puts them into the role's group alone. Clearance is never given here."""
        person, made = self.update_or_create(email=email.strip().lower(), defaults={"name": name, "zone": zone})
        if made:
            person.set_unusable_password()
            person.save(update_fields=["password"])
        person.groups.set([Group.objects.get(name=role)] if role else [])
        return person


class Person(AbstractBaseUser):
    """Somebody who may sign in. The e-mail is who they are, here and at the vendors; there is no password."""

    public_id = models.CharField(max_length=12, unique=True)
    """What stands for them in addresses; made once, of the e-mail."""
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64, default="UTC", validators=[known_zone])
    us_gov_cleared = models.BooleanField("cleared for US Government", default=False)
    is_active = models.BooleanField(default=True)
    has_notices = models.BooleanField(default=False)
    """Whether something is to be told on their next page (`ceoc.people.notices`)."""
    groups = models.ManyToManyField(Group, blank=True)

    objects = People()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ("name",)

    class Meta:
        """Capabilities are Django permissions of a person, and nothing else is."""

        default_permissions = ()
        permissions = tuple(CAPABILITIES.items())
        verbose_name_plural = "people"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="an_email_is_written_in_small_letters"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's; who is new gets their public id."""
        self.public_id = self.public_id or opaque_id(f"person:{self.email}")
        super().save(*args, **kwargs)


class Notice(models.Model):
    """A sentence that one person is to be told on their next page; kept as their own history."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField()
    """By the wall clock, as the audit's."""
    text = models.CharField(max_length=500)
    seen_at = models.DateTimeField(null=True)
    """When they said that they have read it."""

    class Meta:
        """Newest first."""

        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("person", "-at"), name="notices_of_a_person"),)

    def __str__(self) -> str:
        return f"notice of {self.at:%Y-%m-%d %H:%M}"


class CodeSet(models.Model):
    """Break-glass codes that an administrator printed for a person: a way in while the provider is down."""

    public_id = models.CharField(max_length=12, unique=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="code_sets")
    made_at = models.DateTimeField()
    """All instants here are by the wall clock."""
    made_by = models.CharField(max_length=254)
    """The e-mail of an administrator, or the command that was typed."""
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was revoked, or another set took its place."""

    class Meta:
        """One at a time."""

        constraints = (
            models.UniqueConstraint(
                fields=("person",), condition=models.Q(ended_at=None), name="one_set_of_break_glass_codes_a_person"
            ),
        )

    def __str__(self) -> str:
        return f"break-glass codes {self.public_id}"


class Code(models.Model):
    """One code of a set. What is printed is not kept, only its hash."""

    code_set = models.ForeignKey(CodeSet, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"a code of {self.code_set_id}"


class Attempts(models.Model):
    """How often something was tried within a quarter of an hour; the key is a hash of what, and of by whom or where."""

    key = models.CharField(max_length=64)
    began_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=1)

    class Meta:
        """One row for each quarter of an hour."""

        constraints = (models.UniqueConstraint(fields=("key", "began_at"), name="attempts_are_counted_once_a_quarter"),)

    def __str__(self) -> str:
        return f"{self.tries} since {self.began_at:%H:%M}"


AUDITED = (
    ("signed_in", "Signed in"),
    ("broke_glass", "Signed in with a break-glass code"),
    ("signed_out", "Signed out"),
    ("not_let_in", "Was not let in"),
    ("refused", "Refused"),
    ("role_changed", "Role changed"),
    ("cleared", "Cleared for US Government"),
    ("clearance_ended", "Clearance ended"),
    ("codes_made", "Break-glass codes printed"),
    ("codes_ended", "Break-glass codes revoked"),
    ("looked", "Looked at a US Government thing"),
    ("left", "Left"),
    ("came_back", "Came back"),
    ("matched", "Matched by hand"),
    ("unmatched", "Match by hand undone"),
    ("setting_changed", "Changed a setting"),
    ("had_seen", "Had seen what turned out to be US Government’s"),
)


class AccessLog(Classed):
    """One line of the audit. Kept as words, so that it stands when a person goes."""

    at = models.DateTimeField()
    """By the wall clock, in DEMO too."""
    kind = models.CharField(max_length=16, choices=AUDITED)
    email = models.CharField(max_length=254, blank=True)
    """The person that it is about."""
    by = models.CharField(max_length=254, blank=True)
    """Who did it, where that is somebody else: an e-mail, or the command that was typed."""
    method = models.CharField(max_length=10, blank=True)
    path = models.CharField(max_length=200, blank=True)
    what = models.CharField(max_length=24, blank=True)
    """The kind of thing that was looked at: emergency, delivery, command."""
    public_id = models.CharField(max_length=24, blank=True)
    """Its opaque id."""
    address = models.GenericIPAddressField(null=True, blank=True)
    """Where somebody signed in from, or tried to."""
    reason = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        """Newest first."""

        ordering = ("-at", "-id")
        indexes = (
            models.Index(fields=("email", "-at"), name="access_log_by_person"),
            models.Index(fields=("-at", "-id"), name="access_log_newest"),
            models.Index(
                fields=("email", "what", "public_id", "at"),
                condition=models.Q(kind="looked"),
                name="access_log_looks",
            ),
            models.Index("path", name="access_log_of_the_seen", condition=models.Q(kind="had_seen")),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind} {self.email}"
