"""What goes wrong behind the streams: renderings that hang or fail, and a database that is away for a while."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ceoc.live import door, picture
from tests.live.crowd import Crowd, until
from tests.live.site import put, serving, sign_in, wait_until
from tests.live.test_hub import Words, changed, messages, person, with_hub, words
from tests.live.test_hub import until as until_soon
from tests.live.test_streams import Reader

__all__ = ["words"]

BEAT = 0.2


@pytest.fixture
def site(transactional_db):
    with serving() as served:
        _, root, _ = served
        root._hub._beat_every = BEAT
        root._hub.loop.call_soon_threadsafe(root._hub._due.set)
        yield served


@contextmanager
def no_database():
    """The database takes nobody in, and everybody who was in is out."""
    name = connection.settings_dict["NAME"]
    connection.close()
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as other:
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            yield
        finally:
            other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


def test_streams_outlast_the_database_and_catch_up_when_it_is_back(site):
    address, root, _ = site
    put("a", "before")
    readers = [Reader(address, sign_in(f"p{number}@demo.example")).until("before") for number in range(20)]
    with no_database():
        for reader in readers:
            reader.until('"heard":false').text = ""
        for reader in readers:
            reader.until("event: beat")
            assert '"heard":true' not in reader.text, "nobody is told that all is well"
    put("a", "after")
    for reader in readers:
        reader.until("after", 20).until('"heard":true')
        assert not reader.ended
    assert len(root._hub.streams) == len(readers)


def test_nobody_comes_in_while_the_database_is_away(site):
    address, _, _ = site
    session = sign_in("mira@demo.example")
    with no_database():
        reader = Reader(address, session).until("retry-after")
        assert " 503 " in reader.text
    wait_until(lambda: " 200 " in Reader(address, session).until("\r\n\r\n").text, every=0.3)


def test_a_heartbeat_asks_once_however_many_streams_are_open(site, monkeypatch):
    address, _, _ = site
    asked = []

    def counted(admissions, still=door.still):
        with CaptureQueriesContext(door_connection()) as queries:
            found = still(admissions)
        asked.append((len(admissions), len(queries)))
        return found

    monkeypatch.setattr(door, "still", counted)
    sessions = [sign_in(f"p{number}@demo.example", cleared=number % 2 == 0) for number in range(30)]

    async def listen():
        crowd = Crowd(address, "shelf")
        await crowd.open([session for session in sessions for _ in range(4)])
        asked.clear()
        beats = [reader.told["beat"] for reader in crowd.readers]
        await until(
            lambda: all(reader.told["beat"] >= told + 3 for reader, told in zip(crowd.readers, beats, strict=True))
        )
        assert len(crowd.open_ones) == 120
        crowd.close()

    asyncio.run(listen())
    assert {queries for _, queries in asked} == {1}
    assert max(asked)[0] == len(sessions), "of each session once"


def door_connection():
    """The connection of the thread that asks."""
    assert threading.current_thread().name.startswith("live-ask")
    return connection


def test_a_rendering_that_hangs_is_said_and_tried_again(words, monkeypatch):
    monkeypatch.setattr(picture, "RENDERS_WITHIN", 0.1)
    monkeypatch.setattr(picture, "AGAIN_AFTER", 0.05)
    go_on = threading.Event()

    def render(source, key, audience, touched, plainly=Words.render):
        if source.words == "hangs":
            go_on.wait(10)
        return plainly(source, key, audience, touched)

    monkeypatch.setattr(Words, "render", render)

    async def scenario(hub):
        stream = person()
        hub.open(stream, hub.epoch)
        await until_soon(lambda: stream._queue)
        stream.take()
        words.words = "hangs"
        hub.hear(changed("word:a"))
        await until_soon(lambda: stream._queue)
        assert {"on": "words:a", "stale": True} in messages(stream)
        words.words = "mended"
        go_on.set()
        await until_soon(lambda: b"mended" in b"".join(stream._queue))

    with_hub(scenario)


def test_a_slow_rendering_does_not_hold_up_another_channel(words, monkeypatch):
    def render(source, key, audience, touched, plainly=Words.render):
        if key == "slow":
            time.sleep(0.5)
        return plainly(source, key, audience, touched)

    monkeypatch.setattr(Words, "render", render)

    async def scenario(hub):
        slow, quick = person(person_id=1), person(person_id=2)
        slow.channels = ("words:slow",)
        hub.open(slow, hub.epoch)
        hub.open(quick, hub.epoch)
        await until_soon(lambda: quick._queue)
        assert not slow._queue
        await until_soon(lambda: slow._queue)

    with_hub(scenario)
