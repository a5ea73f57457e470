"""How fresh each vendor is, who may know it, and when a change is announced."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ceoc.access.viewer import Audience
from ceoc.ops import freshness
from ceoc.ops.models import Freshness

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 7, 8, 12, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
UNCLEARED, CLEARED = Audience("engineer", cleared=False), Audience("engineer", cleared=True)


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The classes for which a change was announced."""
    heard: list[str] = []
    monkeypatch.setattr(freshness, "announce", lambda topics, klass: heard.append(klass))
    return heard


def row(vendor: str, account: str = "", now: datetime = NOON) -> freshness.FreshnessRow:
    return next(one for one in freshness.all_for(CLEARED, now) if (one.vendor, one.account) == (vendor, account))


def test_before_the_first_word_everything_is_stale() -> None:
    assert {one.state for one in freshness.all_for(CLEARED, NOON)} == {"stale"}
    assert row("slack").age is None


@pytest.mark.parametrize("by", ["answer", "webhook"])
def test_a_word_makes_it_live_until_it_is_old(by: str) -> None:
    freshness.heard("pagerduty", "", NOON, by=by)

    assert row("pagerduty", now=NOON + 5 * MINUTE).state == "live"
    late = row("pagerduty", now=NOON + 5 * MINUTE + SECOND)
    assert (late.state, late.age) == ("stale", 5 * MINUTE + SECOND)
    assert late.reason


def test_an_outage_is_counted_from_its_first_failure_and_keeps_the_last_cause() -> None:
    freshness.heard("zendesk", "global", NOON - MINUTE)
    freshness.failed("zendesk", "global", "It did not answer within 5 s.", NOON)
    freshness.failed("zendesk", "global", "It answered 503.", NOON + MINUTE)

    down = row("zendesk", "global", NOON + 2 * MINUTE)
    assert (down.state, down.since, down.reason) == ("down", NOON, "It answered 503.")
    assert down.heard_at == NOON - MINUTE


def test_an_answer_ends_an_outage_and_a_webhook_does_not() -> None:
    freshness.failed("pagerduty", "", "It answered 503.", NOON)
    freshness.heard("pagerduty", "", NOON + SECOND, by="webhook")
    assert row("pagerduty").state == "down"

    freshness.heard("pagerduty", "", NOON + SECOND)
    ended = row("pagerduty", now=NOON + 2 * SECOND)
    assert (ended.state, ended.reason) == ("live", "")


def test_us_govs_account_is_known_to_the_cleared_alone() -> None:
    freshness.heard("zendesk", "us_gov", NOON)

    assert ("zendesk", "us_gov") in {(one.vendor, one.account) for one in freshness.all_for(CLEARED, NOON)}
    assert {(one.vendor, one.account) for one in freshness.all_for(UNCLEARED, NOON)} == {
        ("pagerduty", ""), ("zendesk", "global"), ("slack", ""),
    }  # fmt: skip
    assert Freshness.objects.get().klass == "us_gov"
    assert freshness.all_for(None, NOON) == []


def test_only_a_change_is_announced_and_to_its_class(announced) -> None:
    freshness.heard("zendesk", "us_gov", NOON)
    freshness.heard("zendesk", "us_gov", NOON + 3 * SECOND)
    freshness.failed("slack", "", "down", NOON)
    freshness.failed("slack", "", "still down", NOON + SECOND)
    freshness.heard("slack", "", NOON + MINUTE)

    assert announced == ["us_gov", "global", "global"]


def test_a_busy_account_writes_seldom(django_assert_num_queries) -> None:
    freshness.heard("slack", "", NOON)
    freshness.heard("slack", "", NOON + SECOND)
    assert Freshness.objects.get().last_answer_at == NOON

    freshness.heard("slack", "", NOON + 3 * SECOND)
    assert Freshness.objects.get().last_answer_at == NOON + 3 * SECOND


def test_all_for_is_one_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        freshness.all_for(CLEARED, NOON)


def as_seen_by(viewer: Audience, now: datetime = NOON) -> freshness.FreshnessRow:
    """What somebody is shown of PagerDuty, whose one account serves both classes."""
    return next(one for one in freshness.all_for(viewer, now) if one.vendor == "pagerduty")


def test_that_a_vendor_told_of_us_gov_is_known_to_the_cleared_alone(announced) -> None:
    freshness.heard("pagerduty", "", NOON - MINUTE)
    freshness.heard("pagerduty", "", NOON, by="webhook", klass="us_gov")

    assert (as_seen_by(UNCLEARED).heard_at, as_seen_by(CLEARED).heard_at) == (NOON - MINUTE, NOON)
    assert announced == ["global", "us_gov"]


def test_an_outage_that_us_gov_met_is_everybodys_once_everybody_meets_it(announced) -> None:
    freshness.failed("pagerduty", "", "It answered 503.", NOON, klass="us_gov")
    assert (as_seen_by(UNCLEARED).state, as_seen_by(CLEARED).state) == ("stale", "down")
    freshness.heard("pagerduty", "", NOON + SECOND)

    now = NOON + 2 * SECOND
    assert (as_seen_by(UNCLEARED, now).state, as_seen_by(CLEARED, now).state) == ("live", "live")
