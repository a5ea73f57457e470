"""What the vendors' doors say of one person, in the words of a match."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ceoc.people.places import Place
from ceoc.vendors import pagerduty, slack, zendesk


class Found(msgspec.Struct, frozen=True):
    """Somebody in a place."""

    id: str
    name: str
    email: str
    facts: dict[str, Any] = {}


def read(place: Place, who: str) -> Found | None:
    """Who has that e-mail or id in that place, read now; None for nobody. Raises Refused and Unavailable."""
    return _READ[place.vendor](place.account, who)


def everybody(place: Place) -> list[Found]:
    """Everybody in a place, read now. Raises Refused and Unavailable."""
    users = pagerduty.door().everybody() if place.vendor == "pagerduty" else zendesk.door(place.account).agents()
    return [Found(user.id, user.name, user.email) for user in users]


def _pagerduty(_account: str, who: str) -> Found | None:
    found = pagerduty.door().reach(who)
    if found is None:
        return None
    return Found(found.user.id, found.user.name, found.user.email, {"ways": found.ways, "rung": found.rung})


def _zendesk(account: str, who: str) -> Found | None:
    found = zendesk.door(account).member(who)
    if found is None:
        return None
    facts = {"role": found.role, "active": found.active, "suspended": found.suspended}
    return Found(found.id, found.name, found.email, facts)


def _slack(_account: str, who: str) -> Found | None:
    found = slack.door().member(who)
    if found is None or found.is_bot:
        return None
    return Found(found.id, found.name, found.email, {"active": found.active})


_READ: dict[str, Callable[[str, str], Found | None]] = {"pagerduty": _pagerduty, "zendesk": _zendesk, "slack": _slack}
