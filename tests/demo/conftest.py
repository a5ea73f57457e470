"""A control address for the demo's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ceoc.demo import playing, resets
from tests.demo.control import Control


@pytest.fixture
def control(settings) -> Iterator[Control]:
    """What answers at SANDBOX_URL."""
    found = Control()
    settings.SANDBOX_URL = found.url
    playing._Offer.until = 0.0
    yield found
    playing._Offer.until = 0.0
    found.end()


@pytest.fixture
def emptied() -> Iterator[list[str]]:
    """What was emptied, in place of the product's own tables."""
    before = list(resets._parts)
    told: list[str] = []
    resets._parts[:] = [lambda: told.append("inbox"), lambda: told.append("timeline")]
    yield told
    resets._parts[:] = before
