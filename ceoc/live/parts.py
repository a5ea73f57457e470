"""What a source tells a page to do: frozen parts, the same for everybody of an audience.

Targets and containers are element ids without `#`. Html is one element whose id is the target, rendered by the same
template as the page: times in UTC, nothing of one person, no form token. A part travels as a JSON array whose first
item is its verb; static/js/live/parts.js does what it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


class Swap(msgspec.Struct, frozen=True, array_like=True, tag="swap"):
    """Morph the element `target` into `html` (its whole element). Left out where the page has no such element."""

    target: str
    html: str


class Insert(msgspec.Struct, frozen=True, array_like=True, tag="insert"):
    """Morph the element `target` into `html`, or where the page has none yet add it to `container`, tinted as new.

    `where` is `end` or `start` of the container; for a list that an `Order` follows, the order decides.
    """

    container: str
    target: str
    html: str
    where: str = "end"


class Remove(msgspec.Struct, frozen=True, array_like=True, tag="remove"):
    """Take the element `target` off the page at once."""

    target: str


class Order(msgspec.Struct, frozen=True, array_like=True, tag="order"):
    """The whole order of the list `container`, and numbers that stand beside it.

    `sections` gives for each `[data-section]` inside the container the ids of its items, in order. An item that is in
    no section leaves the page. `counts` fills each `[data-count="<name>"]` of the page; a section counts itself.
    """

    container: str
    sections: Mapping[str, tuple[str, ...]]
    counts: Mapping[str, int] = msgspec.field(default_factory=dict)


class Nudge(msgspec.Struct, frozen=True, array_like=True, tag="nudge"):
    """Fetch one's own parts again over their own URL: `[data-own]` elements with that `data-own-name`, all for ""."""

    name: str = ""


class Event(msgspec.Struct, frozen=True, array_like=True, tag="event"):
    """Something else to react to: `said` {"text", "to": [e-mail, …]} is read out politely (empty `to`: to everybody);

    `gone` {"text"} says that what the page shows is not there any more.
    """

    name: str
    data: Mapping[str, Any] = msgspec.field(default_factory=dict)


IN_ORDER = " in order"

Part = Swap | Insert | Remove | Order | Nudge | Event


def slot(part: Part) -> str | None:
    """What of the page a part decides: a later part of the same slot replaces it. None for what just happens once."""
    match part:
        case Swap(target=target) | Insert(target=target) | Remove(target=target):
            return target
        case Order(container=container):
            return container + IN_ORDER
        case _:
            return None


def is_order(place: str) -> bool:
    """Whether a slot is a list's order, not an element."""
    return place.endswith(IN_ORDER)
