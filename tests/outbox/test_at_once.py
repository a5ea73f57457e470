"""Several workers at once, threads of their own, and vendors that hang: over two real connections."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections, transaction

from ceoc.outbox.claim import Lane, claim
from ceoc.outbox.lanes import deliver_due, run
from ceoc.outbox.models import Command
from ceoc.outbox.waits import wait_after
from tests.outbox.post import NOW, fresh, wish

pytestmark = pytest.mark.django_db(transaction=True)

PD, SLACK = Lane("pagerduty"), Lane("slack")


def wall() -> datetime:
    return datetime.now(UTC)


def together(*works):
    """Runs each in a thread and connection of its own, starting at one barrier; their answers."""
    barrier, answers = threading.Barrier(len(works)), {}

    def one(number, work):
        try:
            barrier.wait(5)
            answers[number] = work()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return [answers[number] for number in range(len(works))]


def test_two_workers_never_take_the_same_command(post):
    for number in range(20):
        wish(f"page:Q{number}")
    together(*[lambda: run(PD)] * 6)
    while run(PD):
        pass
    assert sorted(post.done) == sorted(Command.objects.values_list("public_id", flat=True))
    assert len(post.done) == len(set(post.done)) == 20


def test_workers_at_once_keep_the_order_of_an_object(post):
    commands = [wish("page:Q1") for _ in range(12)]
    for _ in range(3):
        together(*[lambda: run(PD)] * 4)
    while run(PD):
        pass
    assert post.done == [one.public_id for one in commands]


def test_claims_at_once_leave_no_third_at_the_vendor(post):
    for number in range(8):
        wish(f"page:Q{number}")
    taken = together(*[lambda: claim(PD, wall())] * 8)
    assert sum(one is not None for one in taken) == 2


def test_a_command_of_a_transaction_that_is_rolled_back_never_was(post):
    with transaction.atomic():
        wish()
        transaction.set_rollback(True)
    assert run(PD) == 0
    assert not Command.objects.exists()


def test_no_transaction_is_open_while_the_vendor_is_asked(post):
    open_at_vendor = []
    post.plan = [lambda _order: open_at_vendor.append(connection.in_atomic_block)]
    wish()
    run(PD)
    assert open_at_vendor == [False]


def test_a_vendor_that_hangs_holds_up_its_own_lane_alone(post):
    """Slack hangs; the acknowledgement is delivered within the two seconds, by a single process without Redis."""
    post.register("slack_post", "slack")
    release = threading.Event()

    def hang(order):
        if order.kind == "slack_post":
            release.wait(20)

    post.plan = [hang] * 10
    posts = [wish(f"channel:{number}", vendor="slack", kind="slack_post") for number in range(5)]
    try:
        deliver_due(NOW)
        began, page = time.monotonic(), wish("page:Q1")
        while fresh(page).state != "delivered" and time.monotonic() - began < 10:
            deliver_due(NOW)
            time.sleep(0.05)
        took = time.monotonic() - began
        assert fresh(page).state == "delivered"
        assert took < 2
        assert [fresh(one).state for one in posts].count("sending") in (1, 2)
    finally:
        release.set()
    until = time.monotonic() + 10
    while Command.objects.exclude(state="delivered").exists() and time.monotonic() < until:
        deliver_due(NOW)
        time.sleep(0.05)
    assert {fresh(one).state for one in posts} == {"delivered"}


def test_waits_grow_to_a_minute_and_differ():
    waits = [wait_after(tries, 0).total_seconds() for tries in range(1, 10)]
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert wait_after(10_000, 1) == timedelta(seconds=30)
    assert wait_after(1, 0.5, retry_after=7) == timedelta(seconds=7.5)
