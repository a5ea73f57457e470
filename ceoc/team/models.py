"""Versions of the team's settings, and how far what follows from each has come."""

from __future__ import annotations

from django.db import models


class Version(models.Model):
    """A kind of settings as it stood from an instant on. Only ever added: the database refuses anything else."""

    kind = models.CharField(max_length=32)
    number = models.PositiveIntegerField()
    """Counts the versions of a kind from 1; 0 is the default in the code."""
    shape = models.PositiveSmallIntegerField(default=1)
    """In which form `value` is written; an older form is read through the kind's upcasts."""
    value = models.JSONField()
    valid_from = models.DateTimeField()
    """By the domain's clock: what began before runs on by the version before."""
    by = models.CharField(max_length=254)
    """E-mail of the one who changed it."""
    why = models.CharField(max_length=500)
    undoes = models.PositiveIntegerField(null=True)
    """The number of the version that this one takes back."""

    class Meta:
        """Two who change the same version at once do not both succeed."""

        constraints = [
            models.UniqueConstraint("kind", "number", name="a_version_of_a_setting_stands_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="versions_of_settings_count_from_one"),
            models.CheckConstraint(condition=~models.Q(why=""), name="a_setting_is_changed_with_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Consequence(models.Model):
    """How far what follows from a version has come; a process that dies leaves the rest to the next sweep."""

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="consequence")
    through = models.BigIntegerField(default=0)
    """Where to go on."""
    done = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.version_id} {'done' if self.done else self.through}"
