"""The evening that is attacked; its clock stands."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.emergencies.world import NOW, evening_once, troubles

__all__ = ["evening_once", "stopped", "troubles"]


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    """Time stands still at the evening's present."""
    with time_machine.travel(NOW, tick=False):
        yield
