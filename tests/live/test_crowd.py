"""A thousand open pages on one server process: all right after a burst, small at rest, and told when it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import NamedTuple

import psutil
import pytest
from django.db import connection

from ceoc.access.classes import GLOBAL, US_GOV
from tests.browser.conftest import running_server
from tests.emergencies.world import Trouble
from tests.live.crowd import Crowd, Reader, until
from tests.live.site import sign_in_many

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(400)]

STREAMS = 1_000
WARM_UP = 30
"""Streams that are open before memory is looked at: what the first ones make is made once."""

PAGES = 40
KILOBYTES = 40
"""What a stream may cost here. `make bench` finds less than half of it; memory is measured in large bites."""

PATIENCE = 120
"""Seconds for what takes two where nobody else is at work."""


class Served(NamedTuple):
    """A server process and what it answers to."""

    address: str
    process: psutil.Process


@pytest.fixture
def served(transactional_db: None) -> Iterator[Served]:
    """The product on this run's database, in a process of its own."""
    with running_server() as (address, process):
        yield Served(address, psutil.Process(process.pid))


def burst() -> None:
    """So many customers page, every fourth of US Government."""
    for number in range(PAGES):
        klass, policy = (
            (US_GOV, "US Government Emergencies") if number % 4 == 0 else (GLOBAL, "Customer Emergencies AMER")
        )
        Trouble(f"Customer {number} of {klass}", 100 + number, klass=klass).pages(3, "All web nodes answer 502", policy)
    connection.close()


def rows(reader: Reader) -> dict[str, str]:
    """What the page shows as its queue."""
    return {name: html for name, html in reader.page.items() if name.startswith("row-")}


def shows(reader: Reader, name: str) -> int:
    """In how many rows that stands."""
    return sum(name in html for html in rows(reader).values())


async def all_connected(crowd: Crowd, keys: list[str]) -> None:
    """A reader for each key, with the board in its hands."""
    await crowd.open(keys)
    await until(lambda: all("queue" in reader.orders for reader in crowd.readers), PATIENCE)
    assert len(crowd.open_ones) == len(crowd.readers)


def test_a_thousand_pages_are_right_after_a_burst_of_forty(served: Served) -> None:
    keys = sign_in_many(STREAMS)

    async def watch() -> None:
        crowd = Crowd(served.address, "board")
        await all_connected(crowd, keys[:WARM_UP])
        before = served.process.memory_info().rss
        await all_connected(crowd, keys[WARM_UP:])
        assert grown(served, before) < KILOBYTES
        await asyncio.to_thread(burst)
        todo = set(crowd.readers)

        def all_right() -> bool:
            todo.difference_update([reader for reader in todo if len(rows(reader)) in {PAGES, PAGES * 3 // 4}])
            return not todo

        await until(all_right, PATIENCE, every=0.2)
        latecomers = await crowd.open(sorted(keys)[:12])
        await until(lambda: all(rows(reader) for reader in latecomers), PATIENCE)
        by_sight = {len(rows(reader)): rows(reader) for reader in latecomers}
        assert by_sight.keys() == {PAGES, PAGES * 3 // 4}, "the cleared see all, the others three of four"
        assert shows(latecomers[0], GLOBAL) == PAGES * 3 // 4
        await until(lambda: all(rows(reader).keys() == by_sight[len(rows(reader))].keys() for reader in crowd.readers))
        seen = {bool(shows(reader, US_GOV)) for reader in crowd.readers if len(rows(reader)) < PAGES}
        assert seen == {False}
        assert grown(served, before) < KILOBYTES
        crowd.close()

    asyncio.run(watch())


def grown(served: Served, before: int) -> float:
    """Kilobytes by which the process grew, a stream."""
    return (served.process.memory_info().rss - before) / (STREAMS - WARM_UP) / 1000


def test_a_restart_takes_seconds_and_all_pages_come_back(served: Served) -> None:
    keys = sign_in_many(200)

    async def watch() -> None:
        crowd = Crowd(served.address, "board")
        await all_connected(crowd, keys)
        served.process.terminate()
        await until(lambda: all(reader.ended for reader in crowd.readers), PATIENCE)
        assert {reader.told["again"] for reader in crowd.readers} == {1}
        await asyncio.to_thread(served.process.wait, 30)
        with running_server() as (address, _):
            anew = Crowd(address, "board")
            await all_connected(anew, keys)
            anew.close()

    asyncio.run(watch())
