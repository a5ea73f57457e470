"""The least that a server of many streams must do: hand the same bytes to every socket. The reference of live pages.

    python -m tests.bench.fanout PORT

Who sends `listen` is answered by an empty line and listens; each line with a number sends so many bytes, the last of
them a line's end, to all who do.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from ceoc.runner import ports
from tests.bench.serving import beside_us
from tests.live.crowd import until

LISTEN = b"listen\n"


@contextmanager
def raw() -> Iterator[tuple[int, int]]:
    """The server in a process of its own: its port and the id of the process."""
    port = ports.free()
    with beside_us([sys.executable, "-m", "tests.bench.fanout", str(port)]) as process:
        yield port, process.pid


class Ear(asyncio.Protocol):
    """One who listens, and notes when each message was whole."""

    def __init__(self) -> None:
        self.ends: list[float] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Says that it listens."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(LISTEN)

    def data_received(self, data: bytes) -> None:
        """Notes each end that it sees."""
        now = time.perf_counter()
        self.ends += [now] * data.count(b"\n")


class Raw:
    """The client's half: so many ears, and one who tells the server to send."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ears: list[Ear] = []

    async def connect(self, listeners: int) -> None:
        """Opens the sockets, once the server answers; all of them are known to it then."""
        loop = asyncio.get_running_loop()
        self._teller = await self._reach()
        for _ in range(listeners):
            _, ear = await loop.create_connection(Ear, ports.HOST, self._port)
            self._ears.append(ear)
        await until(lambda: all(ear.ends for ear in self._ears))

    async def _reach(self) -> asyncio.WriteTransport:
        async with asyncio.timeout(30):
            while True:
                try:
                    transport, _ = await asyncio.get_running_loop().create_connection(
                        asyncio.Protocol, ports.HOST, self._port
                    )
                except OSError:
                    await asyncio.sleep(0.1)
                else:
                    return transport

    async def tell(self, size: int, times: int = 1) -> list[float]:
        """Seconds from the word until each ear had each of the messages."""
        for ear in self._ears:
            ear.ends.clear()
        began = time.perf_counter()
        self._teller.write(b"%d\n" % max(size, 1) * times)
        await until(lambda: all(len(ear.ends) >= times for ear in self._ears), 60, every=0.005)
        return [end - began for ear in self._ears for end in ear.ends]

    def close(self) -> None:
        """Leaves."""
        for ear in self._ears:
            ear.transport.abort()
        self._teller.close()


async def _serve(port: int) -> None:
    listening: set[asyncio.StreamWriter] = set()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            if line == LISTEN:
                listening.add(writer)
                writer.write(b"\n")
            else:
                message = b"x" * (int(line) - 1) + b"\n"
                for each in listening:
                    each.write(message)
        listening.discard(writer)
        writer.close()

    server = await asyncio.start_server(meet, ports.HOST, port, backlog=2048)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
