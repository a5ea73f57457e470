"""The emergencies app: fills the platform's registries."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import import_string


class EmergenciesConfig(AppConfig):
    """Stands on the platform (`ceoc`) and on the schedules; nothing of them looks back."""

    name = "emergencies"

    def ready(self) -> None:
        """What reads deliveries, sends commands, ticks, is live, and is emptied when a demo starts over."""
        import_string("emergencies.ingest.register.register")()
        import_string("emergencies.outgoing.register.register")()
        import_string("emergencies.pages.register.register")()
        import_string("ceoc.ops.metrics.register")(
            "ceoc_emergencies",
            "Emergencies by stage, US Government's aside.",
            ("stage",),
            import_string("emergencies.queries.listed.by_stage"),
        )
        import_string("emergencies.pages.settings.register")()
        import_string("ceoc.ops.due.register")("ticks", import_string("emergencies.timeline.tick.tick"))
        import_string("ceoc.demo.resets.register")(import_string("emergencies.timeline.empty.empty"))
