"""One open stream: who it is for, what it listens to, and a bounded queue of bytes on their way out."""

from __future__ import annotations

import asyncio

from ceoc.live.line import Line
from ceoc.live.who import Admission

MOST_BYTES = 2_000_000
MOST_FRAMES = 500
"""What may wait for a slow reader. Beyond it the queue is emptied, and the present state follows once it reads on."""


class Stream:
    """Written by the hub, drained by the endpoint; both live in one event loop, so that nothing needs a lock."""

    __slots__ = (
        "_bytes", "_most_bytes", "_queue", "_waiter", "admission", "channels", "ended", "held", "line", "lost",
        "writing",
    )  # fmt: skip

    def __init__(
        self, admission: Admission, channels: tuple[str, ...], line: Line | None = None, *, most_bytes: int = MOST_BYTES
    ) -> None:
        self.admission = admission
        self.channels = channels
        self.line = line or Line()
        self.lost = False
        """The queue overflowed: the reader is owed the present state."""
        self.held = False
        """It is being asked anew who may look: nothing goes out until that is known."""
        self.ended = False
        self.writing = False
        """Some of what was taken is not written yet."""
        self._queue: list[bytes] = []
        self._bytes = 0
        self._most_bytes = most_bytes
        self._waiter: asyncio.Future[None] | None = None

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
        """What waits is dropped, `last` is the last that goes out.

        Where something is under way that the reader did not take yet, that is dropped too: the line is cut.
        """
        if self.ended:
            return
        self.drop()
        if self.writing or self.line.waiting:
            self.line.cut()
        elif last:
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
            await self._change()

    async def allowed(self) -> bool:
        """Waits while it is held; whether the rest of what was taken may still go out."""
        while self.held:
            await self._change()
        return not self.ended

    def take(self) -> bytes:
        """All that waits, to be sent in one go."""
        taken = b"".join(self._queue)
        self.drop()
        return taken

    async def _change(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
