"""The demo."""

from __future__ import annotations

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Personas, scenarios and the shared clock."""

    name = "ceoc.demo"
    label = "demo"
