"""The connection under a stream: how much of it the reader did not take yet, and how to end it at once.

ASGI knows neither. Uvicorn's `send` belongs to an object that holds the transport; under another server a line has
nothing to look at, and a stream ends as that server ends it.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from contextlib import suppress
from typing import Any

DEAD_AFTER = 30
"""Seconds without a sign of the other machine, after which the system ends a connection with bytes under way."""

SEND_BUFFER = 131_072
"""Bytes that the system may keep for a reader that is slow; it would keep megabytes, beyond anybody's recall."""

NOTHING_LINGERS = struct.pack("ii", 1, 0)


class Line:
    """One connection. Without a transport it does nothing."""

    __slots__ = ("_transport", "was_cut")

    def __init__(self, send: Any = None) -> None:
        found = getattr(getattr(send, "__self__", None), "transport", None)
        self._transport: asyncio.Transport | None = found if isinstance(found, asyncio.Transport) else None
        self.was_cut = False

    def prepare(self) -> None:
        """Bounds what the system keeps of a stream, and for how long."""
        found = self._socket
        with suppress(OSError):  # who left meanwhile needs no bounds
            if found is not None and found.family in {socket.AF_INET, socket.AF_INET6}:
                found.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
                if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
                    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, DEAD_AFTER * 1000)

    @property
    def known(self) -> bool:
        """Whether there is a connection to look at."""
        return self._transport is not None

    @property
    def waiting(self) -> int:
        """Bytes that were written and did not leave this process."""
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    def cut(self) -> None:
        """Ends the connection. What the reader's machine did not take is thrown away, here and by the system."""
        self.was_cut = True
        if self._transport is None or self._transport.is_closing():
            return
        found = self._socket
        with suppress(OSError):
            if found is not None:
                found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NOTHING_LINGERS)
        self._transport.abort()

    @property
    def _socket(self) -> Any:
        return None if self._transport is None else self._transport.get_extra_info("socket")
