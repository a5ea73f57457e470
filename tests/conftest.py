"""What every test stands on: servers of this run, and the environment, before Django's settings load."""

from __future__ import annotations

import os

import django
import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

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


WHOLE_SYSTEMS = ("tests/scenarios/", "tests/setup/test_runner.py")
"""Tests that start the whole system: one worker runs them all, so that no two systems fight for two cores."""


class OneSystemAtATime(LoadFileScheduling):
    """Gives each worker a file at a time; the files of whole systems count as one."""

    def _split_scope(self, nodeid: str) -> str:
        return "whole systems" if nodeid.startswith(WHOLE_SYSTEMS) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """The scheduler of a run with several workers."""
    return OneSystemAtATime(config, log)
