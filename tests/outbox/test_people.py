"""What people do with commands, and what becomes of commands that wait too long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ceoc.outbox import people
from ceoc.outbox.claim import Lane, claim
from ceoc.outbox.kinds import Moot
from ceoc.outbox.lanes import expire, run
from ceoc.outbox.models import Command
from ceoc.outbox.people import TooLate
from ceoc.vendors.errors import Ambiguous, Refused, Unavailable
from tests.outbox.post import NOW, due_now, fresh, wish

pytestmark = pytest.mark.django_db

PD, ZENDESK = Lane("pagerduty"), Lane("zendesk", "global")
THEO = "theo@demo.example"


def wall() -> datetime:
    return datetime.now(UTC)


def reply(now=None):
    return wish("ticket:global:5", vendor="zendesk", kind="public_reply", now=now or wall())


@pytest.fixture
def replies(post):
    post.register(
        "public_reply", "zendesk", hold=timedelta(seconds=10), expires_after=timedelta(minutes=10), stale="asks"
    )
    return post


def release(command: Command) -> None:
    Command.objects.filter(pk=command.pk).update(due_at=wall() - timedelta(seconds=1))


def test_a_reply_is_held_for_ten_seconds_and_may_be_taken_back(replies):
    command = reply()
    row = fresh(command)
    assert row.state == "held"
    assert timedelta(seconds=9) < row.hold_until - wall() <= timedelta(seconds=10)
    people.take_back(row, by=THEO, now=NOW)
    assert (fresh(command).state, fresh(command).reason) == ("dismissed", f"Taken back by {THEO}.")
    assert [(one.end, one.by) for one in replies.ended] == [("dismissed", THEO)]
    assert run(ZENDESK) == 0


def test_what_is_on_its_way_cannot_be_taken_back(replies):
    command = reply()
    release(command)
    claim(ZENDESK, wall())
    with pytest.raises(TooLate, match="being sent"):
        people.take_back(command, by=THEO, now=NOW)
    with pytest.raises(TooLate, match="being sent"):
        people.dismiss(command, by=THEO, now=NOW)
    with pytest.raises(TooLate, match="being sent"):
        people.retry(command, by=THEO, now=NOW)
    assert fresh(command).state == "sending"


def test_a_refused_command_is_sent_again_when_a_person_says_so(post):
    post.plan = [Refused("No.")]
    command = wish()
    run(PD)
    people.retry(fresh(command), by=THEO, now=NOW)
    assert (fresh(command).state, fresh(command).reason) == ("queued", f"Sent again by {THEO}.")
    run(PD)
    assert fresh(command).state == "delivered"
    assert [one.end for one in post.ended] == ["refused", "delivered"]


def test_a_refused_command_is_put_aside_with_its_reason(post):
    post.plan = [Refused("No.")]
    command = wish()
    run(PD)
    people.dismiss(fresh(command), by=THEO, now=NOW)
    assert fresh(command).reason == f"Put aside by {THEO}. Before that: No."
    assert [(one.end, one.by) for one in post.ended] == [("refused", ""), ("dismissed", THEO)]
    with pytest.raises(TooLate, match="put aside already"):
        people.dismiss(command, by=THEO, now=NOW)


def test_what_waits_may_be_sent_now(post):
    post.plan = [Unavailable("down", retry_after=600)]
    command = wish()
    run(PD)
    people.retry(fresh(command), by=THEO, now=NOW)
    run(PD)
    assert fresh(command).state == "delivered"


def test_what_may_have_been_done_is_looked_for_never_sent_by_a_press(post):
    post.plan, post.applies_then_fails = [Ambiguous("?")], True
    command = wish()
    run(PD)
    with pytest.raises(TooLate, match="may have been done"):
        people.dismiss(fresh(command), by=THEO, now=NOW)
    people.retry(fresh(command), by=THEO, now=NOW)
    assert fresh(command).state == "checking"
    run(PD)
    assert fresh(command).state == "delivered"
    assert post.done == [command.public_id]


def test_what_was_delivered_stays_so(post):
    command = wish()
    run(PD)
    for act in (people.retry, people.dismiss, people.take_back):
        with pytest.raises(TooLate, match="delivered already"):
            act(fresh(command), by=THEO, now=NOW)


class TestStale:
    def test_a_second_before_ten_minutes_it_still_goes(self, replies):
        command = reply()
        expires = fresh(command).expires_at
        assert (
            timedelta(minutes=10) - timedelta(seconds=2) < expires - fresh(command).hold_until <= timedelta(minutes=10)
        )
        release(command)
        Command.objects.filter(pk=command.pk).update(expires_at=wall() + timedelta(seconds=1))
        run(ZENDESK)
        assert fresh(command).state == "delivered"

    def test_from_ten_minutes_on_it_asks_and_is_not_sent(self, replies):
        command = reply()
        release(command)
        Command.objects.filter(pk=command.pk).update(expires_at=wall())
        run(ZENDESK)
        row = fresh(command)
        assert (row.state, row.reason) == ("asks", "It waited more than 10 minutes, so it is not sent without you.")
        assert replies.done == []
        assert replies.ended == [], "to ask is no end"

    def test_one_that_is_tried_again_later_asks_when_its_time_is_up(self, replies):
        replies.plan = [Unavailable("down", retry_after=3000)]
        command = reply()
        release(command)
        run(ZENDESK)
        assert fresh(command).state == "will_retry"
        expire(ZENDESK, wall() + timedelta(minutes=11))
        assert fresh(command).state == "asks"

    def test_send_now_starts_its_ten_minutes_anew(self, replies):
        command = reply()
        release(command)
        Command.objects.filter(pk=command.pk).update(expires_at=wall())
        run(ZENDESK)
        people.retry(fresh(command), by=THEO, now=wall())
        assert fresh(command).expires_at > wall() + timedelta(minutes=9)
        run(ZENDESK)
        assert fresh(command).state == "delivered"

    def test_what_may_have_been_sent_is_looked_for_however_old(self, replies):
        replies.plan, replies.applies_then_fails = [Ambiguous("?")], True
        command = reply()
        release(command)
        run(ZENDESK)
        Command.objects.filter(pk=command.pk).update(expires_at=wall() - timedelta(hours=1))
        expire(ZENDESK, wall())
        assert fresh(command).state == "checking"
        due_now(command)
        run(ZENDESK)
        assert fresh(command).state == "delivered"

    def test_after_an_outage_of_an_hour_nothing_is_sent_by_itself(self, replies):
        command = reply(now=wall() - timedelta(hours=1))
        Command.objects.filter(pk=command.pk).update(
            hold_until=wall() - timedelta(hours=1),
            due_at=wall() - timedelta(hours=1),
            expires_at=wall() - timedelta(minutes=50),
        )
        run(ZENDESK)
        assert fresh(command).state == "asks"
        assert replies.done == []


def test_a_moot_command_expires_with_its_reason(post):
    post.check_fails = Moot("Theo acknowledged it first.")
    command = wish()
    run(PD)
    assert (fresh(command).state, fresh(command).reason) == ("expired", "Theo acknowledged it first.")
    assert [one.end for one in post.ended] == ["expired"]
    post.check_fails = None
    people.retry(fresh(command), by=THEO, now=NOW)
    run(PD)
    assert fresh(command).state == "delivered"
