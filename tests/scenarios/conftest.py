"""One system for all scenarios, started as a person starts it, with real processes and real HTTP."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.browser.conftest import browser
from tests.scenarios.running import Running, until
from tests.whole_system import running

__all__ = ["browser"]

FIRST_WITHIN = 60


class Fresh(NamedTuple):
    """A system right after its first start, and how long its first emergency took from then, in seconds."""

    running: Running
    first_after: float
    first: str


@pytest.fixture(scope="package")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fresh]:
    """Started in an empty folder, watched from the moment in which its servers are up."""
    with running(tmp_path_factory.mktemp("scenarios")) as system:
        made, began = Running(system), time.monotonic()
        rows = until(lambda: made.visitor("engineer").board(), FIRST_WITHIN, "an emergency on the board")
        yield Fresh(made, time.monotonic() - began, rows[0].words)


@pytest.fixture(scope="package")
def live(fresh: Fresh) -> Running:
    """The running system, as the tests before have left it."""
    return fresh.running


@pytest.fixture(scope="module")
def quiet(live: Running) -> Running:
    """The running system with an empty queue, at real time's pace: on a quiet day nothing rings by itself."""
    live.manage("scenario", "quiet-day")
    live.until(lambda: statuses(live) == ["resolved"], 10, "what happened in the morning")
    live.settled()
    live.until(lambda: live.visitor("engineer").board() == [], 10, "an empty queue")
    return live


def statuses(live: Running) -> list[str]:
    """The state of every page at PagerDuty."""
    return [page["status"] for page in live.box.state()["incidents"]]
