"""What stands in the place of an address's parameters, so that tests can ask every address for things that exist.

An address that is added later is walked by itself; one of a new shape says here what its parameter names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.access.routes import SAMPLES, Route

NAMES = {
    "emergencies/<slug:public_id>/": "emergency",
    "tray/<slug:page>/": "page",
    "commands/<slug:public_id>/": "command",
    "deliveries/<slug:public_id>/": "delivery",
    "people/<slug:public_id>/": "person",
    "break-glass/<slug:public_id>/": "code",
    "tokens/<slug:public_id>/": "token",
    "settings/<slug:name>/": "setting",
    "api/v1/emergencies/<slug:public_id>/": "emergency",
    "api/v1/tray/<slug:page>/": "page",
    "api/v1/commands/<slug:public_id>/": "command",
    "api/v1/deliveries/<slug:public_id>/": "delivery",
    "look/<slug:digest>.css": "stylesheet",
}
"""How addresses begin that have a parameter, and what kind of thing it names. A number that follows is a sample."""

UNKNOWN = "zzzzzzzzzzzz"
"""The id of nothing."""

PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")


def thing_of(route: Route) -> str:
    """What the first parameter of an address names; empty for one without. Raises LookupError for a new shape."""
    if "<" not in route.pattern:
        return ""
    kinds = [kind for begins, kind in NAMES.items() if route.pattern.startswith(begins)]
    if not kinds:
        raise LookupError(f"{route.pattern} names something new: say in tests/access/samples.py what it is")
    return kinds[0]


def path(route: Route, things: Mapping[str, str]) -> str:
    """The address of that thing of each kind; the id of nothing for a kind that is not among them."""
    wanted = [things.get(thing_of(route), UNKNOWN)] if "<" in route.pattern else []

    def value(found: re.Match[str]) -> str:
        return wanted.pop() if wanted else SAMPLES.get(found[1] or "str", SAMPLES["str"])

    return "/" + PARAMETER.sub(value, route.pattern)
