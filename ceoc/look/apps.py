"""The app that holds the look."""

from __future__ import annotations

from django.apps import AppConfig


class LookConfig(AppConfig):
    """Makes the template tags of the look known to Django."""

    name = "ceoc.look"
    label = "look"
