"""What one audience sees of one channel: rendered once for all its listeners, and only what changed goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from hashlib import blake2b

import structlog

from ceoc.access.viewer import Audience
from ceoc.live import wire
from ceoc.live.parts import Event, Part, Remove, is_order, slot
from ceoc.live.sources import Source
from ceoc.live.stream import Stream
from ceoc.live.threads import Threads
from ceoc.ops.edge import Edge

log = structlog.get_logger(__name__)

WHOLE_EVERY = 1.0
"""Seconds between two renderings of a whole channel for one audience, at least."""

REST = 5
"""A picture rests this many times as long as its rendering took, `WHOLE_EVERY` at most: what is dear comes seldom."""

REST_OF_ONE = 0.001
"""Seconds that it rests for each page that hears it: writing to a thousand costs more than rendering."""

AGAIN_AFTER = 3.0
"""Seconds after which a rendering that failed is tried again."""

GONE = Event("gone")
"""Said for a channel that has nothing to show to that audience, or not any more."""

RENDERS_WITHIN = 15.0
"""Seconds that a rendering may take; then the pages are told that what they show may be old, and it is tried again."""

MOST_TOUCHED = 40
"""With more topics than this, everything is rendered instead."""


class Picture:
    """Renders in a thread, one rendering at a time, so that every listener gets the states in their order."""

    def __init__(self, channel: str, source: Source, key: str, audience: Audience, threads: Threads) -> None:
        self.channel = channel
        self.audience = audience
        self.topics = source.topics(key)
        self.members: set[Stream] = set()
        """Streams that have the present state."""
        self.joiners: set[Stream] = set()
        """Streams that wait for it."""
        self.failing = False
        self.rendered = 0
        self._source, self._key, self._threads = source, key, threads
        self._prefixes = tuple(topic[:-1] for topic in self.topics if topic.endswith("*"))
        self._touched: set[str] = set()
        self._whole = False
        self._whole_at = -WHOLE_EVERY
        self._rests_until = 0.0
        self._fresh = b""
        """The whole as it was rendered last, as long as nothing was announced since."""
        self._sent: dict[str, bytes] = {}
        self._wake = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name=f"picture {channel}")

    def touch(self, topics: set[str]) -> None:
        """Some topics changed; those that do not concern this channel are left out."""
        touched = {topic for topic in topics if topic in self.topics or topic.startswith(self._prefixes or ("\0",))}
        if touched:
            self._touched |= touched
            self._fresh = b""
            self._wake.set()

    def touch_all(self) -> None:
        """Anything may have changed."""
        self._whole, self._fresh = True, b""
        self._wake.set()

    def join(self, stream: Stream) -> None:
        """The stream gets the present state, and then what changes."""
        self.members.discard(stream)
        self.joiners.add(stream)
        self._wake.set()

    def leave(self, stream: Stream) -> None:
        """The stream gets no more."""
        self.members.discard(stream)
        self.joiners.discard(stream)

    @property
    def listened(self) -> bool:
        """Whether anybody listens."""
        return bool(self.members or self.joiners)

    def close(self) -> None:
        """Ends its task."""
        self._task.cancel()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            with Edge(log, "live.render_failed", channel=self.channel) as edge:  # a source of any app runs here
                await self._render()
            if edge.failed:
                self._fail()
                await asyncio.sleep(AGAIN_AFTER)

    async def _parts(self, touched: frozenset[str] | None) -> Sequence[Part]:
        """Asks the source, not before the picture has rested."""
        loop = asyncio.get_running_loop()
        await asyncio.sleep(self._rests_until - loop.time())
        begin = loop.time()
        try:
            async with asyncio.timeout(RENDERS_WITHIN):
                return await self._threads.run(self._source.render, self._key, self.audience, touched)
        finally:
            rest = max(REST * (loop.time() - begin), REST_OF_ONE * len(self.members))
            self._rests_until = loop.time() + min(rest, WHOLE_EVERY)

    async def _render(self) -> None:
        if self._fresh and asyncio.get_running_loop().time() < self._whole_at + WHOLE_EVERY:
            self._welcome(self._fresh)
        elif self._whole or self.joiners or len(self._touched) > MOST_TOUCHED:
            await self._render_whole()
        elif self._touched:
            touched, self._touched = frozenset(self._touched), set()
            parts = await self._parts(touched)
            self._tell(self._changed(parts, whole=False), happened=True)
            if not parts:
                self.touch_all()  # what was touched may be gone: ask for everything, to be sure of it

    async def _render_whole(self) -> None:
        await asyncio.sleep(self._whole_at + WHOLE_EVERY - asyncio.get_running_loop().time())
        self._whole_at = asyncio.get_running_loop().time()
        announced = self._whole or bool(self._touched)
        self._whole, self._touched = False, set()
        parts = await self._parts(None) or [GONE]
        self._tell(self._changed(parts, whole=True), happened=announced)
        if self.failing:
            self.failing = False
            self._send(wire.frame("state", on=self.channel, stale=False), self.members | self.joiners)
        whole = wire.parts_frame(self.channel, map(wire.encode, parts), len(self.joiners))
        self._fresh = b"" if self._whole or self._touched else whole
        self._welcome(whole)

    def _welcome(self, whole: bytes) -> None:
        """Gives the present state to those who wait for it."""
        self._send(whole, self.joiners)
        self.members |= self.joiners
        self.joiners.clear()

    def _changed(self, parts: Sequence[Part], *, whole: bool) -> list[tuple[Part, bytes]]:
        """The parts that differ from what was sent last, with what is not there any more as removed."""
        changed: list[tuple[Part, bytes]] = []
        present: set[str] = set()
        for part in parts:
            encoded, place = wire.encode(part), slot(part)
            if place is not None:
                present.add(place)
                digest = blake2b(encoded, digest_size=16).digest()
                if self._sent.get(place) == digest:
                    continue
                self._sent[place] = digest
            changed.append((part, encoded))
        if whole:
            for place in [place for place in self._sent if place not in present]:
                del self._sent[place]
                if not is_order(place):
                    changed.append((removed := Remove(place), wire.encode(removed)))
        return changed

    def _tell(self, changed: list[tuple[Part, bytes]], *, happened: bool) -> None:
        """Sends what changed to those who have the rest; what just happens once only when something was announced."""
        self.rendered += 1
        told = [encoded for part, encoded in changed if happened or slot(part) is not None]
        if told:
            self._send(wire.parts_frame(self.channel, told, len(self.members)), self.members)

    def _fail(self) -> None:
        """It is not known what is so: the pages say it, and everything is rendered when that is possible again."""
        self.failing = True
        self._send(wire.frame("state", on=self.channel, stale=True), self.members | self.joiners)
        self.touch_all()

    @staticmethod
    def _send(frame: bytes, streams: set[Stream]) -> None:
        for stream in streams:
            stream.offer(frame)
