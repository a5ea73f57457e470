"""Reads a live stream as raw bytes, as they leave the server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from tests.scenarios.running import until
from tests.scenarios.visitor import Visitor


class Stream:
    """All bytes that came so far."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self.bytes = b""
        self.thread = threading.Thread(target=self._read)
        self.thread.start()

    def _read(self) -> None:
        while piece := self._connection.recv(65_536):
            self.bytes += piece

    def mark(self) -> int:
        """Where the bytes end now."""
        return len(self.bytes)

    def since(self, mark: int) -> bytes:
        """What came after a mark."""
        return self.bytes[mark:]


@contextmanager
def listening(visitor: Visitor, *channels: str) -> Iterator[Stream]:
    """The stream of that person on those channels, greeted."""
    place = urlsplit(visitor.address)
    asked = "&".join(f"on={channel}" for channel in channels)
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in visitor.http.cookies)
    with socket.create_connection((place.hostname, place.port), timeout=60) as connection:
        head = f"GET /live/?{asked} HTTP/1.1\r\nHost: {place.netloc}\r\nCookie: {cookies}\r\n\r\n"
        connection.sendall(head.encode())
        stream = Stream(connection)
        try:
            until(lambda: b'"hello"' in stream.bytes or b"hello" in stream.bytes, 10, "the stream's greeting")
            yield stream
        finally:
            connection.shutdown(socket.SHUT_RDWR)
            stream.thread.join(10)
