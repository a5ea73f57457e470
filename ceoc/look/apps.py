"""The app that holds the look."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import import_string


class LookConfig(AppConfig):
    """Makes the template tags of the look known to Django."""

    name = "ceoc.look"
    label = "look"

    def ready(self) -> None:
        """Registers what is live on every page."""
        import_string("ceoc.live.sources.register")(import_string("ceoc.look.live.FreshnessSource")())
