"""How one command goes from the queue to its end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ceoc.outbox.claim import LEASE, Lane, claim, lanes_due
from ceoc.outbox.deliver import MISHAPS, deliver
from ceoc.outbox.lanes import run
from ceoc.outbox.models import Command
from ceoc.outbox.settle import Outcome, settle
from ceoc.vendors.errors import Ambiguous, Refused, Unavailable
from tests.outbox.post import NOW, due_now, fresh, wish

pytestmark = pytest.mark.django_db

LANE = Lane("pagerduty")


def wall() -> datetime:
    return datetime.now(UTC)


def test_a_command_is_delivered_and_its_emergency_told(post):
    command = wish()
    assert fresh(command).state == "queued"
    assert run(LANE) == 1
    row = fresh(command)
    assert (row.state, row.answer) == ("delivered", {"id": f"answer to {command.public_id}"})
    assert row.delivered_at
    assert [(one.order.id, one.end) for one in post.ended] == [(command.public_id, "delivered")]
    assert post.told == [command.public_id]


def test_a_refusal_is_kept_with_its_reason_and_blocks_nothing(post):
    post.plan = [Refused("PagerDuty refused: Incident Already Resolved.")]
    first, second = wish(), wish()
    assert run(LANE) == 2
    assert (fresh(first).state, fresh(first).reason) == ("refused", "PagerDuty refused: Incident Already Resolved.")
    assert fresh(second).state == "delivered"
    assert [one.end for one in post.ended] == ["refused", "delivered"]


def test_an_unavailable_vendor_is_tried_again_later(post):
    post.plan = [Unavailable("PagerDuty cannot be reached.")]
    command = wish()
    run(LANE)
    row = fresh(command)
    assert (row.state, row.attempts, row.reason) == ("will_retry", 1, "PagerDuty cannot be reached.")
    assert timedelta(seconds=0.3) < row.due_at - wall() < timedelta(seconds=1.1)
    assert run(LANE) == 0, "its time has not come"
    due_now(command)
    assert run(LANE) == 1
    assert fresh(command).state == "delivered"
    assert fresh(command).reason == ""


def test_the_wait_that_the_vendor_asks_for_is_honoured(post):
    post.plan = [Unavailable("PagerDuty asked us to wait.", retry_after=30)]
    command = wish()
    run(LANE)
    assert timedelta(seconds=29) < fresh(command).due_at - wall() < timedelta(seconds=31.1)


def test_a_lane_stops_at_the_first_sign_of_trouble(post):
    post.plan = [Unavailable("down"), Unavailable("down")]
    commands = [wish(f"page:Q{n}") for n in range(3)]
    assert run(LANE) == 1
    assert [fresh(one).state for one in commands] == ["will_retry", "queued", "queued"]


def test_an_answer_that_was_lost_is_looked_up_and_never_sent_twice(post):
    post.plan, post.applies_then_fails = [Ambiguous("It may have been done.")], True
    command = wish()
    run(LANE)
    row = fresh(command)
    assert (row.state, row.reason) == ("checking", "It may have been done.")
    assert row.sent_at
    due_now(command)
    run(LANE)
    assert fresh(command).state == "delivered"
    assert fresh(command).answer == {"id": "found"}
    assert post.done == [command.public_id]


def test_what_did_not_arrive_is_sent_again_once_the_vendor_had_its_time(post):
    post.register(sure_after=timedelta(seconds=20))
    post.plan = [Ambiguous("It may have been done.")]
    command = wish()
    run(LANE)
    due_now(command)
    run(LANE)
    row = fresh(command)
    assert row.state == "checking", "twenty seconds have not passed"
    assert row.due_at == row.sent_at + timedelta(seconds=20)
    Command.objects.filter(pk=command.pk).update(sent_at=wall() - timedelta(seconds=21))
    due_now(command)
    assert run(LANE) == 2
    assert fresh(command).state == "delivered"
    assert post.done == [command.public_id]


def test_a_look_that_fails_goes_on_checking(post):
    post.plan = [Ambiguous("It may have been done.")]
    post.look_fails = Unavailable("PagerDuty cannot be reached.")
    command = wish()
    run(LANE)
    due_now(command)
    run(LANE)
    assert (fresh(command).state, fresh(command).reason) == ("checking", "PagerDuty cannot be reached.")
    assert post.done == []


def test_a_worker_that_was_killed_while_sending_is_looked_after_never_resent(post):
    command = wish()
    taken = claim(LANE, wall())
    assert taken.state == "sending"
    post.done.append(command.public_id)  # the vendor did it, and the worker died
    assert claim(LANE, wall()) is None, "its lease still holds"
    Command.objects.filter(pk=command.pk).update(lease_until=wall() - timedelta(seconds=1))
    assert lanes_due(wall(), NOW) == [LANE]
    assert run(LANE) == 1
    assert post.asked == [command.public_id]
    assert post.done == [command.public_id]
    assert fresh(command).state == "delivered"


def test_a_worker_that_comes_back_after_its_lease_changes_nothing(post):
    command = wish()
    slow = claim(LANE, wall())
    Command.objects.filter(pk=command.pk).update(lease_until=wall() - timedelta(seconds=1))
    quick = claim(LANE, wall())
    assert quick.state == "checking"
    assert not settle(slow, Outcome(state="refused", reason="late"), NOW)
    assert settle(quick, Outcome(state="delivered"), NOW)
    assert fresh(command).state == "delivered"


def test_a_killed_lookers_lease_is_taken_over(post):
    wish()
    post.plan = [Ambiguous("It may have been done.")]
    run(LANE)
    command = Command.objects.get()
    due_now(command)
    claim(LANE, wall())
    assert claim(LANE, wall()) is None
    assert claim(LANE, wall() + LEASE + timedelta(seconds=1)).pk == command.pk


def test_a_poisoned_command_is_given_to_a_person_and_stops_no_other(post):
    poison, sound = wish("page:Q1"), wish("page:Q2")

    def explode(_order):
        raise KeyError("nobody thought of this")

    post.applies_then_fails = False
    post.plan = [explode, None]
    post.look_fails = RuntimeError("nor of this")
    run(LANE)
    assert fresh(poison).state == "checking"
    assert fresh(sound).state == "delivered"
    for _ in range(MISHAPS):
        due_now(poison)
        run(LANE)
    row = fresh(poison)
    assert row.state == "refused"
    assert row.reason == "Something went wrong here (RuntimeError), 4 times. Look at the vendor whether it was done."
    assert [one.end for one in post.ended] == ["delivered", "refused"]


def test_an_end_that_cannot_be_told_is_told_again(post):
    command = wish()
    post.settle_fails = ValueError("the timeline is away")
    run(LANE)
    assert fresh(command).state == "checking"
    post.settle_fails = None
    due_now(command)
    run(LANE)
    assert fresh(command).state == "delivered"
    assert post.done == [command.public_id]
    assert [one.end for one in post.ended] == ["delivered"]


def test_an_end_that_can_never_be_told_still_ends(post):
    command = wish()
    post.settle_fails = ValueError("the timeline is away for ever")
    for _ in range(MISHAPS):
        due_now(command)
        run(LANE)
    row = fresh(command)
    assert row.state == "refused"
    assert row.mishaps == MISHAPS
    assert post.done == [command.public_id]


@pytest.mark.parametrize("error", [Unavailable("PagerDuty cannot be reached."), KeyError("nobody thought of this")])
def test_taking_in_the_answer_may_fail_and_the_command_stays_delivered(post, error):
    post.tell_fails = error
    command = wish()
    assert run(LANE) == 1
    assert fresh(command).state == "delivered"


def test_the_fresh_look_before_sending_may_say_no(post):
    post.check_fails = Refused("Nobody has written to the customer yet.")
    command = wish()
    run(LANE)
    assert (fresh(command).state, post.done) == ("refused", [])


def test_an_unknown_kind_is_a_mishap_not_an_end(post):
    command = wish()
    Command.objects.filter(pk=command.pk).update(kind="gone")
    assert deliver(claim(LANE, wall()), NOW)
    assert fresh(command).state == "checking"
