"""Nothing tells the uncleared that there are US Government matters: every answer, header, stream byte and line of the
log is the same as without them (security.md 1-7)."""

from __future__ import annotations

import pytest

from tests.leaks import world
from tests.leaks.conftest import FIRST_ROW, ONE, Night
from tests.leaks.may_differ import LIST
from tests.leaks.plants import PLANTS, Plant
from tests.leaks.streams import LISTENERS
from tests.leaks.visits import CLEARANCES, CLEARED, UNCLEARED, differences

pytestmark = pytest.mark.timeout(600)  # the first test waits for the whole night

SECRET = (world.TIDES, world.QUIET, world.LANTERNS, "zebrafish", "QGOVHAND")


def of(visitor: str, told: dict[str, str]) -> dict[str, str]:
    known = {f"{ONE}: {name}" for name in CLEARANCES}
    return {name: text for name, text in told.items() if name.startswith(f"{visitor}: ") and name not in known}


@pytest.mark.parametrize("visitor", UNCLEARED)
def test_everything_is_answered_as_if_there_were_none(night: Night, visitor: str) -> None:
    assert len(of(visitor, night.before)) > 100
    assert differences(of(visitor, night.before), of(visitor, night.after)) == []


def test_an_administrator_learns_of_a_clearance_where_clearances_are_told_and_of_nothing_else(night: Night) -> None:
    known = {f"{ONE}: {name}" for name in CLEARANCES}
    visits = (night.before, night.before_clearance, night.after)
    before, not_yet, after = ({name: told[name] for name in known} for told in visits)

    assert differences(before, not_yet) == []
    assert differences(not_yet, after)
    assert [name for name, text in after.items() for word in SECRET if word in text] == []


@pytest.mark.parametrize("visitor", CLEARED)
def test_the_cleared_see_it(night: Night, visitor: str) -> None:
    seen = "\n".join(of(visitor, night.after).values())

    assert [words for words in SECRET if words not in seen] == []


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_leak_is_found(night: Night, plant: Plant) -> None:
    assert differences(night.planted_before[plant], night.planted_after[plant]), plant.__doc__


@pytest.mark.parametrize("listener", LISTENERS)
def test_a_stream_carries_nothing_of_it(night: Night, listener: str) -> None:
    assert night.during[listener] == night.quiet[listener]
    assert night.cleared[listener] == night.quiet[listener]


@pytest.mark.parametrize("listener", CLEARED)
def test_the_streams_of_the_cleared_carry_it(night: Night, listener: str) -> None:
    assert "zebrafish" in "".join(night.during[listener])


def test_an_announcement_of_the_wrong_class_is_found_in_the_streams(night: Night) -> None:
    assert [name for name in LISTENERS if night.misannounced[name] != night.quiet[name]]


@pytest.mark.parametrize("listener", LISTENERS)
def test_what_turns_out_to_be_us_governments_leaves_a_stream_at_once(night: Night, listener: str) -> None:
    turned = "".join(night.turned[listener])

    assert "Turncoat" in turned, "it was everybody's at first"
    assert f'["remove","row-{night.turncoat}"]' in turned


@pytest.mark.parametrize("listener", LISTENERS)
def test_a_stream_that_begins_anew_begins_as_before(night: Night, listener: str) -> None:
    assert night.reopened[listener] == night.opened[listener]


@pytest.mark.parametrize("listener", LISTENERS)
def test_a_page_that_was_open_all_night_shows_what_a_new_one_shows(night: Night, listener: str) -> None:
    assert night.kept_up[listener] == night.begun[listener]


def test_the_metrics_count_nothing_of_it(night: Night) -> None:
    assert night.metrics_after == night.metrics_before


def test_no_answer_shows_the_number_of_a_row(night: Night) -> None:
    numbered = str(FIRST_ROW)[:6]

    assert [name for name, text in night.after.items() if numbered in text] == []
    assert numbered not in "".join(frame for frames in night.reopened.values() for frame in frames)


def test_what_may_differ_is_a_short_list_and_each_pattern_says_why() -> None:
    assert len(LIST) <= 6
    assert all(one.why for one in LIST)
