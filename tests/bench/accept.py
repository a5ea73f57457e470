"""How many webhooks a second are accepted, against a bare Django view that inserts one row: same server, same run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from tests.bench import webhooks
from tests.bench.figures import Figures, beside, percentile
from tests.bench.load import Load, posts, send
from tests.bench.serving import serving
from tests.bench.site import INSERT

CONNECTIONS = 16
FASTEST = 4000
"""More requests a second than Python answers on any machine: so many are made beforehand."""


def run(*, quick: bool) -> Iterator[Figures]:
    """Both by turns, so that a bad moment of the machine meets both."""
    rounds, seconds = (1, 0.5) if quick else (3, 3.0)
    kept: list[Load] = []
    bare: list[Load] = []
    with serving() as address:
        for path in (webhooks.PAGERDUTY, INSERT):
            _send(address, path, 0.5)
        for _ in range(rounds):
            bare.append(_send(address, INSERT, seconds))
            kept.append(_send(address, webhooks.PAGERDUTY, seconds))
    yield beside(
        "webhooks accepted", "a second", _rate(kept), _rate(bare), "a bare view that inserts one row",
        p99_ms=_p99(kept), reference_p99_ms=_p99(bare), wrong=sum(load.wrong for load in (*kept, *bare)),
        connections=CONNECTIONS,
    )  # fmt: skip


def _send(address: str, path: str, seconds: float) -> Load:
    bodies = webhooks.bodies(int(FASTEST * seconds))
    requests = list(posts(address, path, bodies, webhooks.pagerduty_headers))
    return asyncio.run(send(address, iter(requests), CONNECTIONS, seconds))


def _rate(loads: list[Load]) -> float:
    return sum(len(load.taken) for load in loads) / sum(load.seconds for load in loads)


def _p99(loads: list[Load]) -> float:
    return round(percentile([taken for load in loads for taken in load.taken], 99) * 1000, 1)
