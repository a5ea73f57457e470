"""A crowd of readers on raw sockets in one event loop: what a thousand browsers are told, and what they would show.

    crowd = Crowd(address, "board")
    await crowd.open(session_keys)
    await until(lambda: all(reader.shows(expected) for reader in crowd.readers))

No HTTP library, so that two cores are left to the server. What is the same for many is decoded once.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import msgspec

AT_ONCE = 100
"""Connections that are being opened at a time, where nothing else is said."""


class Reader(asyncio.Protocol):
    """One browser's end of a stream."""

    def __init__(self, request: bytes) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.page: dict[str, str] = {}
        """What the page would show: html by the element's id."""
        self.orders: dict[str, Any] = {}
        self.told: Counter[str] = Counter()
        """How often each kind of message came (`hello`, `beat`, `again`, `state`; `parts` for those without a name)."""
        self.taken = 0
        """Bytes read."""
        self.heard_at = 0.0
        """When the last message with parts came."""
        self.ended = False
        self.arrived: Callable[[str], None] | None = None
        """Called with the html of each fragment that comes."""
        self.transport: Any = None
        self._request = request
        self._raw, self._text, self._left = b"", b"", 0

    # --- asyncio's half ---------------------------------------------------------------------------------------------
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Asks at once."""
        self.transport = transport
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Reads on."""
        self.taken += len(data)
        self._raw += data
        if self.status or self._head():
            self._dechunk()
            self._messages()

    def connection_lost(self, exc: Exception | None) -> None:
        """The other side ended, or we did."""
        del exc
        self.ended = True

    # --- what was read ----------------------------------------------------------------------------------------------
    def _head(self) -> bool:
        head, found, rest = self._raw.partition(b"\r\n\r\n")
        if found:
            first, *lines = head.decode("latin-1").split("\r\n")
            self.status, self._raw = int(first.split()[1]), rest
            self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return bool(found)

    def _dechunk(self) -> None:
        """Takes chunks apart; what is not whole waits."""
        while self._raw:
            if not self._left:
                size, found, rest = self._raw.partition(b"\r\n")
                if not found:
                    return
                self._raw, self._left = rest, int(size, 16) + 2
            piece = self._raw[: self._left]
            self._raw, self._left = self._raw[len(piece) :], self._left - len(piece)
            self._text += piece if self._left > 1 else piece[: len(piece) - 2 + self._left]

    def _messages(self) -> None:
        *whole, self._text = self._text.split(b"\n\n")
        for message in whole:
            event, data = decoded(message)
            self.told[event] += 1
            if event == "parts":
                self.heard_at = time.monotonic()
                self._apply(data.get("parts", ()))

    def _apply(self, parts: Iterable[list[Any]]) -> None:
        for part in parts:
            match part:
                case ["swap", target, html] | ["insert", _, target, html, _]:
                    self.page[target] = html
                    if self.arrived is not None:
                        self.arrived(html)
                case ["remove", target]:
                    self.page.pop(target, None)
                case ["order", container, sections, counts]:
                    self.orders[container] = sections, counts


@lru_cache(4096)
def decoded(message: bytes) -> tuple[str, Any]:
    """The name of a message (`parts` where it has none) and what it says."""
    lines = dict(line.split(b": ", 1) for line in message.split(b"\n"))
    return lines.get(b"event", b"parts").decode(), msgspec.json.decode(lines[b"data"])


class Crowd:
    """Readers of the same channels at one address."""

    def __init__(self, address: str, *channels: str) -> None:
        self.readers: list[Reader] = []
        self._place = urlsplit(address)
        self._path = "/live/?" + "&".join(f"on={channel}" for channel in channels)

    async def open(self, sessions: Iterable[str], *, at_once: int = AT_ONCE) -> list[Reader]:
        """A reader for each session; answers when each was answered or cut off."""
        gate = asyncio.Semaphore(at_once)
        return list(await asyncio.gather(*(self._one(session, gate) for session in sessions)))

    async def _one(self, session: str, gate: asyncio.Semaphore) -> Reader:
        async with gate:
            reader = await self.connect(session)
            await until(lambda: reader.status or reader.ended, 60)
            return reader

    async def connect(self, session: str) -> Reader:
        """A reader that has asked and was not answered yet."""
        lines = [f"GET {self._path} HTTP/1.1", f"Host: {self._place.netloc}", f"Cookie: sessionid={session}", "", ""]
        reader = Reader("\r\n".join(lines).encode())
        await asyncio.get_running_loop().create_connection(lambda: reader, self._place.hostname, self._place.port)
        self.readers.append(reader)
        return reader

    @property
    def open_ones(self) -> list[Reader]:
        """Those whose stream stands."""
        return [reader for reader in self.readers if reader.status == 200 and not reader.ended]

    def close(self) -> None:
        """Cuts all of them off."""
        for reader in self.readers:
            if reader.transport is not None:
                reader.transport.abort()


async def until(true: Callable[[], object], seconds: float = 30.0, every: float = 0.02) -> None:
    """Waits until `true()`; raises TimeoutError when it does not come about."""
    async with asyncio.timeout(seconds):
        while not true():
            await asyncio.sleep(every)
