"""What many pages cost: nothing of it grows with them but the bytes that go out."""

from __future__ import annotations

import asyncio
import time

import pytest

from ceoc.live import picture, wire
from ceoc.live.parts import Nudge
from tests.live.test_hub import CLEARED, UNCLEARED, changed, person, until, up_to_date, with_hub, words

__all__ = ["words"]


@pytest.mark.parametrize("streams", [4, 200])
def test_a_burst_is_rendered_as_often_for_many_as_for_few(words, streams):
    async def scenario(hub):
        many = [person((UNCLEARED, CLEARED)[number % 2], number) for number in range(streams)]
        for stream in many:
            hub.open(stream, hub.epoch)
        await until(lambda: all(stream._queue for stream in many))
        words.asked.clear()
        for number in range(40):
            words.words = f"page {number}"
            hub.hear(changed(f"all:{number}"))
        await until(lambda: all(b"page 39" in b"".join(stream._queue) for stream in many))
        assert len(words.asked) == 2, "once for each audience"

    with_hub(scenario)


@pytest.mark.parametrize(("streams", "ms"), [(1, 300), (30, 300), (31, 600), (1_000, 9_600), (5_000, 9_600)])
def test_the_more_pages_there_are_the_wider_they_spread_what_they_fetch(streams, ms):
    assert wire.spread(streams) == ms


def test_many_pages_are_told_to_spread_and_few_are_not(words):
    words.parts = [Nudge("own")]

    async def scenario(hub):
        many = [await up_to_date(hub, person(person_id=number)) for number in range(31)]
        hub.hear(changed("word:a"))
        await until(lambda: all(stream._queue for stream in many))
        assert {stream.take() for stream in many} == {
            b'data: {"on":"words:a","parts":[["nudge","own"]],"spread":600}\n\n'
        }
        for stream in many[1:]:
            hub.leave(stream)
        hub.hear(changed("word:a"))
        await until(lambda: many[0]._queue)
        assert b"spread" not in many[0].take()

    with_hub(scenario)


def test_the_more_pages_hear_it_the_longer_a_picture_rests(words, monkeypatch):
    monkeypatch.setattr(picture, "WHOLE_EVERY", 1.0)

    async def scenario(hub):
        many = [person(person_id=number) for number in range(300)]
        for stream in many:
            hub.open(stream, hub.epoch)
        await until(lambda: all(stream._queue for stream in many))
        words.asked.clear()
        began = time.monotonic()
        for number in range(40):
            words.words = f"page {number}"
            hub.hear(changed("word:a"))
            await asyncio.sleep(0.015)
        await until(lambda: all(b"page 39" in b"".join(stream._queue) for stream in many))
        assert len(words.asked) <= 2 + (time.monotonic() - began) / (len(many) * picture.REST_OF_ONE)

    with_hub(scenario)
