"""Measures and prints: medians of several rounds, percentiles, one JSON object a line."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence


def tell(figure: str, **values: object) -> None:
    """Prints one figure."""
    rounded = {name: round(value, 3) if isinstance(value, float) else value for name, value in values.items()}
    print(json.dumps({"figure": figure, **rounded}), flush=True)


def median_ms(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds that `work` takes, the median of the rounds after one that is not counted."""
    work()
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    ranked = sorted(values)
    return ranked[min(int(len(ranked) * share), len(ranked) - 1)]
