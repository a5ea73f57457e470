"""Running the product."""

from __future__ import annotations

from django.apps import AppConfig


class OpsConfig(AppConfig):
    """Health, freshness and the sweeps."""

    name = "ceoc.ops"
    label = "ops"
