"""The outbox as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import import_string

from ceoc.demo import resets
from ceoc.ops import due


class OutboxConfig(AppConfig):
    """Commands on their way to the vendors."""

    name = "ceoc.outbox"
    label = "outbox"

    def ready(self) -> None:
        """Registers the sweep that delivers, the live list, what holds whoever leaves, and what a demo empties."""
        due.register("commands", import_string("ceoc.outbox.lanes.deliver_due"))
        import_string("ceoc.live.sources.register")(import_string("ceoc.outbox.live.CommandsSource")())
        import_string("ceoc.people.ties.register")(import_string("ceoc.outbox.ties.CommandTies")())
        import_string("ceoc.ops.metrics.register")(
            "ceoc_commands",
            "Commands by vendor and state, US Government's aside.",
            ("vendor", "state"),
            import_string("ceoc.outbox.queries.by_state"),
        )
        resets.register(import_string("ceoc.outbox.empty.empty"))
