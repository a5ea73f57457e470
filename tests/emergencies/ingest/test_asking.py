"""Each vendor is asked once a minute what is open: a lost webhook is mended, a quiet vendor is known to be well."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ceoc import clock
from ceoc.ops import freshness
from ceoc.ops.models import Freshness
from emergencies.ingest import asking
from emergencies.models import Emergency, Subject

pytestmark = pytest.mark.django_db(transaction=True)


def asked(name):
    asking.ask(next(one for one in asking.QUESTIONS if one.name == name))


def owed():
    return set(Subject.objects.filter(read_due_at__isnull=False).values_list("key", flat=True))


def test_a_page_whose_webhooks_were_lost_is_found_by_asking(desk):
    desk.box.post("/faults", webhooks="off")
    made = desk.box.act("page", customer="northwind")
    desk.work()
    assert Emergency.objects.count() == 0
    asked("ask pagerduty")
    asked("ask zendesk global")
    assert owed() >= {f"page:{made['page']}", f"ticket:global:{made['ticket']}"}
    desk.work()
    assert desk.emergency(f"page:{made['page']}") == desk.emergency(f"ticket:global:{made['ticket']}")


def test_what_was_read_is_not_read_again(desk):
    desk.box.act("page", customer="northwind")
    desk.work()
    before = owed()
    asked("ask pagerduty")
    assert owed() == before


def test_every_account_that_answers_is_live_without_any_webhook(desk, viewer_of_role):
    for question in asking.QUESTIONS:
        asking.ask(question)
    rows = freshness.all_for(viewer_of_role("cleared"), clock.wall())
    assert {(row.vendor, row.account): row.state for row in rows} == {
        ("pagerduty", ""): "live",
        ("zendesk", "global"): "live",
        ("zendesk", "us_gov"): "live",
        ("slack", ""): "live",
    }


def test_a_vendor_that_does_not_answer_is_down_and_stops_nobody(desk, viewer_of_role):
    desk.box.post("/faults", vendor="slack", mode="down")
    asked("ask slack")
    asked("ask pagerduty")
    states = {row.vendor: row.state for row in freshness.all_for(viewer_of_role("engineer"), clock.wall())}
    assert (states["slack"], states["pagerduty"]) == ("down", "live")


def test_of_several_processes_one_asks_in_a_minute(db):
    wall = clock.wall()
    assert freshness.may_ask("slack", "", wall, every=asking.EVERY)
    assert not freshness.may_ask("slack", "", wall + asking.EVERY - timedelta(seconds=1), every=asking.EVERY)
    assert freshness.may_ask("slack", "", wall + asking.EVERY, every=asking.EVERY)
    assert Freshness.objects.get(vendor="slack").last_answer_at is None
