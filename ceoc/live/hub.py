"""The middle of a web process's live half: announcements come in, pictures are told, streams come and go.

Everything runs in one event loop; only rendering and asking who may look happen in threads.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import suppress
from typing import Any

import structlog

from ceoc import clock
from ceoc.access.classes import may_see
from ceoc.access.viewer import Audience
from ceoc.live import heard as ears
from ceoc.live import sources, wire
from ceoc.live.announce import Announcement
from ceoc.live.door import Door
from ceoc.live.listener import Listener
from ceoc.live.parts import Nudge
from ceoc.live.picture import Picture
from ceoc.live.stream import Stream
from ceoc.live.threads import Threads
from ceoc.ops.edge import Edge

log = structlog.get_logger(__name__)

GATHER = 0.05
"""Seconds in which announcements are gathered."""

BEAT = 5.0
"""Seconds between two heartbeats; a page that hears nothing for 12 seconds says so."""

ACCESS, RESET, CLOCK, PERSON = "access", "reset", "clock", "person:"
"""Topics beyond channels: who may look, the whole demo starts over, its clock was set, one person."""

AGAIN = wire.frame("again")
"""Tells a page to connect anew."""


class Hub:
    """One for each web process, made and started inside its event loop."""

    def __init__(self, listen_url: str, *, beat: float = BEAT, gather: float = GATHER) -> None:
        self.streams: set[Stream] = set()
        self.pictures: dict[tuple[str, Audience], Picture] = {}
        self.listener = Listener(listen_url, self.hear, self.miss)
        self.door = Door()
        self._render = Threads("live-render", 2, keep=True)
        self._heard: defaultdict[str, set[str]] = defaultdict(set)
        self._beat_every, self._gather = beat, gather
        self._due = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.closing = False
        self.epoch = 0
        """Counts how often it changed who may look: an answer to an older question counts for nothing."""

    def start(self) -> None:
        """Begins to listen and to beat."""
        self.loop = asyncio.get_running_loop()
        self._spawn(self.listener.run())
        self._spawn(self._beats())

    def end_streams(self) -> None:
        """Tells every stream to connect anew, at another process or at this one's successor, and takes no more."""
        self.closing = True
        for stream in list(self.streams):
            stream.end(AGAIN)

    async def stop(self) -> None:
        """Ends streams, tasks, threads and their connections."""
        self.end_streams()
        for picture in self.pictures.values():
            picture.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for threads in (self._render, self.door):
            await asyncio.to_thread(threads.close)

    # --- streams --------------------------------------------------------------------------------------------------
    def open(self, stream: Stream, epoch: int) -> None:
        """Takes a stream whose admission was asked for in that epoch."""
        self.streams.add(stream)
        self.door.enter(stream.admission)
        if epoch != self.epoch:
            stream.hold()
            self._due.set()
        self.join(stream)

    def join(self, stream: Stream) -> None:
        """The stream gets the present state of its channels (again, when it was lost), and then what changes."""
        for channel in stream.channels:
            picture = self._picture(channel, stream.admission.audience)
            if picture is not None:
                picture.join(stream)

    def leave(self, stream: Stream) -> None:
        """The stream is gone; so is each picture that nobody else looks at."""
        self.streams.discard(stream)
        self.door.leave(stream.admission)
        for channel in stream.channels:
            found = channel, stream.admission.audience
            picture = self.pictures.get(found)
            if picture is not None:
                picture.leave(stream)
                if not picture.listened:
                    picture.close()
                    del self.pictures[found]

    def _picture(self, channel: str, audience: Audience) -> Picture | None:
        found = sources.find(channel)
        if found is not None and (channel, audience) not in self.pictures:
            self.pictures[channel, audience] = Picture(channel, *found, audience, self._render)
        return self.pictures.get((channel, audience))

    # --- announcements --------------------------------------------------------------------------------------------
    def hear(self, announcement: Announcement) -> None:
        """Keeps an announcement for a moment, so that what changes together is rendered together."""
        if not any(self._heard.values()):
            asyncio.get_running_loop().call_later(self._gather, self._pass_on)
        if ACCESS in announcement.topics:
            self.epoch += 1
            for stream in self.streams:
                stream.hold()  # at once: nothing more goes to those who may have lost their clearance
        self._heard[announcement.klass].update(announcement.topics)

    def miss(self) -> None:
        """Announcements may have been missed: everything is asked anew."""
        self.hear(Announcement("global", [ACCESS, RESET]))

    def _pass_on(self) -> None:
        """Tells the pictures and streams of those who may see the class; the others never learn of anything."""
        heard = {klass: topics for klass, topics in self._heard.items() if topics}
        self._heard.clear()
        everything = {topic for topics in heard.values() for topic in topics}
        anew = bool(everything & {RESET, CLOCK})
        if anew:
            clock.was_set()
        seen = {audience: _seen(heard, audience) for audience in self._audiences}
        ears.pass_on(everything, everything=anew)
        for picture in self.pictures.values():
            if anew:
                picture.touch_all()
            else:
                picture.touch(seen[picture.audience])
        nudge = wire.parts_frame("", [wire.encode(Nudge())], pages=len(self.streams) if anew else 1)
        for stream in self.streams:
            if anew or f"{PERSON}{stream.admission.person_id}" in seen[stream.admission.audience]:
                stream.offer(nudge)
        if everything & {ACCESS, RESET, CLOCK}:
            self._due.set()

    @property
    def _audiences(self) -> set[Audience]:
        return {stream.admission.audience for stream in self.streams}

    # --- the heartbeat --------------------------------------------------------------------------------------------
    async def _beats(self) -> None:
        """One question at a time: at every beat, and at once when it changed who may look."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._beat_every):
                    await self._due.wait()
            self._due.clear()
            with Edge(log, "live.beat_failed"):  # whoever is held stays so
                await self._check()

    async def _check(self) -> None:
        """Asks of all streams at once who still may look, replaces those who may not, and beats for the others."""
        streams, epoch = list(self.streams), self.epoch
        admitted, told = await self.door.ask({stream.admission for stream in streams})
        if epoch != self.epoch:
            return  # it changed meanwhile, and is asked again at once
        beat = wire.frame("beat", **told, heard=self.listener.up and admitted is not None)
        for stream in streams:
            if admitted is None:
                stream.offer(beat)  # says that the page is stale; whoever is held stays so until it is known
            elif stream.admission in admitted:
                stream.offer(beat)
                stream.release()
            else:
                stream.end(AGAIN)

    def _spawn(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _seen(heard: dict[str, set[str]], audience: Audience) -> set[str]:
    """The topics that an audience may hear of."""
    return {topic for klass, topics in heard.items() if may_see(klass, audience) for topic in topics}
