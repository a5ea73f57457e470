"""Whatever happens to commands, in whatever order: nothing is sent twice, lost, or out of its order."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ceoc.outbox import people
from ceoc.outbox.claim import Lane, claim
from ceoc.outbox.deliver import deliver
from ceoc.outbox.lanes import run
from ceoc.outbox.models import Command
from ceoc.outbox.people import TooLate
from ceoc.vendors.errors import Ambiguous, Refused, Unavailable
from tests.outbox import post as posts
from tests.outbox.post import NOW, wish

LANE = Lane("pagerduty")
PAST = timedelta(seconds=1)
ENDS = {"delivered", "refused", "expired", "dismissed"}


class Outbox(RuleBasedStateMachine):
    """Two objects, three workers that may die, a vendor in any mood, and a person who presses."""

    def __init__(self) -> None:
        super().__init__()
        self.playing = posts.played()
        self.post = next(self.playing)
        self.pressed: set[str] = set()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.playing.close()

    @initialize()
    def begin(self) -> None:
        self.queue("page:Q1")

    @rule(about=st.sampled_from(["page:Q1", "page:Q2"]))
    @precondition(lambda self: Command.objects.count() < 5)
    def queue(self, about: str) -> None:
        wish(about)

    @rule(
        mood=st.sampled_from(["well", "down", "refuses", "answer lost", "request lost", "bug before", "bug after"]),
        youngest_first=st.booleans(),
    )
    def work(self, mood: str, youngest_first: bool) -> None:
        """A worker delivers what is next, and the vendor is in that mood."""
        self.let_time_pass(youngest_first)
        command = claim(LANE, datetime.now(UTC))
        if command is None:
            return
        errors = {
            "down": Unavailable("down"), "refuses": Refused("No."), "answer lost": Ambiguous("?"),
            "request lost": Ambiguous("?"), "bug before": KeyError("x"), "bug after": KeyError("x"),
        }  # fmt: skip
        self.post.plan = [errors.get(mood)]
        self.post.applies_then_fails = mood in ("answer lost", "bug after")
        self.post.look_fails = Unavailable("down") if mood == "down" else None
        deliver(command, NOW)

    @rule()
    def worker_dies_before_sending(self) -> None:
        self.let_time_pass()
        claim(LANE, datetime.now(UTC))

    @rule()
    def worker_dies_after_sending(self) -> None:
        self.let_time_pass()
        command = claim(LANE, datetime.now(UTC))
        if command is not None and command.state == "sending":
            self.post.done.append(command.public_id)

    @rule()
    def leases_run_out(self) -> None:
        Command.objects.exclude(lease_until=None).update(lease_until=datetime.now(UTC) - PAST)

    @rule(data=st.data(), press=st.sampled_from([people.retry, people.dismiss, people.take_back]))
    def press(self, data, press) -> None:
        command = data.draw(st.sampled_from(list(Command.objects.order_by("id"))))
        with contextlib.suppress(TooLate):
            press(command, by="theo@demo.example", now=NOW)
            self.pressed.add(command.public_id)

    def let_time_pass(self, youngest_first: bool = False) -> None:
        """Every wait is over; with `youngest_first` that of the youngest was over long before."""
        waiting = Command.objects.exclude(due_at=None)
        waiting.update(due_at=datetime.now(UTC) - PAST)
        if youngest_first and (youngest := waiting.order_by("-id").first()):
            waiting.filter(pk=youngest.pk).update(due_at=datetime.now(UTC) - 9 * PAST)

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        """Unless a person let a refused one be sent again."""
        for public_id in set(self.post.done) - self.pressed:
            assert self.post.done.count(public_id) == 1

    @invariant()
    def what_is_said_to_be_delivered_is_there(self) -> None:
        for command in Command.objects.filter(state="delivered"):
            assert command.public_id in self.post.done

    @invariant()
    def two_at_most_are_at_the_vendor(self) -> None:
        assert Command.objects.filter(lease_until__gt=datetime.now(UTC)).count() <= 2

    @invariant()
    def an_end_is_told(self) -> None:
        told = {(one.order.id, one.end) for one in self.post.ended}
        for command in Command.objects.filter(state__in=ENDS):
            assert (command.public_id, command.state) in told

    @invariant()
    def the_vendor_saw_each_object_in_order(self) -> None:
        """But for those that a person pressed, or that were refused and so held nothing up."""
        rows = {row.public_id: row for row in Command.objects.exclude(state="refused")}
        first = [rows[one] for one in dict.fromkeys(self.post.done) if one in rows and one not in self.pressed]
        for about in ("page:Q1", "page:Q2"):
            seen = [row.pk for row in first if row.object == about]
            assert seen == sorted(seen)

    @rule()
    def a_good_hour_ends_everything(self) -> None:
        """Once the vendor is well again and every worker's lease is over, nothing is left waiting."""
        self.leases_run_out()
        self.post.plan, self.post.look_fails = [], None
        for _ in range(30):
            self.let_time_pass()
            if not run(LANE):
                break
        assert not Command.objects.filter(state__in=("queued", "sending", "checking", "will_retry")).exists()


@pytest.mark.django_db
def test_whatever_happens_to_commands():
    quick = settings(max_examples=40, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Outbox, settings=quick)
