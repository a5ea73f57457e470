"""Django's groups and permissions made equal to the table of roles.

The table is part of the release: every `migrate` puts them back to it, and nothing in the product edits them.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps

from ceoc.access.roles import CAPABILITIES, GROUPS, ROLES


def mirror_roles(**_signal: Any) -> None:
    """Makes groups and permissions what the table says; safe to repeat. Runs after `migrate` and after `flush`."""
    permission_model, group_model = apps.get_model("auth", "Permission"), apps.get_model("auth", "Group")
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label="access", model="person")
    permissions = {
        capability: permission_model.objects.update_or_create(
            content_type=kind, codename=capability, defaults={"name": words}
        )[0]
        for capability, words in CAPABILITIES.items()
    }
    for role in GROUPS:
        group, _ = group_model.objects.get_or_create(name=role)
        group.permissions.set([permissions[capability] for capability in ROLES[role]])
