"""What waits for what: order per emergency and object, lanes of their own, two at a time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ceoc.outbox.claim import Lane, claim
from ceoc.outbox.lanes import run
from ceoc.outbox.models import Command
from ceoc.vendors.errors import Ambiguous, Refused, Unavailable
from tests.outbox.post import due_now, fresh, wish

pytestmark = pytest.mark.django_db

PD, SLACK = Lane("pagerduty"), Lane("slack")


def wall() -> datetime:
    return datetime.now(UTC)


def test_one_object_keeps_its_order_while_the_first_waits(post):
    post.plan = [Unavailable("down")]
    first, second, other = wish("page:Q1"), wish("page:Q1"), wish("page:Q2")
    run(PD)
    assert [fresh(one).state for one in (first, second, other)] == ["will_retry", "queued", "queued"]
    run(PD)
    assert [fresh(one).state for one in (first, second, other)] == ["will_retry", "queued", "delivered"]
    due_now(first)
    run(PD)
    assert post.done == [other.public_id, first.public_id, second.public_id]


@pytest.mark.parametrize(
    ("error", "state"), [(Ambiguous("?"), "checking"), (Unavailable("down"), "will_retry")], ids=["checking", "waiting"]
)
def test_what_is_unfinished_holds_up_what_follows(post, error, state):
    post.plan = [error]
    first, second = wish(), wish()
    run(PD)
    assert (fresh(first).state, fresh(second).state) == (state, "queued")
    assert claim(PD, wall()) is None


@pytest.mark.parametrize("state", ["refused", "asks", "expired", "dismissed", "delivered"])
def test_what_is_finished_or_asks_holds_nothing_up(post, state):
    first, second = wish(), wish()
    at = wall() if state == "delivered" else None
    Command.objects.filter(pk=first.pk).update(state=state, due_at=None, delivered_at=at)
    run(PD)
    assert fresh(second).state == "delivered"


def test_a_held_reply_is_not_overtaken(post):
    post.register("public_reply", "zendesk", hold=timedelta(seconds=10))
    post.register("internal_note", "zendesk")
    reply = wish("ticket:global:5", vendor="zendesk", kind="public_reply")
    note = wish("ticket:global:5", vendor="zendesk", kind="internal_note")
    lane = Lane("zendesk", "global")
    assert fresh(reply).state == "held"
    assert run(lane) == 0
    Command.objects.filter(pk=reply.pk).update(due_at=wall() - timedelta(seconds=1))
    assert run(lane) == 2
    assert post.done == [reply.public_id, note.public_id]


def test_other_emergencies_and_other_vendors_do_not_wait(post):
    post.register("slack_post", "slack")
    post.plan = [Unavailable("down")]
    slow = wish("page:Q1", group="aaaaaaaaaaaa")
    elsewhere = wish("page:Q1", group="bbbbbbbbbbbb")
    posted = wish("page:Q1", group="aaaaaaaaaaaa", vendor="slack", kind="slack_post")
    run(PD)
    run(PD)
    run(SLACK)
    assert [fresh(one).state for one in (slow, elsewhere, posted)] == ["will_retry", "delivered", "delivered"]


def test_the_two_zendesk_accounts_are_two_lanes(post):
    post.register("internal_note", "zendesk")
    ours = wish("ticket:global:5", vendor="zendesk", kind="internal_note")
    gov = wish("ticket:us_gov:5", vendor="zendesk", kind="internal_note", klass="us_gov")
    assert run(Lane("zendesk", "us_gov")) == 1
    assert (fresh(ours).state, fresh(gov).state) == ("queued", "delivered")


def test_two_of_a_lane_are_at_the_vendor_at_most(post):
    for number in range(4):
        wish(f"page:Q{number}")
    taken = [claim(PD, wall()) for _ in range(3)]
    assert [bool(one) for one in taken] == [True, True, False]
    later = wall() + timedelta(seconds=121)
    assert claim(PD, later) is not None, "leases that ran out are no longer in the way"


def test_a_refusal_in_the_middle_of_an_object_lets_the_rest_go(post):
    post.plan = [None, Refused("No."), None]
    commands = [wish() for _ in range(3)]
    run(PD)
    assert [fresh(one).state for one in commands] == ["delivered", "refused", "delivered"]
