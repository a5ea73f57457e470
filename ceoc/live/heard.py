"""What a process does at once when it hears an announcement, before anything is rendered: forget what it kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection

_ears: defaultdict[str, list[Callable[[], None]]] = defaultdict(list)


def on(topic: str, do: Callable[[], None]) -> None:
    """Lets `do` be called when that topic is heard. Registered in AppConfig.ready; it must not wait for anything."""
    if do not in _ears[topic]:
        _ears[topic].append(do)


def pass_on(topics: Collection[str], *, everything: bool) -> None:
    """These topics were heard; with `everything` some may have been missed, so that all count as heard."""
    for topic, doing in _ears.items():
        if everything or topic in topics:
            for do in doing:
                do()
