"""Pages are asked for at one written-out moment of an evening."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.emergencies.world import NOW, Trouble, evening_once, troubles

__all__ = ["evening_once", "halden", "stopped", "troubles"]


@pytest.fixture(autouse=True)
def stopped(db: None) -> Iterator[None]:
    """16:42 UTC on 14 July 2026, and it stays so."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def halden(person_of) -> Trouble:
    """One customer whose page rings."""
    person_of("engineer")
    return Trouble("Halden Bank", 1).pages(3, "All web nodes answer 502")
