from __future__ import annotations

import asyncio

from ceoc.access.viewer import Audience
from ceoc.live.stream import MOST_FRAMES, Stream
from ceoc.live.who import Admission

SOMEBODY = Admission("key", 1, Audience("engineer", False), "tag")


def stream(**settings):
    return Stream(SOMEBODY, ("board",), **settings)


def test_all_that_waits_goes_out_in_one_write():
    one = stream()
    for frame in (b"a", b"b", b"c"):
        one.offer(frame)
    assert one.take() == b"abc"
    assert one.take() == b""


def test_too_many_bytes_are_lost_together_and_said_to_be():
    one = stream(most_bytes=10)
    one.offer(b"123456")
    one.offer(b"789012")
    assert one.lost
    assert one.take() == b""
    one.offer(b"later")
    assert one.take() == b"", "until it has the present state again, what changes is of no use"


def test_too_many_messages_are_lost_too():
    one = stream()
    for _ in range(MOST_FRAMES + 1):
        one.offer(b".")
    assert one.lost


def test_one_message_larger_than_the_queue_still_goes_out():
    one = stream(most_bytes=10)
    one.offer(b"x" * 100)
    assert not one.lost
    assert len(one.take()) == 100


def test_a_held_stream_says_nothing_until_it_is_released():
    async def run():
        one = stream()
        one.offer(b"a")
        one.hold()
        waiting = asyncio.create_task(one.ready())
        await asyncio.sleep(0.02)
        assert not waiting.done()
        one.release()
        await asyncio.wait_for(waiting, 1)

    asyncio.run(run())


def test_what_waits_is_dropped_when_a_held_stream_is_ended():
    one = stream()
    one.offer(b"secret")
    one.hold()
    one.end(b"last")
    one.offer(b"more")
    assert one.take() == b"last"


def test_an_end_in_the_middle_of_a_message_lets_nothing_more_out():
    async def run():
        one = stream()
        one.offer(b"secret")
        one.take()
        one.writing = True
        one.offer(b"more")
        one.hold()
        allowed = asyncio.create_task(one.allowed())
        await asyncio.sleep(0.02)
        assert not allowed.done(), "the rest of it waits, too"
        one.end(b"last")
        assert not await asyncio.wait_for(allowed, 1)
        assert one.take() == b"", "a reader would take what follows for the rest of the message"
        assert one.line.was_cut

    asyncio.run(run())


def test_what_the_reader_did_not_take_is_cut_off_with_its_line():
    class Slow:
        waiting = 1000
        was_cut = False

        def cut(self):
            self.was_cut = True

    one = Stream(SOMEBODY, ("board",), Slow())
    one.end(b"last")
    assert one.line.was_cut
    assert one.take() == b""
