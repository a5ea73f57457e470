"""How figures are taken: repeated runs, their median, the slowest percent, and a ratio to a reference."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

Figures = dict[str, Any]


def milliseconds(seconds: float, *works: Callable[[], object]) -> list[float]:
    """The median of each, run by turns as often as fits into `seconds` (five times at least), after one to warm up.

    By turns, so that a bad moment of the machine meets all of them.
    """
    taken: list[list[float]] = [[] for _ in works]
    until = time.perf_counter() + seconds
    for work in works:
        work()
    while len(taken[0]) < 5 or time.perf_counter() < until:
        for times, work in zip(taken, works, strict=True):
            began = time.perf_counter()
            work()
            times.append(time.perf_counter() - began)
    return [statistics.median(times) * 1000 for times in taken]


def percentile(taken: Sequence[float], percent: float) -> float:
    """The value below which so many percent of them lie; 0 where there are none."""
    ordered = sorted(taken)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else 0.0


def beside(what: str, unit: str, value: float, reference: float, against: str, **more: object) -> Figures:
    """One line: a figure, its reference, and how many times the reference it is."""
    ratio = round(value / reference, 3) if reference else None
    return {
        "what": what, "unit": unit, "value": round(value, 3), "reference": round(reference, 3), "against": against,
        "ratio": ratio, **more,
    }  # fmt: skip
