"""Every address of the product with its view, for tests that go through all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

SAMPLES = {
    "int": "1",
    "slug": "none",
    "str": "aaaaaaaaaaaa",
    "path": "none",
    "uuid": "00000000-0000-0000-0000-000000000000",
}


class Route(NamedTuple):
    """One address, with samples in the place of its parameters."""

    path: str
    pattern: str
    name: str
    view: Callable[..., Any]


def routes() -> list[Route]:
    """All of them, in the order in which they are tried."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, here)
        else:
            yield Route("/" + sample(here), here, pattern.name or "", pattern.callback)


def sample(pattern: str) -> str:
    """A path that fits the pattern (of `path`, not of `re_path`, which the product does not use)."""
    return re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES.get(found[1] or "str", SAMPLES["str"]), pattern)
