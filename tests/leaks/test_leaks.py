"""Nothing tells the uncleared that there are US Government matters: every answer, header, stream byte and line of the
log is the same as without them (security.md 1-7)."""

from __future__ import annotations

import re

import pytest

from tests.leaks import streams as live
from tests.leaks import world
from tests.leaks.conftest import FIRST_ROW, Night
from tests.leaks.plants import PLANTS, Plant, an_announcement_is_everybodys
from tests.leaks.streams import LISTENERS
from tests.leaks.visits import CLEARED, UNCLEARED, differences

pytestmark = pytest.mark.timeout(600)  # the first test waits for the whole night


def of(visitor: str, told: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in told.items() if name.startswith(f"{visitor}: ")}


@pytest.mark.parametrize("visitor", UNCLEARED)
def test_everything_is_answered_as_if_there_were_none(night: Night, visitor: str) -> None:
    assert differences(of(visitor, night.before), of(visitor, night.after)) == []


@pytest.mark.parametrize("visitor", CLEARED)
def test_the_cleared_see_it_all(night: Night, visitor: str) -> None:
    seen = "\n".join(of(visitor, night.after).values())

    assert [
        name for name in (world.TIDES, world.QUIET, world.LANTERNS, "QGOVHAND", "zebrafish") if name not in seen
    ] == []


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_leak_is_found(night: Night, plant: Plant) -> None:
    assert differences(night.planted_before[plant], night.planted_after[plant]), plant.__doc__


@pytest.mark.parametrize("listener", LISTENERS)
def test_a_stream_carries_nothing_of_it(night: Night, listener: str) -> None:
    assert night.during[listener] == night.quiet[listener]


@pytest.mark.parametrize("listener", CLEARED)
def test_the_streams_of_the_cleared_carry_it(night: Night, listener: str) -> None:
    assert "zebrafish" in "".join(night.during[listener])


@pytest.mark.parametrize("listener", LISTENERS)
def test_a_stream_that_begins_anew_begins_as_before(night: Night, listener: str) -> None:
    assert night.reopened[listener] == night.opened[listener]
