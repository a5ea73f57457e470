"""Sends requests over connections that stay open, as fast as they are answered, and keeps how long each took."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit


class Load(NamedTuple):
    """What came of it: seconds that each answer took, how long it went on, and how many were not 200."""

    taken: list[float]
    seconds: float
    wrong: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.taken) / self.seconds


async def send(address: str, requests: Iterator[bytes], connections: int, seconds: float) -> Load:
    """That many connections at once for so long; raises RuntimeError when `requests` runs dry."""
    taken: list[float] = []
    wrong = [0]
    began = time.perf_counter()
    until = began + seconds
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(_one(address, requests, until, taken, wrong))
    return Load(taken, time.perf_counter() - began, wrong[0])


async def _one(address: str, requests: Iterator[bytes], until: float, taken: list[float], wrong: list[int]) -> None:
    place = urlsplit(address)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        while time.perf_counter() < until:
            request = next(requests, None)
            if request is None:
                raise RuntimeError("The requests of the bench ran out; make more.")
            began = time.perf_counter()
            writer.write(request)
            wrong[0] += await answer(reader) != 200
            taken.append(time.perf_counter() - began)
    finally:
        writer.close()


async def answer(reader: asyncio.StreamReader) -> int:
    """The status of one answer, which is read to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
    if "content-length" in headers:
        await reader.readexactly(int(headers["content-length"]))
    elif headers.get("transfer-encoding") == "chunked":
        while await _chunk(reader):
            pass
    return int(head.split(" ", 2)[1])


async def _chunk(reader: asyncio.StreamReader) -> int:
    size = int((await reader.readline()).strip() or b"0", 16)
    await reader.readexactly(size + 2)
    return size


def posts(
    address: str, path: str, bodies: Iterator[bytes], headers: Callable[[bytes], dict[str, str]]
) -> Iterator[bytes]:
    """Whole requests, made beforehand so that making them is not measured."""
    host = urlsplit(address).netloc
    for body in bodies:
        lines = {"Host": host, "Content-Type": "application/json", "Content-Length": str(len(body)), **headers(body)}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        yield f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


def get(address: str, path: str) -> bytes:
    """A request for a page."""
    return f"GET {path} HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\n\r\n".encode()
