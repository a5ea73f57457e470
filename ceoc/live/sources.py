"""The registry of what can be listened to: a source renders the parts of a channel for one audience.

A channel is `name` or `name:key` (`board`, `emergency:k3v9…`, `board:region=AMER`), as pages and streams name it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ceoc.access.viewer import Audience
from ceoc.live.parts import Event, Insert, Nudge, Order, Part, Remove, Swap

__all__ = [
    "Event", "Insert", "Nudge", "Order", "Part", "Remove", "Source", "Swap", "find", "register", "split_channel",
]  # fmt: skip

MAX_CHANNEL = 200
"""Characters of a channel's name."""


class Source(Protocol):
    """One kind of channel. Registered once, in AppConfig.ready; called in a thread that may use the database."""

    name: str

    def topics(self, key: str) -> frozenset[str]:
        """The topics that concern this channel; one that ends in `*` takes all that begin so (`emergency:*`)."""

    def render(self, key: str, audience: Audience, touched: frozenset[str] | None) -> Sequence[Part]:
        """The parts that say what is so now, as `audience` may see it.

        `touched` names the topics that were announced since the last time; None asks for everything: a page
        connects, or it is not known what changed. What the audience may not see is as if it were not there (a `Remove`
        where it was touched), and an unknown key is no error: no parts at all, which tells the page that what it shows
        is gone. Parts that did not change are not sent, so that rendering too much is only slow.
        """


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Makes a source known. Raises ValueError when another one has its name."""
    present = _sources.get(source.name)
    if present is not None and type(present) is not type(source):
        raise ValueError(f"There is a source called {source.name} already.")
    _sources[source.name] = source


def find(channel: str) -> tuple[Source, str] | None:
    """The source of a channel and the key inside it; None for a channel that nobody offers."""
    name, key = split_channel(channel)
    source = _sources.get(name)
    return (source, key) if source is not None and len(channel) <= MAX_CHANNEL else None


def split_channel(channel: str) -> tuple[str, str]:
    """Name and key; the key is "" where there is none."""
    name, _, key = channel.partition(":")
    return name, key
