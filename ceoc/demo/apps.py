"""The demo."""

from __future__ import annotations

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import import_string

from ceoc import clock


class DemoConfig(AppConfig):
    """Personas, scenarios and the shared clock; nothing of it outside DEMO."""

    name = "ceoc.demo"
    label = "demo"

    def ready(self) -> None:
        """In DEMO the time is the shared clock's. (That an unsafe demo does not start is the settings' part.)"""
        if settings.DEMO:
            shared = "ceoc.demo.shared_clock"
            clock.read_from(import_string(f"{shared}.read"), import_string(f"{shared}.forget"))
