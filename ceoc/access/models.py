"""People, and the audit of who came in, who was refused and who was cleared."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower

from ceoc.access.api_token import ApiToken
from ceoc.access.classes import Classed
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

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64, default="UTC", validators=[known_zone])
    us_gov_cleared = models.BooleanField("cleared for US Government", default=False)
    is_active = models.BooleanField(default=True)
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


AUDITED = (
    ("signed_in", "Signed in"),
    ("signed_out", "Signed out"),
    ("refused", "Refused"),
    ("cleared", "Cleared for US Government"),
    ("clearance_ended", "Clearance ended"),
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
    reason = models.CharField(max_length=200, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        """Newest first."""

        ordering = ("-at", "-id")
        indexes = (models.Index(fields=("email", "-at"), name="access_log_by_person"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.kind} {self.email}"
