"""From a webhook to every open page, with 1, 100 and 1,000 streams, against a raw fan-out of the same bytes.

What is measured is the whole way: the webhook is accepted and stored, a worker reads and records it, the board is
rendered for each audience, and each browser's end has it. The raw server only writes; it runs beside, one after the
other. Memory and idle CPU are those of the one server process.
"""

from __future__ import annotations

import asyncio
import re
import sys
import time
from collections.abc import Iterator
from functools import lru_cache, partial
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psutil

from ceoc.demo import resets
from ceoc.live.hub import BEAT
from tests.bench import webhooks
from tests.bench.fanout import Raw, raw
from tests.bench.figures import Figures, beside, percentile
from tests.bench.load import answer, posts
from tests.bench.serving import beside_us, served, silence
from tests.bench.site import RENDERS
from tests.live.crowd import Crowd, until
from tests.live.site import sign_in_many

SIZES, BURST, SINGLES, IDLE = (1, 100, 1000), 40, 10, 20.0
QUICK_SIZES, QUICK_BURST, QUICK_SINGLES, QUICK_IDLE = (3,), 2, 1, 1.0
WARM_UP = 12
"""Streams that are open before memory is looked at, so that what the first ones make is not counted."""

PATIENCE = 120
AUDIENCES = 5
BEAT_BYTES = 100
WORKER = [
    sys.executable, "-W", "ignore", "-m", "celery", "--quiet", "-A", "ceoc", "worker", "--pool", "threads", "-Q", "now",
    "--concurrency", "4", "--loglevel", "error", "--without-gossip", "--without-mingle",
]  # fmt: skip
NUMBER = re.compile(r"Emergency (\d+): every push fails")


@lru_cache(8192)
def numbers(html: str) -> frozenset[int]:
    """The emergencies that a fragment shows."""
    return frozenset(int(found) for found in NUMBER.findall(html))


class Sight:
    """When each emergency was sent, and how long it took until each page showed it."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.sent: dict[int, float] = {}
        self.seen: dict[tuple[int, int], float] = {}
        for place, reader in enumerate(crowd.readers):
            reader.arrived = partial(self._arrived, place)

    def _arrived(self, place: int, html: str) -> None:
        for number in numbers(html):
            if number in self.sent:
                self.seen.setdefault((place, number), time.perf_counter() - self.sent[number])

    async def of(self, bodies: list[bytes], address: str, at_once: int) -> list[float]:
        """Sends webhooks over so many connections; the seconds until each page showed each, when all do."""
        self.sent.clear()
        self.seen.clear()
        todo = iter(
            zip(bodies, posts(address, webhooks.PAGERDUTY, iter(bodies), webhooks.pagerduty_headers), strict=True)
        )
        await asyncio.gather(*(self._send(address, todo) for _ in range(at_once)))
        await until(lambda: len(self.seen) >= len(bodies) * len(self.crowd.readers), PATIENCE, every=0.01)
        return list(self.seen.values())

    async def _send(self, address: str, todo: Iterator[tuple[bytes, bytes]]) -> None:
        place = urlsplit(address)
        reader, writer = await asyncio.open_connection(place.hostname, place.port)
        for body, request in todo:
            [number] = numbers(body.decode())
            self.sent[number] = time.perf_counter()
            writer.write(request)
            await answer(reader)
        writer.close()


def run(*, quick: bool) -> Iterator[Figures]:
    """Each size on a server of its own, with an empty board."""
    for size in QUICK_SIZES if quick else SIZES:
        resets.empty()
        yield from _measured(size, quick=quick)
    resets.empty()


def _measured(size: int, *, quick: bool) -> list[Figures]:
    sessions: list[str] = sign_in_many(WARM_UP + size)
    with (
        silence() as vendor,
        served(PAGERDUTY_API_URL=vendor) as (address, pid),
        beside_us(WORKER, PAGERDUTY_API_URL=vendor),
        raw() as (port, raw_pid),
    ):
        measure = Measure(address, psutil.Process(pid), Raw(port), psutil.Process(raw_pid))
        return asyncio.run(measure.all(sessions, quick=quick))


class Measure:
    """One size, on both servers."""

    def __init__(self, address: str, process: psutil.Process, plain: Raw, plain_process: psutil.Process) -> None:
        self._address, self._process, self._plain, self._plain_process = address, process, plain, plain_process

    async def all(self, sessions: list[str], *, quick: bool) -> list[Figures]:
        """Connects, rests, sends one by one, then a burst; and the same with the raw server."""
        size = len(sessions) - WARM_UP
        warm = await self._connect(sessions[:WARM_UP])
        await Sight(warm).of(list(webhooks.bodies(1)), self._address, 1)  # the worker is there
        before, plain_before = _memory(self._process), _memory(self._plain_process)
        crowd = await self._connect(sessions[WARM_UP:])
        await self._plain.connect(size)
        memory = (_memory(self._process) - before) / size, (_memory(self._plain_process) - plain_before) / size
        figures = [await self._idle(size, QUICK_IDLE if quick else IDLE)] if size == max(SIZES) or quick else []
        figures += await self._latency(crowd, QUICK_SINGLES if quick else SINGLES, QUICK_BURST if quick else BURST)
        if size > 1:  # of one stream it would be a matter of chance
            burst = (_memory(self._process) - before) / size, (_memory(self._plain_process) - plain_before) / size
            figures += [_kilobytes(size, "at rest", *memory), _kilobytes(size, "after the burst", *burst)]
        for each in (crowd, warm, self._plain):
            each.close()
        return figures

    async def _connect(self, sessions: list[str]) -> Crowd:
        crowd = Crowd(self._address, "board")
        await crowd.open(sessions)
        await until(lambda: all("queue" in reader.orders for reader in crowd.readers), PATIENCE)
        return crowd

    async def _idle(self, size: int, seconds: float) -> Figures:
        """CPU while nothing happens but heartbeats; the raw server sends as many bytes as often."""
        before, plain_before, began = _cpu(self._process), _cpu(self._plain_process), time.monotonic()
        while time.monotonic() < began + seconds:
            await asyncio.gather(asyncio.sleep(min(seconds, BEAT)), self._plain.tell(BEAT_BYTES))
        minutes = (time.monotonic() - began) / 60
        used, plainly = _cpu(self._process) - before, _cpu(self._plain_process) - plain_before
        return beside(
            f"CPU of {size} idle streams",
            "s a minute",
            used / minutes,
            plainly / minutes,
            "a raw fan-out",
            streams=size,
        )

    async def _latency(self, crowd: Crowd, singles: int, burst: int) -> list[Figures]:
        sight, size, told = Sight(crowd), len(crowd.readers), sum(reader.taken for reader in crowd.readers)
        rested: list[float] = []
        for body in webhooks.bodies(singles):
            rested += await sight.of([body], self._address, 1)
            await asyncio.sleep(0.3)
        rendered = self._renders()
        bursting = await sight.of(list(webhooks.bodies(burst)), self._address, 4)
        rendered = self._renders() - rendered
        each = (sum(reader.taken for reader in crowd.readers) - told) // (size * (singles + burst))
        plainly = [took for _ in range(singles) for took in await self._plain.tell(each)]
        return [
            _milliseconds(f"webhook to {size} streams, one by one", rested, plainly, streams=size, bytes=each),
            _milliseconds(
                f"webhook to {size} streams, {burst} at once", bursting, await self._plain.tell(each, burst),
                streams=size, bytes=each,
            ),
            beside(
                f"renders in a burst of {burst} with {size} streams", "renders", rendered, burst * AUDIENCES,
                "one for each webhook and audience", streams=size,
            ),
        ]  # fmt: skip

    def _renders(self) -> int:
        http = HTTPConnection(urlsplit(self._address).netloc, timeout=30)
        http.request("GET", RENDERS)
        found = int(http.getresponse().read())
        http.close()
        return found


def _milliseconds(what: str, took: list[float], plainly: list[float], **more: object) -> Figures:
    p50, p99 = (round(percentile(took, percent) * 1000, 1) for percent in (50, 99))
    plain_p50, plain_p99 = (percentile(plainly, percent) * 1000 for percent in (50, 99))
    more |= {"p50": p50, "reference_p50": round(plain_p50, 2)}
    return beside(f"{what}, p99", "ms", p99, plain_p99, "a raw fan-out of the same bytes", **more)


def _kilobytes(size: int, when: str, ours: float, plain: float) -> Figures:
    return beside(
        f"memory of each of {size} streams, {when}", "kB", ours / 1000, plain / 1000, "a raw fan-out", streams=size
    )


def _memory(process: psutil.Process) -> int:
    return int(process.memory_info().rss)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
