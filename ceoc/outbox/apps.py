"""The outbox as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import import_string

from ceoc.ops import due


class OutboxConfig(AppConfig):
    """Commands on their way to the vendors."""

    name = "ceoc.outbox"
    label = "outbox"

    def ready(self) -> None:
        """Registers the sweep that delivers."""
        due.register("commands", import_string("ceoc.outbox.lanes.deliver_due"))
