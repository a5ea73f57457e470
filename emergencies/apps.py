"""The emergencies app: fills the platform's registries."""

from django.apps import AppConfig


class EmergenciesConfig(AppConfig):
    """Stands on the platform (`ceoc`) and on the schedules; nothing of them looks back."""

    name = "emergencies"
