"""Queries are asked at one written-out moment."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from ceoc.access.viewer import Audience
from tests.emergencies.world import NOW, evening_once, troubles

__all__ = ["cleared", "evening_once", "stopped", "troubles", "uncleared"]


@pytest.fixture(autouse=True)
def stopped(db: None) -> Iterator[None]:
    """16:42 UTC on 14 July 2026, and it stays so."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def cleared() -> Audience:
    return Audience("engineer", True)


@pytest.fixture
def uncleared() -> Audience:
    return Audience("engineer", False)
