"""The demo's clock: one line for all processes, at an offset, at a pace, through a database that is away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, OperationalError, transaction

from ceoc import clock
from ceoc.demo import shared_clock
from ceoc.demo.models import DemoClock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_time")]

NIGHT = datetime(2026, 7, 11, 3, 0, tzinfo=UTC)
WALL = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def wall() -> time_machine.Coordinates:
    """Real time stands until it is moved."""
    with time_machine.travel(WALL, tick=False) as moved:
        yield moved


def test_without_a_row_it_is_real_time(wall) -> None:
    assert clock.now() == clock.wall() == WALL
    assert clock.rate() == 1


def test_an_offset_moves_it(wall, settings) -> None:
    settings.CEOC_NOW_OFFSET = -3600

    assert clock.now() == WALL - HOUR


@pytest.mark.parametrize(("rate", "after"), [(1, HOUR), (10, 10 * HOUR), (0.5, HOUR / 2)])
def test_it_runs_at_its_pace_from_where_it_was_set(wall, rate: float, after: timedelta) -> None:
    shared_clock.draw(at=NIGHT, rate=rate, wall=WALL)
    assert clock.now() == NIGHT

    wall.shift(HOUR)
    assert clock.now() == NIGHT + after
    assert clock.wall() == WALL + HOUR


def test_another_pace_goes_on_from_the_same_instant(wall) -> None:
    shared_clock.draw(at=NIGHT, rate=60, wall=WALL)
    wall.shift(timedelta(minutes=1))
    shared_clock.draw(at=clock.now(), rate=1, wall=clock.wall())

    assert clock.now() == NIGHT + HOUR
    wall.shift(HOUR)
    assert clock.now() == NIGHT + 2 * HOUR


@pytest.mark.parametrize("rate", [0, -1, 601, float("nan"), float("inf")])
def test_it_never_stands_goes_back_or_races(wall, rate: float) -> None:
    with pytest.raises(ValueError, match="at most 600"):
        shared_clock.draw(at=NIGHT, rate=rate, wall=WALL)
    assert not DemoClock.objects.exists()


def test_the_database_holds_one_row_and_a_pace_above_zero(wall) -> None:
    shared_clock.draw(at=NIGHT, rate=1, wall=WALL)
    shared_clock.draw(at=NIGHT, rate=2, wall=WALL)
    assert DemoClock.objects.count() == 1

    with pytest.raises(IntegrityError, match="one_demo_clock"), transaction.atomic():
        DemoClock.objects.create(id=2, real_start=WALL, demo_start=NIGHT)
    with pytest.raises(IntegrityError, match="runs_forward"), transaction.atomic():
        DemoClock.objects.update(rate=0)


def test_a_start_with_another_offset_begins_a_new_line(wall, settings) -> None:
    shared_clock.draw(at=NIGHT, rate=60, wall=WALL, scenario="burst")
    settings.CEOC_NOW_OFFSET = 7200
    shared_clock.forget()

    assert clock.now() == WALL + 2 * HOUR
    assert shared_clock.scenario() == ""
    shared_clock.draw(at=NIGHT, rate=1, wall=WALL)
    assert clock.now() == NIGHT


def test_reading_the_time_again_costs_no_query(wall, django_assert_num_queries) -> None:
    clock.now()
    with django_assert_num_queries(0):
        for _ in range(20):
            clock.now()


def test_another_process_sees_a_change_within_the_time_one_waits(wall, monkeypatch) -> None:
    assert shared_clock.KEPT_FOR < shared_clock.FELT_AFTER
    seconds = [100.0]
    monkeypatch.setattr(shared_clock.time, "monotonic", lambda: seconds[0])
    shared_clock.forget()
    clock.now()
    DemoClock.objects.create(real_start=WALL, demo_start=NIGHT)  # as another process writes it
    assert clock.now() == WALL

    seconds[0] += shared_clock.FELT_AFTER
    assert clock.now() == NIGHT


def test_while_the_database_is_away_the_last_line_stands(wall, monkeypatch) -> None:
    shared_clock.draw(at=NIGHT, rate=1, wall=WALL)
    assert clock.now() == NIGHT

    def away(**_filter: object) -> None:
        raise OperationalError

    monkeypatch.setattr(shared_clock, "KEPT_FOR", -1)
    monkeypatch.setattr(DemoClock.objects, "filter", away)
    clock.now()
    assert clock.now() == NIGHT


def test_a_change_that_is_rolled_back_is_forgotten(wall) -> None:
    with transaction.atomic():
        shared_clock.draw(at=NIGHT, rate=1, wall=WALL)
        transaction.set_rollback(True)
    shared_clock.forget()

    assert clock.now() == WALL
