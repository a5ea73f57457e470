"""A running clock keeps the version that started it; what starts later runs by the version of its own moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emergencies.policy.judge import judge
from emergencies.policy.judgement import Thresholds
from emergencies.policy.thresholds import THRESHOLDS, Standing
from tests.emergencies.telling import PAGE, acknowledged, clock, created, replied, resolved, rings, story

CHANGED = "16:30"
LONGER = Thresholds(
    at_once=timedelta(minutes=5), first_reply=timedelta(minutes=60), apart=timedelta(seconds=120)
)  # fmt: skip
STANDING = Standing(versions=((clock(CHANGED), LONGER),))


def due(kind: str, *entries, settings: Standing = STANDING) -> str:
    acts = judge(story(*entries), clock("19:00"), settings).owed
    return next(f"{act.due_at:%H:%M:%S}" for act in acts if act.kind == kind)


@pytest.mark.rule("PAGE-2")
@pytest.mark.parametrize(
    ("rang", "expected"),
    [
        pytest.param("16:29:59", "16:31:59", id="a second before the change: as it started"),
        pytest.param("16:30:00", "16:35:00", id="at the change: by the new one"),
        pytest.param("16:45:00", "16:50:00", id="after the change"),
    ],
)
def test_a_ringing_page_keeps_what_at_once_meant_when_it_began_to_ring(rang, expected):
    assert due("acknowledge", created("16:20"), rings(rang)) == expected


@pytest.mark.rule("PAGE-7")
@pytest.mark.parametrize(
    ("rang", "took", "expected"),
    [
        pytest.param("16:29:59", "16:30:20", "16:59:59", id="taken after the change, but running since before it"),
        pytest.param("16:30:00", "16:31:00", "17:30:00", id="running since the change"),
    ],
)
def test_the_first_reply_is_due_by_the_version_that_started_its_clock(rang, took, expected):
    assert due("first_public_reply", created("16:20"), rings(rang), acknowledged(took)) == expected


@pytest.mark.rule("PAGE-9")
@pytest.mark.parametrize(
    ("ended", "since"),
    [
        pytest.param("16:29:59", "16:30:29", id="resolved before the change: half a minute"),
        pytest.param("16:30:00", "16:32:00", id="resolved at the change: two minutes"),
    ],
)
def test_a_warning_waits_as_long_as_was_said_when_its_page_was_resolved(ended, since):
    told = story(created("16:20"), rings("16:20"), acknowledged("16:21"), resolved(ended))
    kinds = lambda at: [one.kind for one in judge(told, at, STANDING).warnings]  # noqa: E731
    assert "resolved_before_contact" not in kinds(clock(since) - timedelta(microseconds=1))
    assert "resolved_before_contact" in kinds(clock(since))


def test_of_versions_that_are_valid_the_newest_counts_also_when_a_demo_set_its_clock_back():
    first, second = Thresholds(at_once=timedelta(minutes=3)), Thresholds(at_once=timedelta(minutes=4))
    standing = Standing(versions=((clock("16:00"), first), (clock("10:00"), second)))
    assert standing.at(clock("09:59")) == THRESHOLDS.first
    assert standing.at(clock("10:00")) == standing.at(clock("17:00")) == second


MINUTES = st.integers(min_value=1, max_value=240).map(lambda number: timedelta(minutes=number))
VERSIONS = st.lists(
    st.tuples(
        st.integers(min_value=-300, max_value=300).map(lambda number: clock("16:20") + timedelta(minutes=number)),
        st.builds(Thresholds, at_once=MINUTES, first_reply=MINUTES, apart=MINUTES),
    ),
    max_size=6,
)
BEFORE = [created("16:20"), rings("16:20"), acknowledged("16:21")]
"""Clocks that all started by 16:22."""


@given(versions=VERSIONS, after=MINUTES, later=st.builds(Thresholds, at_once=MINUTES, first_reply=MINUTES))
def test_no_change_touches_a_clock_that_started_before_it(versions, after, later):
    standing = Standing(versions=tuple(versions))
    changed = Standing(versions=(*standing.versions, (clock("16:22") + after, later)))
    for entries in (BEFORE[:2], BEFORE, [*BEFORE, resolved("16:22")], [*BEFORE, replied("16:22")]):
        told = story(*entries)
        for now in (clock("16:22"), clock("16:22") + after, clock("16:22") + 3 * after):
            assert judge(told, now, changed) == judge(told, now, standing)


@given(versions=VERSIONS)
def test_every_clock_runs_by_one_version_from_its_start(versions):
    standing = Standing(versions=tuple(versions))
    valid = [thresholds for since, thresholds in versions if since <= clock("16:20")]
    expected = valid[-1] if valid else Thresholds()
    (ringing, *_) = judge(story(*BEFORE[:2]), clock("16:21"), standing).owed
    assert (ringing.about.key, ringing.due_at - clock("16:20")) == (PAGE, expected.at_once)
    first = next(
        act for act in judge(story(*BEFORE), clock("16:22"), standing).owed if act.kind == "first_public_reply"
    )
    assert first.due_at - clock("16:20") == expected.first_reply
