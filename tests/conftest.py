"""What every test stands on: servers of this run, and the environment, before Django's settings load."""

from __future__ import annotations

import os

import django
import pytest

from tests import services
from tools import chromium

services.prepare()
django.setup()

pytest_plugins = ["tests.cast"]

if _found := chromium.find():
    os.environ["CHROMIUM"] = _found


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The Chromium of the browser tests; start it with `tools.chromium.FLAGS`."""
    return os.environ["CHROMIUM"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves browser tests out where there is no Chromium; `make test` names them and fails in CI."""
    if not _found:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no Chromium was found"))
