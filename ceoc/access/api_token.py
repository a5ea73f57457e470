"""The table of tokens: hashed, scoped, expiring, revocable. A row is its own audit: it is never deleted."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class ApiToken(models.Model):
    """A bearer token of a person. Only its digest is kept; all instants are by the wall clock."""

    public_id = models.CharField(max_length=12, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    """What it is for, in its owner's words."""
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token. A token has 256 random bits, so that neither salt nor a slow hash is needed."""
    ending = models.CharField(max_length=4)
    """Its last four characters, by which its owner knows it again."""
    scopes = ArrayField(models.CharField(max_length=12))
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=254)
    """An e-mail, or the command that was typed."""
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    """Written no oftener than once a minute."""
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=254, blank=True)

    class Meta:
        """A person's own are a short list."""

        constraints = (
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="a_token_ends_after_it_begins"
            ),
        )
        indexes = (models.Index(fields=("person", "-made_at"), name="tokens_of_a_person"),)

    def __str__(self) -> str:
        return f"token {self.public_id}"
