"""What `/metrics` tells, for Prometheus. No sum holds anything of US Gov: what is counted from tables is global, what
is counted from requests is of people who are not cleared (security.md 7)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.http import HttpRequest
from prometheus_client import REGISTRY, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from ceoc.ops import tally

Row = tuple[tuple[str, ...], float]
"""The labels' values, and the figure."""

TICKS = "ticks_without_effect"

STREAMS = Gauge("ceoc_streams_open", "Live streams that this web process holds.")
SECONDS = Histogram(
    "ceoc_request_seconds",
    "How long requests took, of people who are not cleared for US Government; by part, method and status.",
    ["part", "method", "status"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)
PARTS = {"/api/": "api", "/webhooks/": "", "/static/": "", "/metrics": "", "/healthz": "", "/readyz": ""}
"""The part of what an address begins with; "" is not counted: webhooks bring US Gov's things among others."""

METHODS = frozenset({"GET", "HEAD", "POST"})


class Table:
    """A figure that is counted when it is asked for."""

    def __init__(self, name: str, words: str, labels: tuple[str, ...], rows: Callable[[], Iterable[Row]]) -> None:
        self._name, self._words, self._labels, self._rows = name, words, labels, rows

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """For Prometheus."""
        family = GaugeMetricFamily(self._name, self._words, labels=self._labels)
        for values, figure in self._rows():
            family.add_metric(values, figure)
        yield family


class Ticks:
    """Ticks that found nothing to change: should stay 0 (architecture, 'Next moment')."""

    def collect(self) -> Iterator[CounterMetricFamily]:
        """For Prometheus; nothing while Redis does not answer."""
        counted = tally.counted(TICKS)
        if counted is not None:
            yield CounterMetricFamily(
                "ceoc_ticks_without_effect", "Ticks of global emergencies that changed nothing.", counted
            )


_tables: dict[str, Table | Ticks] = {}


def register(name: str, words: str, labels: tuple[str, ...], rows: Callable[[], Iterable[Row]]) -> None:
    """Adds a figure; a name stands once. `rows` is asked at each reading and counts global things alone."""
    _tables[name] = Table(name, words, labels, rows)


_tables[TICKS] = Ticks()


def exposition() -> bytes:
    """All figures in Prometheus's text."""
    return b"".join(generate_latest(one) for one in (REGISTRY, *_tables.values()))


def observe(request: HttpRequest, status: int, seconds: float) -> None:
    """Counts one request, unless a cleared person made it or it may be about US Gov."""
    viewer = getattr(request, "viewer", None)
    part = next((word for begin, word in PARTS.items() if request.path.startswith(begin)), "pages")
    if part and not (viewer is not None and viewer.cleared):
        method = request.method if request.method in METHODS else "other"
        SECONDS.labels(part, method, f"{status // 100}xx").observe(seconds)
