"""The schedules app."""

from django.apps import AppConfig


class SchedulesConfig(AppConfig):
    """Stands on the platform (`ceoc`); emergencies stand on it."""

    name = "schedules"
