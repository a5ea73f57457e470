"""Running the product."""

from __future__ import annotations

from collections.abc import Callable

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import import_string

from ceoc import logs
from ceoc.env import Secret


class OpsConfig(AppConfig):
    """Health, freshness and the sweeps."""

    name = "ceoc.ops"
    label = "ops"

    def ready(self) -> None:
        """No line of the log holds a secret of the settings from here on, and every process knows whom to wake."""
        logs.hide(secrets_of_settings())
        import_string("ceoc.celery.app").set_default()
        import_string("ceoc.ops.limits.register")()


def secrets_of_settings() -> list[Callable[[], list[str]]]:
    """Every secret in the settings, read when asked; one that holds several, between commas, gives each."""
    held = [getattr(settings, name) for name in dir(settings) if name.isupper()]
    accounts = [getattr(account, name) for account in settings.ZENDESK.values() for name in ("token", "webhook_secret")]
    provider = settings.OIDC.secret if settings.OIDC else None
    found = [one.items for one in (*held, *accounts, provider) if isinstance(one, Secret)]
    return [lambda: [settings.SECRET_KEY], *found]
