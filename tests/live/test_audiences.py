"""What one audience is told never reaches another, in whatever order things are said and people come and go."""

from __future__ import annotations

import asyncio

import pytest

from ceoc.access.viewer import Audience
from ceoc.live.parts import Order, Remove, Swap
from ceoc.live.stream import Stream
from ceoc.live.who import Admission
from tests.live.test_hub import CLEARED, MANAGER, UNCLEARED, Words, changed, messages, person, until, with_hub, words

__all__ = ["words"]


@pytest.fixture
def secrets(words, monkeypatch):
    """The source, as it shows its words to the cleared alone."""

    def render(source, key, audience, touched):
        source.asked.append((key, audience, touched))
        return [Swap("words", f"secret {source.words}" if audience.cleared else "nothing")]

    monkeypatch.setattr(Words, "render", render)
    return words


async def all_up_to_date(hub, *streams):
    for stream in streams:
        hub.open(stream, hub.epoch)
    await until(lambda: all(stream._queue for stream in streams))
    return [messages(stream) for stream in streams]


def test_each_audience_has_a_picture_of_its_own(secrets):
    async def scenario(hub):
        for audience in (UNCLEARED, CLEARED, MANAGER, Audience("engineer", False, frozenset({"view"}))):
            hub.open(person(audience), hub.epoch)
        assert len(hub.pictures) == 4
        assert len({id(picture) for picture in hub.pictures.values()}) == 4

    with_hub(scenario)


@pytest.mark.parametrize("first", [CLEARED, UNCLEARED])
def test_who_comes_right_after_another_audience_does_not_get_its_picture(secrets, first):
    async def scenario(hub):
        other = UNCLEARED if first is CLEARED else CLEARED
        [early], [late] = [(await all_up_to_date(hub, person(audience)))[0] for audience in (first, other)]
        told = {first: early, other: late}
        assert told[CLEARED] == [["swap", "words", "secret first"]]
        assert told[UNCLEARED] == [["swap", "words", "nothing"]]

    with_hub(scenario)


def test_topics_of_us_gov_are_left_out_for_the_uncleared_even_beside_global_ones(words):
    async def scenario(hub):
        await all_up_to_date(hub, person(UNCLEARED, 1), person(CLEARED, 2))
        words.asked.clear()
        hub.hear(changed("all:global"))
        hub.hear(changed("all:gov", klass="us_gov"))
        await until(lambda: len(words.asked) == 2)
        touched = {audience: topics for _, audience, topics in words.asked}
        assert touched == {UNCLEARED: {"all:global"}, CLEARED: {"all:global", "all:gov"}}

    with_hub(scenario)


def test_many_topics_of_us_gov_do_not_make_the_uncleared_ask_for_everything(words):
    """Else the length of what they are asked would tell them that something happens."""

    async def scenario(hub):
        await all_up_to_date(hub, person(UNCLEARED, 1), person(CLEARED, 2))
        words.asked.clear()
        hub.hear(changed(*(f"all:{number}" for number in range(100)), klass="us_gov"))
        hub.hear(changed("all:global"))
        await until(lambda: len(words.asked) == 2)
        assert (UNCLEARED, {"all:global"}) in [(audience, topics) for _, audience, topics in words.asked]

    with_hub(scenario)


def test_a_nudge_about_us_gov_does_not_reach_an_uncleared_person(words):
    async def scenario(hub):
        uncleared, cleared = person(UNCLEARED, 1), person(CLEARED, 2)
        await all_up_to_date(hub, uncleared, cleared)
        hub.hear(changed("person:1", "person:2", klass="us_gov"))
        await until(lambda: cleared._queue)
        assert messages(cleared) == [[["nudge", ""]]]
        assert uncleared.take() == b""

    with_hub(scenario)


def test_a_rendering_that_comes_out_as_before_is_not_sent(words):
    """A count that only others see, or a thing of others inside a list, must not even make an empty message."""

    async def scenario(hub):
        words.parts = [Swap("words", "same"), Order("list", {"now": ("a", "b")}, {"all": 2})]
        stream = person()
        await all_up_to_date(hub, stream)
        words.asked.clear()
        hub.hear(changed("word:a"))
        await until(lambda: words.asked)
        await asyncio.sleep(0.05)
        assert stream.take() == b""

    with_hub(scenario)


def test_what_turns_out_to_be_us_gov_leaves_the_uncleared_and_stays_with_the_cleared(words, monkeypatch):
    def render(source, key, audience, touched):
        return [Swap("words", source.words)] if audience.cleared or source.words != "secret" else [Remove("words")]

    monkeypatch.setattr(Words, "render", render)

    async def scenario(hub):
        uncleared, cleared = person(UNCLEARED, 1), person(CLEARED, 2)
        await all_up_to_date(hub, uncleared, cleared)
        words.words = "secret"
        hub.hear(changed("word:a"))
        await until(lambda: uncleared._queue and cleared._queue)
        assert messages(uncleared) == [[["remove", "words"]]]
        assert messages(cleared) == [[["swap", "words", "secret"]]]

    with_hub(scenario)


def test_whoever_is_asked_about_gets_nothing_of_what_is_rendered_meanwhile(secrets):
    async def scenario(hub):
        stream = person(CLEARED)
        await all_up_to_date(hub, stream)
        hub.hear(changed("access"))
        assert stream.held
        secrets.words = "second"
        hub.hear(changed("word:a"))
        await until(lambda: stream._queue)
        pumping = asyncio.create_task(stream.ready())
        await asyncio.sleep(0.05)
        assert not pumping.done()
        stream.end(b"again")
        await pumping
        assert stream.take() == b"again"

    with_hub(scenario)


def test_a_reader_that_lost_messages_gets_the_state_of_its_own_audience(secrets):
    async def scenario(hub):
        slow = Stream(Admission("key", 1, UNCLEARED, "tag"), ("words:a",), most_bytes=10)
        cleared = person(CLEARED, 2)
        await all_up_to_date(hub, slow, cleared)
        slow.lost = False
        hub.join(slow)
        await until(lambda: slow._queue)
        assert messages(slow) == [[["swap", "words", "nothing"]]]
        assert cleared.take() == b"", "and nobody else is told anything"

    with_hub(scenario)
