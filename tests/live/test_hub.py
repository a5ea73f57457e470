from __future__ import annotations

import asyncio
import json
import threading
import time

import pytest

from ceoc.access.viewer import Audience
from ceoc.live import picture, sources
from ceoc.live.announce import Announcement
from ceoc.live.hub import Hub
from ceoc.live.parts import Event, Nudge, Remove, Swap
from ceoc.live.stream import Stream
from ceoc.live.who import Admission

UNCLEARED, CLEARED = Audience("engineer", False), Audience("engineer", True)
MANAGER = Audience("manager", False)


class Words:
    """A source in memory: one fragment with its present words."""

    name = "words"

    def __init__(self):
        self.words = "first"
        self.parts = None
        self.asked = []
        self.together = self.most_together = 0
        self.takes = 0.0
        self._lock = threading.Lock()

    def topics(self, key):
        return frozenset({f"word:{key}", "all:*"})

    def render(self, key, audience, touched):
        with self._lock:
            self.together += 1
            self.most_together = max(self.most_together, self.together)
        self.asked.append((key, audience, touched))
        time.sleep(self.takes)
        with self._lock:
            self.together -= 1
        if isinstance(self.parts, Exception):
            raise self.parts
        return [Swap("words", self.words)] if self.parts is None else self.parts


@pytest.fixture
def words(monkeypatch):
    monkeypatch.setattr(sources, "_sources", {})
    monkeypatch.setattr(picture, "WHOLE_EVERY", 0.0)
    source = Words()
    sources.register(source)
    return source


def person(audience=UNCLEARED, person_id=1):
    return Stream(Admission(f"key-{person_id}", person_id, audience, "tag"), ("words:a",))


def messages(stream):
    """What a stream was told, without heartbeats: the parts of each message."""
    found = [line.split(": ", 1)[1] for line in stream.take().decode().split("\n") if line.startswith('data: {"on"')]
    return [json.loads(line).get("parts", json.loads(line)) for line in found]


def with_hub(scenario):
    async def run():
        hub = Hub("", gather=0.01)
        hub.start = None
        try:
            await scenario(hub)
        finally:
            await hub.stop()

    asyncio.run(run())


async def until(true, seconds=3.0):
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(0.005)


async def connected(hub, stream):
    """The stream once it has something to read."""
    hub.open(stream, hub.epoch)
    await until(lambda: stream._queue)
    return stream


async def up_to_date(hub, stream):
    """The stream once it has read the present state."""
    (await connected(hub, stream)).take()
    return stream


def changed(*topics, klass="global"):
    return Announcement(klass, list(topics))


def test_who_connects_gets_the_present_state(words):
    async def scenario(hub):
        stream = await connected(hub, person())
        assert messages(stream) == [[["swap", "words", "first"]]]

    with_hub(scenario)


def test_each_audience_is_rendered_once_and_gets_the_same_bytes(words):
    async def scenario(hub):
        many = [person(UNCLEARED, number) for number in range(50)] + [person(MANAGER, 100), person(MANAGER, 101)]
        for stream in many:
            hub.open(stream, hub.epoch)
        await until(lambda: all(stream._queue for stream in many))
        for stream in many:
            stream.take()
        words.asked.clear()
        words.words = "second"
        hub.hear(changed("word:a"))
        await until(lambda: all(stream._queue for stream in many))
        assert sorted(str(audience.role) for _, audience, _ in words.asked) == ["engineer", "manager"]
        assert len({id(stream._queue[0]) for stream in many[:50]}) == 1, "the very same bytes"

    with_hub(scenario)


def test_what_is_announced_together_is_rendered_together(words):
    async def scenario(hub):
        await up_to_date(hub, person())
        words.asked.clear()
        for number in range(30):
            hub.hear(changed(f"all:{number}"))
        await asyncio.sleep(0.1)
        assert len(words.asked) == 1
        assert words.asked[0][2] == {f"all:{number}" for number in range(30)}

    with_hub(scenario)


def test_identical_parts_are_not_sent_again(words):
    async def scenario(hub):
        stream = await up_to_date(hub, person())
        words.asked.clear()
        hub.hear(changed("word:a"))
        await until(lambda: words.asked)
        await asyncio.sleep(0.05)
        assert messages(stream) == []

    with_hub(scenario)


def test_what_is_of_us_gov_is_not_even_rendered_for_the_uncleared(words):
    async def scenario(hub):
        open_to_all, cleared = person(UNCLEARED, 1), person(CLEARED, 2)
        for stream in (open_to_all, cleared):
            hub.open(stream, hub.epoch)
        await until(lambda: open_to_all._queue and cleared._queue)
        open_to_all.take(), cleared.take()
        words.asked.clear()
        words.words = "secret"
        hub.hear(changed("word:a", klass="us_gov"))
        await until(lambda: cleared._queue)
        await asyncio.sleep(0.05)
        assert [audience for _, audience, _ in words.asked] == [CLEARED]
        assert open_to_all.take() == b""

    with_hub(scenario)


def test_a_class_that_nobody_knows_is_for_the_cleared(words):
    async def scenario(hub):
        stream = person(UNCLEARED)
        await connected(hub, stream)
        words.asked.clear()
        hub.hear(changed("word:a", klass="something"))
        await asyncio.sleep(0.05)
        assert words.asked == []

    with_hub(scenario)


def test_other_topics_concern_nobody_here(words):
    async def scenario(hub):
        await connected(hub, person())
        words.asked.clear()
        hub.hear(changed("word:b", "freshness"))
        await asyncio.sleep(0.05)
        assert words.asked == []

    with_hub(scenario)


def test_the_whole_is_rendered_once_a_second_at_most(words, monkeypatch):
    monkeypatch.setattr(picture, "WHOLE_EVERY", 0.4)

    async def scenario(hub):
        hub.open(person(), hub.epoch)
        await until(lambda: words.asked)
        begin = time.monotonic()
        while time.monotonic() - begin < 0.9:
            next(iter(hub.pictures.values())).touch_all()
            await asyncio.sleep(0.02)
        assert 2 <= len(words.asked) <= 4
        assert words.most_together == 1

    with_hub(scenario)


def test_many_touched_topics_are_one_whole_rendering(words):
    async def scenario(hub):
        hub.open(person(), hub.epoch)
        await until(lambda: words.asked)
        words.asked.clear()
        hub.hear(changed(*(f"all:{number}" for number in range(picture.MOST_TOUCHED + 1))))
        await until(lambda: words.asked)
        assert words.asked[0][2] is None

    with_hub(scenario)


def test_who_joins_while_others_listen_gets_everything_and_they_get_nothing(words):
    async def scenario(hub):
        early = person(person_id=1)
        hub.open(early, hub.epoch)
        await until(lambda: early._queue)
        early.take()
        late = person(person_id=2)
        hub.open(late, hub.epoch)
        await until(lambda: late._queue)
        assert messages(late) == [[["swap", "words", "first"]]]
        assert messages(early) == []

    with_hub(scenario)


def test_a_reader_that_lost_messages_gets_the_present_state_once(words):
    async def scenario(hub):
        stream = Stream(Admission("key", 1, UNCLEARED, "tag"), ("words:a",), most_bytes=200)
        await connected(hub, stream)
        for number in range(20):
            words.words = f"{number} " + "x" * 60
            hub.hear(changed("word:a"))
            await asyncio.sleep(0.03)
        assert stream.lost
        stream.lost = False
        hub.join(stream)
        await until(lambda: stream._queue)
        assert messages(stream) == [[["swap", "words", "19 " + "x" * 60]]]

    with_hub(scenario)


def test_what_is_gone_is_removed_and_an_empty_channel_says_so(words):
    async def scenario(hub):
        stream = await up_to_date(hub, person())
        words.parts = []
        hub.hear(changed("word:a"))
        await until(lambda: stream._queue)
        assert sorted(messages(stream)[0]) == [["event", "gone", {}], ["remove", "words"]]

    with_hub(scenario)


def test_a_removed_part_that_comes_back_is_sent_again(words):
    async def scenario(hub):
        stream = person()
        hub.open(stream, hub.epoch)
        for parts in ([Swap("words", "first")], [Remove("words")], [Swap("words", "first")]):
            words.parts = parts
            hub.hear(changed("word:a"))
            await until(lambda: stream._queue)
            stream_told = messages(stream)
        assert stream_told[-1] == [["swap", "words", "first"]]

    with_hub(scenario)


def test_what_just_happens_is_told_each_time_but_not_because_somebody_joined(words):
    async def scenario(hub):
        words.parts = [Nudge("own"), Event("said", {"text": "Hello", "to": []})]
        stream = person(person_id=1)
        await up_to_date(hub, stream)
        for _ in range(2):
            hub.hear(changed("word:a"))
            await until(lambda: stream._queue)
            assert messages(stream) == [[["nudge", "own"], ["event", "said", {"text": "Hello", "to": []}]]]
        hub.open(person(person_id=2), hub.epoch)
        await asyncio.sleep(0.05)
        assert messages(stream) == []

    with_hub(scenario)


def test_a_broken_source_is_said_and_mended(words, monkeypatch):
    monkeypatch.setattr(picture, "AGAIN_AFTER", 0.05)

    async def scenario(hub):
        stream = await up_to_date(hub, person())
        words.parts = RuntimeError("broken")
        hub.hear(changed("word:a"))
        await until(lambda: stream._queue)
        assert {"on": "words:a", "stale": True} in messages(stream)
        words.parts, words.words = None, "mended"
        await until(lambda: b"mended" in b"".join(stream._queue))
        told = messages(stream)
        assert told[-1] == {"on": "words:a", "stale": False} or {"on": "words:a", "stale": False} in told

    with_hub(scenario)


def test_only_the_person_that_is_meant_is_nudged(words):
    async def scenario(hub):
        mine, other = person(person_id=1), person(person_id=2)
        for stream in (mine, other):
            hub.open(stream, hub.epoch)
        await until(lambda: mine._queue and other._queue)
        mine.take(), other.take()
        hub.hear(changed("person:1"))
        await until(lambda: mine._queue)
        assert messages(mine) == [[["nudge", ""]]]
        assert messages(other) == []

    with_hub(scenario)


def test_a_picture_that_nobody_looks_at_is_not_rendered(words):
    async def scenario(hub):
        stream = await connected(hub, person())
        hub.leave(stream)
        words.asked.clear()
        hub.hear(changed("word:a"))
        await asyncio.sleep(0.05)
        assert words.asked == []
        assert hub.pictures == {}

    with_hub(scenario)


def test_a_session_may_hold_so_many_streams_and_no_more(words):
    async def scenario(hub):
        for _ in range(12):
            hub.open(person(), hub.epoch)
        assert hub.door.is_full_for(person().admission)
        assert not hub.door.is_full_for(person(person_id=2).admission)

    with_hub(scenario)
