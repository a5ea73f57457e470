"""The people as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.module_loading import import_string

from ceoc.ops import due


class PeopleConfig(AppConfig):
    """Who our people are at the vendors."""

    name = "ceoc.people"
    label = "people"

    def ready(self) -> None:
        """Registers the sweep that reads people, and what is live on their pages."""
        due.register("people", import_string("ceoc.people.reads.sweep"))
        import_string("ceoc.live.sources.register")(import_string("ceoc.people.live.PeopleSource")())
