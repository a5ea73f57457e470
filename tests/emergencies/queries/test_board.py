"""The board's rows: what is owed first, whose it is, and who may see it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from emergencies import actions
from emergencies.models import Emergency
from emergencies.queries.board import board
from emergencies.queries.filters import Filters, from_key, from_query
from tests.emergencies.world import MIRA, NOW, SAM, Trouble, ago, off_hours


def names(found, section):
    return [row.customer for row in next(one for one in found.sections if one.name == section).rows]


def row_of(found, customer):
    return next(row for section in found.sections for row in section.rows if row.customer == customer)


def test_a_solved_emergency_whose_page_is_open_is_a_follow_up(cleared):
    Trouble("Atlas Freight", 1).pages(60, "Runner manager").acknowledged(50).replied(40).solved(10)
    found = board(cleared, Filters(), NOW)
    assert names(found, "follow_up") == ["Atlas Freight"]
    assert row_of(found, "Atlas Freight").owed == "Resolve the page"


@pytest.mark.parametrize(("make", "page", "tone"), [
    pytest.param(lambda t: t, "Triggered", "late", id="it rings"),
    pytest.param(lambda t: t.acknowledged(9), "Acknowledged", "soon", id="seen"),
    pytest.param(lambda t: t.acknowledged(9).replied(8).resolved(7), "Contacted", "good", id="resolved after we wrote"),
    pytest.param(lambda t: t.acknowledged(9).resolved(7), "Resolved, nobody wrote", "late", id="nobody wrote"),
    pytest.param(
        lambda t: t.acknowledged(9).noted(8).resolved(7), "Resolved, nobody wrote", "late", id="a note is no contact"
    ),
])  # fmt: skip
def test_resolved_is_contacted_only_when_somebody_wrote(cleared, make, page, tone):
    make(Trouble("Halden Bank", 1).pages(10, "502"))
    shown = row_of(board(cleared, Filters(), NOW), "Halden Bank").page
    assert (shown.text, shown.tone, shown.thing) == (page, tone, "Page")


@pytest.mark.parametrize(("later", "late"), [
    pytest.param(timedelta(seconds=-1), False, id="a second before it is due"),
    pytest.param(timedelta(0), True, id="when it is due"),
])  # fmt: skip
def test_a_row_is_late_from_the_moment_that_it_is_due(cleared, later, late):
    Trouble("Halden Bank", 1).pages(10, "502").acknowledged(9)
    due = row_of(board(cleared, Filters(), NOW), "Halden Bank").clock.due
    clock = row_of(board(cleared, Filters(), due + later), "Halden Bank").clock
    assert (clock.late, clock.words) == (late, "late" if late else "due")


def test_who_owes_is_the_dri_by_name_and_a_role_while_nobody_is(cleared, person_of):
    person_of("engineer")
    Trouble("Halden Bank", 1).pages(3, "502")
    Trouble("Northwind Robotics", 2).pages(9, "Gitaly").acknowledged(8, MIRA)
    found = board(cleared, Filters(), NOW)
    rings, reviewing = row_of(found, "Halden Bank"), row_of(found, "Northwind Robotics")
    assert (rings.owed_by, rings.owner, rings.dri.name) == ("For the engineer on call", "", "nobody yet")
    assert (reviewing.owed_by, reviewing.owner, reviewing.dri.name) == ("Mira Okafor owes this", MIRA, "Mira Okafor")


def test_filters_survive_the_address_and_the_channel():
    filters = from_query(
        {"stage": "waiting", "region": "EMEA", "dri": "me", "plan": "nonsense", "q": "  two  words "}, MIRA
    )
    assert filters == Filters(stage="waiting", region="EMEA", dri=MIRA, q="two words")
    assert from_key(filters.key) == filters
    assert " " not in filters.key
    assert filters.address(stage="").startswith("/?region=EMEA")


@pytest.mark.parametrize("rows", [1, 50])
def test_three_queries_whatever_the_rows(cleared, django_assert_num_queries, rows, person_of):
    person_of("engineer")
    for number in range(rows):
        Trouble(f"Customer {number}", number).pages(30, "Trouble").acknowledged(20)
    with django_assert_num_queries(3):
        assert board(cleared, Filters(), NOW).shown == rows


def test_what_closed_yesterday_is_not_counted_as_today(cleared):
    Trouble("Marl Retail", 1).pages(3000, "Old").acknowledged(2999).replied(2990).resolved(2980).solved(60 * 17)
    assert ago(60 * 17).date() < NOW.date()
    assert board(cleared, Filters(), NOW).closed == 0


def test_what_was_joined_into_another_is_not_counted_as_closed(cleared, viewer_of_role):
    younger, older = Trouble("Halden Bank", 1).pages(3, "502"), Trouble("Halden Bank", 2).pages(9, "502 everywhere")
    actions.join(emergency=younger.row, into=older.row, by=viewer_of_role("engineer"), now=NOW)
    assert Emergency.objects.filter(stage="closed").count() == 1
    assert board(cleared, Filters(), NOW).closed == 0


@pytest.mark.rule("GOV-5")
def test_section_count_and_filter_of_follow_ups_agree(cleared):
    Trouble("Atlas Freight", 1).pages(60, "Runner manager").acknowledged(50).replied(40).solved(10)
    off_hours(4)
    for filters in (Filters(), Filters(stage="follow_up")):
        found = board(cleared, filters, NOW)
        assert names(found, "follow_up") == ["Bureau of Tides", "Atlas Freight"]
        assert found.counts["stage-follow_up"] == 2
    assert names(board(cleared, Filters(stage="deferred"), NOW), "follow_up") == ["Bureau of Tides"]
    assert from_key(Filters(stage="follow_up").key) == Filters(stage="follow_up")


@pytest.mark.rule("GOV-5")
def test_what_is_deferred_counts_to_the_next_business_hours(cleared):
    off_hours(4)
    row = row_of(board(cleared, Filters(), NOW), "Bureau of Tides")
    assert (row.page.text, row.owed) == ("Triggered", "Follow up in business hours")
    assert (row.clock.due, row.clock.late) == (datetime(2026, 7, 14, 12, tzinfo=UTC), True)


class TestTheEvening:
    """Tests that read the same evening."""

    def test_the_queue_is_ordered_by_what_is_owed_soonest(self, cleared, troubles):
        found = board(cleared, Filters(), NOW)
        assert names(found, "owed") == ["Halden Bank", "Lumen Schools", "Northwind Robotics", "Bureau of Tides"]
        assert names(found, "progress") == ["Corvid Payments", "Atlas Freight"]
        assert names(found, "follow_up") == []
        assert found.closed == 1

    def test_the_uncleared_find_nothing_of_us_gov_in_rows_counts_or_chips(self, cleared, uncleared, troubles):
        seen, unseen = board(cleared, Filters(), NOW), board(uncleared, Filters(), NOW)
        assert "Bureau of Tides" in names(seen, "owed")
        assert seen.counts["all"] == unseen.counts["all"] + 1
        assert "region-US_GOV" in seen.counts
        assert "region-US_GOV" not in unseen.counts
        assert "Tides" not in str(unseen)
        assert "US Gov" not in str(unseen)

    def test_an_uncleared_filter_for_us_gov_finds_nothing(self, uncleared, troubles):
        assert board(uncleared, Filters(region="US_GOV"), NOW).shown == 0

    @pytest.mark.parametrize(("filters", "left"), [
        pytest.param(Filters(stage="ringing"), {"Halden Bank"}, id="stage"),
        pytest.param(Filters(region="US_GOV"), {"Bureau of Tides"}, id="region"),
        pytest.param(Filters(dri=SAM), {"Bureau of Tides"}, id="dri"),
        pytest.param(Filters(product="dedicated"), {"Atlas Freight"}, id="product"),
        pytest.param(Filters(plan="premium", dri=MIRA), {"Northwind Robotics"}, id="two at once"),
    ])  # fmt: skip
    def test_filters_narrow_rows_and_leave_the_counts(self, cleared, filters, left, troubles):
        found = board(cleared, filters, NOW)
        assert {row.customer for section in found.sections for row in section.rows} == left
        assert found.counts["all"] == 6
