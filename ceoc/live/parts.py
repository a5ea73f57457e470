"""What a source tells a page to do: frozen parts, the same for everybody of an audience.

Targets and containers are element ids without `#`. Html is one element whose id is the target, rendered by the same
template as the page: times in UTC, nothing of one person, no form token.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


class Swap(msgspec.Struct, frozen=True):
    """Morph the element `target` into `html` (its whole element). Left out where the page has no such element."""

    target: str
    html: str


class Insert(msgspec.Struct, frozen=True):
    """Morph the element `target` into `html`, or where the page has none yet add it to `container`, tinted as new.

    `where` is `end` or `start` of the container; for a list that an `Order` follows, the order decides.
    """

    container: str
    target: str
    html: str
    where: str = "end"


class Remove(msgspec.Struct, frozen=True):
    """Take the element `target` off the page at once."""

    target: str


class Order(msgspec.Struct, frozen=True):
    """The whole order of the list `container`, and numbers that stand beside it.

    `sections` gives for each `[data-section]` inside the container the ids of its items, in order. An item that is in
    no section leaves the page. `counts` fills each `[data-count="<name>"]` of the page; a section counts itself.
    """

    container: str
    sections: Mapping[str, tuple[str, ...]]
    counts: Mapping[str, int] = msgspec.field(default_factory=dict)


class Nudge(msgspec.Struct, frozen=True):
    """Fetch one's own parts again over their own URL: `[data-own]` elements of that `name` (`data-own-name`), "" for all."""

    name: str = ""


class Event(msgspec.Struct, frozen=True):
    """Something else to react to: `said` {"text", "to": [e-mail, …]} is read out politely (empty `to`: to everybody);

    `gone` {"text"} says that what the page shows is not there any more.
    """

    name: str
    data: Mapping[str, Any] = msgspec.field(default_factory=dict)


Part = Swap | Insert | Remove | Order | Nudge | Event
