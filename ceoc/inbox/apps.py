"""The inbox as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import import_string

from ceoc.demo import resets
from ceoc.ops import due


class InboxConfig(AppConfig):
    """Deliveries of the vendors' webhooks."""

    name = "ceoc.inbox"
    label = "inbox"

    def ready(self) -> None:
        """Registers the sweep that reads what was delivered, and what is emptied when a demo starts over."""
        resets.register(import_string("ceoc.inbox.empty.empty"))
        due.register("deliveries", import_string("ceoc.inbox.processing.process_due"))
