"""The team's settings as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import import_string


class TeamConfig(AppConfig):
    """Kinds of settings, their versions, and the pages that change them."""

    name = "ceoc.team"
    label = "team"

    def ready(self) -> None:
        """Registers the sweep that a change sets off, the live page, and what is emptied when a demo starts over."""
        import_string("ceoc.ops.due.register")("settings", import_string("ceoc.team.consequences.follow"))
        import_string("ceoc.live.heard.on")("settings", import_string("ceoc.team.store.forget"))
        for source in import_string("ceoc.team.live.SOURCES"):
            import_string("ceoc.live.sources.register")(source)
        import_string("ceoc.demo.resets.register")(import_string("ceoc.team.empty.empty"))
