"""One open stream: who it is for, what it listens to, and a bounded queue of bytes on their way out."""

from __future__ import annotations

import asyncio
from collections import deque

from ceoc.live.who import Admission

MOST_BYTES = 2_000_000
MOST_FRAMES = 500
"""What may wait for a slow reader. Beyond it the queue is emptied, and the present state follows once it reads on."""


class Stream:
    """Written by the hub, drained by the endpoint; both live in one event loop, so that nothing needs a lock."""

    def __init__(self, admission: Admission, channels: tuple[str, ...], *, most_bytes: int = MOST_BYTES) -> None:
        self.admission = admission
        self.channels = channels
        self.lost = False
        """The queue overflowed: the reader is owed the present state."""
        self.held = False
        """It is being asked anew who may look: nothing goes out until that is known."""
        self.ended = False
        self._queue: deque[bytes] = deque()
        self._bytes = 0
        self._most_bytes = most_bytes
        self._ready = asyncio.Event()

    def offer(self, frame: bytes) -> None:
        """Puts a message behind the others, or loses them all."""
        if self.lost or self.ended:
            return
        if self._queue and (self._bytes + len(frame) > self._most_bytes or len(self._queue) >= MOST_FRAMES):
            self.drop()
            self.lost = True
        else:
            self._queue.append(frame)
            self._bytes += len(frame)
        self._wake()

    def drop(self) -> None:
        """Empties the queue."""
        self._queue.clear()
        self._bytes = 0

    def end(self, last: bytes = b"") -> None:
        """What waits is dropped, `last` is the last that goes out."""
        if self.ended:
            return
        self.drop()
        if last:
            self._queue.append(last)
        self.ended, self.held, self.lost = True, False, False
        self._wake()

    def hold(self) -> None:
        """Lets nothing out until `release`."""
        self.held = not self.ended

    def release(self) -> None:
        """Goes on after `hold`."""
        self.held = False
        self._wake()

    async def ready(self) -> None:
        """Waits until there is something to send, to mend or to end."""
        while self.held or not (self._queue or self.lost or self.ended):
            self._ready.clear()
            await self._ready.wait()

    def take(self) -> bytes:
        """All that waits, to be sent in one write."""
        taken = b"".join(self._queue)
        self.drop()
        return taken

    def _wake(self) -> None:
        self._ready.set()
