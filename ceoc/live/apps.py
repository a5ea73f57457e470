"""The app of live pages."""

from __future__ import annotations

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Announcements, streams and their template tag."""

    name = "ceoc.live"
    label = "live"
