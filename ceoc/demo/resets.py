"""What is emptied when a scenario starts over. Each app registers its own part in AppConfig.ready; DEMO only."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError, transaction

ATTEMPTS = 5
"""How often emptying is tried while workers hold what it needs."""

_parts: list[Callable[[], None]] = []


def register(part: Callable[[], None]) -> None:
    """Adds a function that empties an app's tables; they run in the order of registration, in one transaction."""
    if part not in _parts:
        _parts.append(part)


def empty() -> None:
    """Empties everything that was registered. Raises RuntimeError outside DEMO: there the timeline is never deleted."""
    if not settings.DEMO:
        raise RuntimeError("Only a demo is emptied.")
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                for part in _parts:
                    part()
        except OperationalError:  # workers are writing, and PostgreSQL let them go first
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return
