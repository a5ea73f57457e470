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
        """Registers the sweep that reads what was delivered, what is live, and what a demo empties."""
        resets.register(import_string("ceoc.inbox.empty.empty"))
        import_string("ceoc.live.sources.register")(import_string("ceoc.inbox.live.DeliverySource")())
        import_string("ceoc.ops.metrics.register")(
            "ceoc_deliveries",
            "Deliveries by vendor and state, US Government's aside.",
            ("vendor", "state"),
            import_string("ceoc.inbox.queries.by_state"),
        )
        due.register("deliveries", import_string("ceoc.inbox.processing.process_due"))
