"""Reading what was kept: claimed once, settled once, tried again, replayed, and one bad delivery stops no other."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from ceoc import clock
from ceoc.clock import Line
from ceoc.inbox import processing, readers
from ceoc.inbox.models import Delivery
from ceoc.inbox.readers import Unreadable
from ceoc.vendors.errors import Unavailable

NOW = datetime(2026, 7, 1, 16, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def stands(monkeypatch):
    """The domain's clock stands still, far from real time."""
    monkeypatch.setattr(clock, "_readers", [lambda: Line(NOW, NOW, rate=0)])


class Reads:
    """A reader that does what a test says."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.outcome: dict[str, object] = {}

    def __call__(self, delivery, now):
        self.told.append(delivery.event_id)
        outcome = self.outcome.get(delivery.event_id)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome() if callable(outcome) else outcome


@pytest.fixture
def reads(monkeypatch):
    made = Reads()
    monkeypatch.setattr(readers, "_readers", {"pagerduty": made, "zendesk": made})
    return made


def kept(event_id="e1", *, vendor="pagerduty", **fields):
    fields = {"body": b"{}", "received_at": NOW, "due_at": datetime.now(UTC) - timedelta(seconds=1)} | fields
    return Delivery.objects.create(public_id=f"{event_id:a<12}"[:12], vendor=vendor, event_id=event_id, **fields)


def present(event_id="e1"):
    return Delivery.objects.get(event_id=event_id)


def due_now(event_id="e1"):
    Delivery.objects.filter(event_id=event_id).update(due_at=datetime.now(UTC))


@pytest.mark.django_db
def test_a_delivery_is_read_once_and_says_when(reads):
    kept()
    assert processing.process_due(NOW) == 1
    assert processing.process_due(NOW) == 0
    assert reads.told == ["e1"]
    found = present()
    assert (found.state, found.processed_at, found.due_at, found.attempts) == ("processed", NOW, None, 1)


@pytest.mark.django_db
def test_each_is_dated_by_its_own_reading_not_by_the_sweeps_begin(reads, monkeypatch):
    minutes = iter(range(1, 99))
    monkeypatch.setattr(clock, "_readers", [lambda: Line(NOW, NOW + timedelta(minutes=next(minutes)), rate=0)])
    kept("e1", due_at=NOW)
    kept("e2", due_at=NOW + timedelta(seconds=1))
    processing.process_due(NOW)
    assert NOW < present("e1").processed_at < present("e2").processed_at


@pytest.mark.django_db
def test_the_oldest_are_read_first_and_no_more_than_asked(reads):
    for number in range(5):
        kept(f"e{number}", due_at=datetime.now(UTC) - timedelta(seconds=10 - number))
    assert processing.process_due(NOW, limit=3) == 3
    assert reads.told == ["e0", "e1", "e2"]


@pytest.mark.django_db
@pytest.mark.parametrize(("klass", "expected"), [("global", "global"), ("us_gov", "us_gov"), (None, "us_gov")])
def test_what_is_understood_gets_its_class_and_nothing_else_does(reads, klass, expected):
    kept()
    reads.outcome["e1"] = klass
    processing.process_due(NOW)
    assert present().klass == expected


@pytest.mark.django_db
def test_unreadable_is_final_and_says_why(reads):
    kept()
    reads.outcome["e1"] = Unreadable("The event names no page.")
    assert processing.process_due(NOW) == 1
    due = present()
    assert (due.state, due.reason, due.due_at) == ("unreadable", "The event names no page.", None)
    assert processing.process_due(NOW) == 0


@pytest.mark.django_db
def test_a_vendor_whom_nobody_reads_is_unreadable(reads):
    kept(vendor="github")
    processing.process_due(NOW)
    assert (present().state, present().reason) == ("unreadable", "Nothing here reads deliveries of github.")


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", [Unavailable("PagerDuty did not answer in time."), KeyError("a bug of ours")])
def test_trouble_keeps_it_stored_and_it_is_tried_again_later_while_others_go_on(reads, trouble):
    kept("bad")
    kept("good")
    reads.outcome["bad"] = trouble
    assert processing.process_due(NOW) == 2
    bad = present("bad")
    assert (bad.state, present("good").state) == ("stored", "processed")
    assert bad.reason
    assert "a bug of ours" not in bad.reason
    assert bad.due_at > datetime.now(UTC)
    reads.outcome["bad"] = None
    due_now("bad")
    processing.process_due(NOW)
    assert (present("bad").state, present("bad").reason, present("bad").attempts) == ("processed", "", 2)


@pytest.mark.django_db
def test_a_vendor_that_says_how_long_to_wait_is_heard(reads):
    kept()
    reads.outcome["e1"] = Unavailable("PagerDuty asks to wait.", retry_after=90)
    processing.process_due(NOW)
    assert timedelta(seconds=80) < present().due_at - datetime.now(UTC) <= timedelta(seconds=90)


def test_waits_grow_to_five_minutes():
    waits = [processing.wait_after(attempts).total_seconds() for attempts in (1, 2, 3, 4, 8, 9, 50)]
    assert waits == [2, 4, 8, 16, 256, 300, 300]


@pytest.mark.django_db
def test_a_reader_that_died_is_followed_by_another_after_the_lease(reads):
    kept()
    claimed = processing.claim(datetime.now(UTC))
    assert claimed.event_id == "e1"
    assert processing.process_due(NOW) == 0
    due_now()  # the lease has run out
    assert processing.process_due(NOW) == 1
    assert present().attempts == 2


@pytest.mark.django_db
def test_one_that_lost_its_lease_settles_nothing(reads):
    kept()
    slow = processing.claim(datetime.now(UTC))
    due_now()
    processing.process_due(NOW)
    reads.outcome["e1"] = Unreadable("too late to say so")
    processing.process(slow, NOW + timedelta(minutes=5))
    assert (present().state, present().processed_at) == ("processed", NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["processed", "unreadable", "stored"])
def test_replay_reads_it_once_more(reads, state):
    fields = {} if state == "stored" else {"due_at": None}
    delivery = kept(state=state, reason="whatever", attempts=7, **fields)
    processing.replay(delivery)
    assert processing.process_due(NOW) == 1
    assert (present().state, present().attempts, present().reason) == ("processed", 1, "")


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_share_the_work_and_double_none(reads):
    for number in range(20):
        kept(f"e{number}")
    together = threading.Barrier(4)

    def work():
        together.wait()
        processing.process_due(NOW)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(reads.told) == sorted(f"e{number}" for number in range(20))
    assert not Delivery.objects.exclude(state="processed").exists()


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_reader_works(reads):
    kept()
    reads.outcome["e1"] = lambda: "us_gov" if connection.in_atomic_block else "global"
    processing.process_due(NOW)
    assert present().klass == "global"
