"""What was closed, by the days of the viewer's zone; and the pages that wait to be tied."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from emergencies import actions
from emergencies.queries import closed as closing
from emergencies.queries.closed import closed, took
from emergencies.queries.tray import find, tray
from emergencies.story import kinds as k
from emergencies.timeline.record import record
from tests.emergencies.world import MIRA, NOW, Trouble, ago, by_hand, evening, seen

NEW_YORK, TOKYO = ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")


def test_a_closed_emergency_says_how_it_ended_and_how_long_it_took(uncleared):
    evening()
    (day,) = closed(uncleared, NEW_YORK).days
    (row,) = day.rows
    assert (row.customer, row.ended, row.took) == ("Marl Retail", "Solved", "1 h 20 m")
    assert day.words == "Tuesday 14 July 2026"


def test_days_are_the_viewers(uncleared):
    Trouble("Marl Retail", 1).pages(200, "Old").acknowledged(199).replied(190).resolved(189).solved(60)
    assert closed(uncleared, NEW_YORK).days[0].iso == "2026-07-14"
    assert closed(uncleared, TOKYO).days[0].iso == "2026-07-15"


def test_older_ones_are_on_the_next_page(uncleared, monkeypatch):
    monkeypatch.setattr(closing, "PAGE", 2)
    for number in range(3):
        Trouble(f"C{number}", number).pages(200, "Old").acknowledged(199).replied(190).resolved(189).solved(60 + number)
    first = closed(uncleared, NEW_YORK)
    second = closed(uncleared, NEW_YORK, before=first.older)
    assert [row.customer for day in first.days for row in day.rows] == ["C0", "C1"]
    assert [row.customer for day in second.days for row in day.rows] == ["C2"]
    assert second.older is None


def test_what_was_joined_into_another_is_not_listed(uncleared, viewer_of_role):
    younger, older = Trouble("Halden Bank", 1).pages(3, "502"), Trouble("Halden Bank", 2).pages(9, "502 everywhere")
    actions.join(emergency=younger.row, into=older.row, by=viewer_of_role("engineer"), now=NOW)
    assert closed(uncleared, NEW_YORK).days == ()


@pytest.mark.parametrize(("length", "words"), [
    (timedelta(seconds=59), "0 m"), (timedelta(minutes=59, seconds=59), "59 m"), (timedelta(hours=1), "1 h 0 m"),
    (timedelta(days=3, hours=4), "3 d 4 h"), (timedelta(seconds=-5), "0 m"),
])  # fmt: skip
def test_lengths_in_words(length, words):
    assert took(length) == words


def test_a_page_by_hand_waits_and_starts_nothing(uncleared, person_of):
    person_of("engineer")
    by_hand()
    (page,) = tray(uncleared)
    assert (page.id, page.title, page.assigned, page.gov) == ("QHAND", "Who knows Geo?", "Mira Okafor", False)
    assert find(uncleared, "QHAND") == page
    assert find(uncleared, "QOTHER") is None


def test_a_page_by_hand_of_us_gov_waits_for_the_cleared_alone(cleared, uncleared):
    by_hand("QGOV", "us_gov")
    assert [page.id for page in tray(cleared)] == ["QGOV"]
    assert tray(uncleared) == ()


def test_a_page_that_is_resolved_waits_no_more(uncleared):
    page = by_hand()
    record(sightings=[seen(page, k.PageResolved(), ago(1), MIRA)], now=NOW)
    assert tray(uncleared) == ()
