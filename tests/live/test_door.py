"""Who is let in when many come at once, and what those who are in notice of it."""

from __future__ import annotations

import asyncio
import resource
import threading

import pytest
from django.db import OperationalError

from ceoc.access.viewer import Audience
from ceoc.live import door
from ceoc.live.door import Door, Full
from ceoc.live.who import Admission
from tests.live.crowd import Crowd, until
from tests.live.site import serving, sign_in, wait_until
from tests.live.test_streams import Reader, answer

SOMEBODY = Admission("key", 1, Audience("engineer", False), "tag")


@pytest.fixture
def slow(monkeypatch):
    """A database that says who somebody is when it is let go on, and at once who may still look."""
    go_on = threading.Event()
    monkeypatch.setattr(door, "admit", lambda _cookies: go_on.wait(10) and SOMEBODY)
    monkeypatch.setattr(door, "still", set)
    yield go_on
    go_on.set()


def with_door(scenario):
    async def run():
        made = Door()
        try:
            await scenario(made)
        finally:
            await asyncio.to_thread(made.close)

    asyncio.run(run())


def test_who_would_wait_too_long_is_told_at_once_to_come_again(slow, monkeypatch):
    monkeypatch.setattr(door, "MOST_WAITING", 5)

    async def scenario(one):
        waiting = [asyncio.create_task(one.admit("")) for _ in range(5)]
        await asyncio.sleep(0)
        with pytest.raises(Full) as full:
            await one.admit("")
        assert full.value.retry_after > 0
        slow.set()
        assert [admission for admission, _ in await asyncio.gather(*waiting)] == [SOMEBODY] * 5
        assert (await one.admit(""))[0] == SOMEBODY, "and then there is room again"

    with_door(scenario)


def test_those_who_are_in_are_asked_about_while_many_come(slow):
    async def scenario(one):
        coming = [asyncio.create_task(one.admit("")) for _ in range(door.MOST_WAITING)]
        await asyncio.sleep(0)
        admitted, _ = await one.ask({SOMEBODY})
        assert admitted == {SOMEBODY}
        assert not any(task.done() for task in coming)
        slow.set()
        await asyncio.gather(*coming)

    with_door(scenario)


def test_a_process_holds_so_many_streams_and_no_more(slow):
    slow.set()

    async def scenario(one):
        one.most = 3
        for _ in range(3):
            one.enter(SOMEBODY)
        with pytest.raises(Full):
            await one.admit("")
        one.leave(SOMEBODY)
        assert (await one.admit(""))[0] == SOMEBODY

    with_door(scenario)


def test_streams_leave_files_for_pages_and_webhooks():
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)

    async def scenario(one):
        assert one.most <= files - door.FILES_FOR_OTHERS

    with_door(scenario)


def test_a_database_that_refuses_says_nothing_about_anybody(monkeypatch):
    def refuse(_admissions):
        raise OperationalError("gone")

    monkeypatch.setattr(door, "still", refuse)

    async def scenario(one):
        admitted, told = await one.ask({SOMEBODY})
        assert admitted is None
        assert told["rate"] == 1.0, "the time is known without it"

    with_door(scenario)


def test_a_database_that_hangs_is_not_waited_for(monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr(door, "PATIENCE", 0.05)
    monkeypatch.setattr(door, "still", lambda _admissions: go_on.wait(10) and set())

    async def scenario(one):
        assert (await one.ask({SOMEBODY}))[0] is None
        go_on.set()

    with_door(scenario)


@pytest.mark.django_db(transaction=True)
def test_a_crowd_that_comes_at_once_is_let_in_bit_by_bit(monkeypatch):
    monkeypatch.setattr(door, "MOST_WAITING", 8)
    with serving() as (address, root, _):
        sessions = [sign_in(f"p{number}@demo.example") for number in range(10)] * 6

        async def come():
            crowd = Crowd(address, "shelf")
            answered = await crowd.open(sessions, at_once=len(sessions))
            refused = [reader for reader in answered if reader.status != 200]
            assert {reader.status for reader in refused} == {503}, "some were told to come again"
            assert all(int(reader.headers["retry-after"]) > 0 for reader in refused)
            while len(crowd.open_ones) < len(sessions):
                await crowd.open(sessions[: len(sessions) - len(crowd.open_ones)], at_once=8)
            await until(lambda: all(reader.orders for reader in crowd.open_ones))
            assert len(root._hub.streams) == len(sessions)
            crowd.close()

        monkeypatch.setattr(door, "MOST_PER_SESSION", len(sessions))
        asyncio.run(come())


@pytest.mark.django_db(transaction=True)
def test_a_full_process_says_when_to_come_again():
    with serving() as (address, root, _):
        session = sign_in("mira@demo.example")
        reader = Reader(address, session).until('"order"')
        root._hub.door.most = 1
        status, headers, _ = answer(address, "/live/?on=shelf", session)
        assert (status, headers["retry-after"]) == (503, str(door.COME_AGAIN))
        reader.close()


@pytest.mark.django_db(transaction=True)
def test_who_leaves_while_being_let_in_leaves_nothing_behind(caplog):
    with serving() as (address, root, _):
        session = sign_in("mira@demo.example")
        for _ in range(10):
            Reader(address, session).close()
        Reader(address, session).until('"order"').close()
        wait_until(lambda: not root._hub.streams and not root._hub.pictures)
        assert root._hub.door._inside == root._hub.door._waiting == 0
    assert "Exception in ASGI application" not in caplog.text
