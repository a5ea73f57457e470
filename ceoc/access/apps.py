"""Who may what."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate

from ceoc.access import roles_mirror


class AccessConfig(AppConfig):
    """People, and what they may do and see."""

    name = "ceoc.access"
    label = "access"

    def ready(self) -> None:
        """Groups and permissions follow the table of roles, also after the tests' flush."""
        post_migrate.connect(roles_mirror.mirror_roles, sender=self)
