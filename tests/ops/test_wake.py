"""The wake-up after a commit: never before, never slow, never an error, once for many rings."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from ceoc import wake


class Broker:
    """Takes tasks in place of Celery's application; may be slow or down."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.options: dict[str, Any] = {}
        self.is_down = False
        self.open = threading.Event()
        self.open.set()

    def send_task(self, task: str, args: list[str], **options: Any) -> None:
        self.open.wait(5)
        if self.is_down:
            raise OperationalError("no broker")
        self.options = options
        self.sent.append((task, args[0]))

    def wait_for(self, number: int) -> None:
        until = time.monotonic() + 5
        while len(self.sent) < number and time.monotonic() < until:
            time.sleep(0.01)


@pytest.fixture
def broker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    found = Broker()
    monkeypatch.setattr(wake, "app", found)
    monkeypatch.setattr(wake, "_bell", wake.Bell())
    yield found
    found.open.set()


@pytest.mark.django_db(transaction=True)
def test_it_is_sent_after_the_commit_and_not_before(broker) -> None:
    with transaction.atomic():
        wake.wake("deliveries")
        time.sleep(0.05)
        assert broker.sent == []
    broker.wait_for(1)

    assert broker.sent == [("ceoc.ops.tasks.sweep", "deliveries")]
    assert broker.options["expires"] == 30
    assert "countdown" not in broker.options
    assert "eta" not in broker.options


@pytest.mark.django_db(transaction=True)
def test_a_rollback_wakes_nobody(broker) -> None:
    with transaction.atomic():
        wake.wake("deliveries")
        transaction.set_rollback(True)
    wake.wake("commands")
    broker.wait_for(1)

    assert [name for _, name in broker.sent] == ["commands"]


@pytest.mark.django_db(transaction=True)
def test_many_rings_while_the_broker_is_slow_are_one_more_and_nobody_waits(broker) -> None:
    broker.open.clear()
    began = time.monotonic()
    for _ in range(500):
        wake.wake("deliveries")
    assert time.monotonic() - began < 1
    broker.open.set()
    broker.wait_for(2)
    time.sleep(0.05)

    assert 1 <= len(broker.sent) <= 2


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_is_no_error_and_the_next_ring_tries_again(broker) -> None:
    broker.is_down = True
    wake.wake("deliveries")
    time.sleep(0.1)
    broker.is_down = False
    wake.wake("ticks")
    broker.wait_for(1)

    assert [name for _, name in broker.sent] == ["ticks"]


def test_the_bell_rings_at_our_own_broker_in_a_process_that_imports_no_task() -> None:
    script = "import django\ndjango.setup()\nfrom ceoc import wake\nprint(wake.app.main, wake.app.conf.broker_url)"
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=settings.BASE_DIR
    )
    assert told.stdout.split() == ["ceoc", settings.REDIS_URL]
