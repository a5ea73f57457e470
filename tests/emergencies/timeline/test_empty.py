"""A demo that starts over while others write."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from emergencies import models
from emergencies.timeline import locks
from emergencies.timeline.empty import TABLES, empty
from emergencies.timeline.record import record
from tests.emergencies.saying import created, rings
from tests.emergencies.telling import PAGE, clock
from tests.emergencies.timeline.test_record import wait_until_somebody_waits

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_waits_for_who_is_writing_and_nobody_waits_for_it_in_turn():
    record(sightings=[rings("16:20"), created("16:20")], now=clock("16:21"))
    failures: list[BaseException] = []

    def start_over():
        try:
            with transaction.atomic():
                empty()
        except BaseException as error:  # noqa: BLE001 — told to the test below
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=start_over)
    with transaction.atomic():  # as a record goes on: its subjects first, then everything else
        locks.subjects({PAGE}, {})
        thread.start()
        wait_until_somebody_waits(thread)
        for model in TABLES:
            list(model.objects.select_for_update()[:1])
    thread.join(10)
    assert failures == []
    assert [model.__name__ for model in TABLES if model.objects.exists()] == []


def test_every_table_is_among_them():
    assert set(TABLES) == {model for model in vars(models).values() if hasattr(model, "_meta")}
