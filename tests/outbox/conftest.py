"""The kinds of the product are set aside while a test plays its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.module_loading import import_string


@pytest.fixture
def post() -> Iterator[Any]:
    """A vendor that the test plays (`tests.outbox.post.Post`)."""
    yield from import_string("tests.outbox.post.played")()
