"""How long a webhook waits to be accepted while twenty pages hang on a vendor that does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

from tests.bench import webhooks
from tests.bench.figures import Figures, beside, percentile
from tests.bench.load import Load, answer, get, posts, send
from tests.bench.serving import serving, silence
from tests.bench.site import SLOW

HANGING = 20
CONNECTIONS = 4
SETTLES = 0.5
"""Seconds until all of them hang."""


def run(*, quick: bool) -> Iterator[Figures]:
    """The same load on a server that does nothing else, and then with the crowd."""
    seconds = 0.5 if quick else 4.0  # less than the time after which the door gives the vendor up
    with silence() as vendor, serving(PAGERDUTY_API_URL=vendor) as address:
        asyncio.run(_accept(address, 0.5))
        alone = asyncio.run(_accept(address, seconds))
        crowded, hung = asyncio.run(_crowded(address, seconds))
    yield beside(
        "webhook accepted while 20 pages hang, p99", "ms", _ms(crowded, 99), _ms(alone, 99), "without the pages",
        p50=_ms(crowded, 50), reference_p50=_ms(alone, 50), hanging=hung, wrong=crowded.wrong + alone.wrong,
        connections=CONNECTIONS,
    )  # fmt: skip


async def _accept(address: str, seconds: float) -> Load:
    made = list(posts(address, webhooks.PAGERDUTY, webhooks.bodies(int(4000 * seconds)), webhooks.pagerduty_headers))
    return await send(address, iter(made), CONNECTIONS, seconds)


async def _crowded(address: str, seconds: float) -> tuple[Load, int]:
    """The load amid the crowd, and how many of the crowd still had no answer when it ended."""
    crowd = [asyncio.create_task(_hang(address)) for _ in range(HANGING)]
    await asyncio.sleep(SETTLES)
    load = await _accept(address, seconds)
    hung = sum(not one.done() for one in crowd)
    for one in crowd:
        one.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    return load, hung


async def _hang(address: str) -> None:
    place = urlsplit(address)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    try:
        writer.write(get(address, SLOW))
        await answer(reader)
    finally:
        writer.close()


def _ms(load: Load, percent: float) -> float:
    return round(percentile(load.taken, percent) * 1000, 1)
