"""What somebody needs to answer emergencies, and whether they have it: values in, value out.

A state is what the vendor said last. A vendor that is down makes it old, never `missing`; what was never read is
`unknown`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from ceoc.access.roles import ROLES, Role
from ceoc.people.places import PAGERDUTY, SLACK, ZENDESK, ZENDESK_US_GOV, Place

State = Literal["ready", "missing", "unknown"]

LOUD = ("phone", "sms", "push")
"""Ways that wake somebody."""
WAYS = {"phone": "phone", "sms": "SMS", "push": "push", "email": "e-mail", "whatsapp": "WhatsApp"}
OLD = timedelta(days=7)
"""An answer older than this may not be so any more."""
NO_ZONE = "UTC"
"""What stands for a zone that nobody has chosen."""


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a person in one place."""

    state: Literal["unread", "found", "absent"] = "unread"
    facts: Mapping[str, Any] = {}
    email: str = ""
    read_at: datetime | None = None
    failed_at: datetime | None = None
    reason: str = ""
    waits: bool = False
    """Whether it is about to be read (again)."""


class Who(msgspec.Struct, frozen=True):
    """Whose readiness it is."""

    email: str
    role: Role
    cleared: bool
    """Whether they need a seat in US Government's account, as far as the one who looks may know."""
    zone: str


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is needed."""

    name: str
    state: State
    words: str
    """What is so, in a few words."""
    todo: str = ""
    """What to do about it; empty when nothing."""
    source: str
    at: datetime | None = None
    """When the source last answered."""
    old: str = ""
    """Why this may not be so any more; empty while it is fresh."""
    waits: bool = False


class Finding(msgspec.Struct, frozen=True):
    """What a place says of one thing: its state, in words, and what to do."""

    state: State
    words: str
    todo: str = ""


def items(who: Who, reads: Mapping[str, Read], wall: datetime) -> tuple[Item, ...]:
    """What that person needs in their role, in a fixed order. Whoever has no role needs nothing."""
    if who.role == "none":
        return ()
    needed = [_item("Slack", SLACK, _slack, reads, wall)]
    if "work" in ROLES[who.role]:
        seats = [ZENDESK, *([ZENDESK_US_GOV] if who.cleared else [])]
        needed = [
            *(_item(f"Seat in {place.name}", place, _seat, reads, wall) for place in seats),
            _item("Reached by PagerDuty", PAGERDUTY, _reached, reads, wall),
            *needed,
        ]
    return (*needed, _zone(who.zone))


def has_seat(read: Read) -> bool | None:
    """Whether somebody may write as an agent in a Zendesk account; None while that is not known."""
    if read.state == "unread":
        return None
    facts = read.facts
    is_agent = facts.get("role") in ("agent", "admin") and bool(facts.get("active", True))
    return read.state == "found" and is_agent and not facts.get("suspended")


def summary(found: tuple[Item, ...]) -> tuple[State, str]:
    """All of it in a word or two."""
    missing = sum(item.state == "missing" for item in found)
    unknown = sum(item.state == "unknown" for item in found)
    if missing:
        return "missing", f"{missing} missing"
    if unknown:
        return "unknown", "Not known yet"
    return "ready", "Ready" if found else "Nothing needed"


def _item(name: str, place: Place, judge: Any, reads: Mapping[str, Read], wall: datetime) -> Item:
    read = reads.get(place.key, Read())
    found: Finding = _first(read) or judge(read, place)
    return Item(
        name=name,
        state=found.state,
        words=found.words,
        todo=found.todo,
        source=place.name,
        at=read.read_at,
        old=_old(read, wall),
        waits=read.waits,
    )


def _first(read: Read) -> Finding | None:
    """What is so whatever the thing is; None when the place told of the person."""
    if read.state == "unread":
        return Finding("unknown", "Not read yet")
    if read.facts.get("taken"):
        return Finding("missing", "Who was picked is another of us", "Undo the match by hand, or pick the right one.")
    return None


def _old(read: Read, wall: datetime) -> str:
    if read.reason and read.failed_at and (read.read_at is None or read.failed_at > read.read_at):
        return read.reason
    return "It was read a while ago." if read.read_at and wall - read.read_at > OLD else ""


def _seat(read: Read, place: Place) -> Finding:
    if has_seat(read):
        return Finding("ready", f"{str(read.facts.get('role', 'agent')).capitalize()}, as {read.email}")
    ask = f"Ask an administrator of {place.name} for an agent’s seat; until then nothing is sent there in their name."
    if read.state == "absent":
        return Finding("missing", f"{place.name} does not know this person", f"{ask} Or match them by hand.")
    return Finding("missing", "Suspended" if read.facts.get("suspended") else "Known there, but no agent", ask)


def _reached(read: Read, place: Place) -> Finding:
    if read.state == "absent":
        return Finding(
            "missing", "PagerDuty does not know this person", "Let them be invited to PagerDuty, or match them by hand."
        )
    ways, rung = _loud(read, "ways"), _loud(read, "rung")
    if rung:
        return Finding("ready", f"By {_listed(rung)}")
    if ways:
        todo = "Add a notification rule for high urgency in PagerDuty: My Profile → Notification Rules."
        return Finding("missing", f"{_upfirst(_listed(ways))}: there, and no rule rings it", todo)
    todo = "Add a phone, SMS or the app in PagerDuty: My Profile → Contact Information."
    return Finding("missing", "No phone, SMS or push", todo)


def _slack(read: Read, place: Place) -> Finding:
    if read.state == "found" and read.facts.get("active", True):
        return Finding("ready", f"As {read.email}")
    if read.state == "found":
        return Finding("missing", "Deactivated", "Let the account in Slack be activated again.")
    return Finding("missing", "Slack does not know this e-mail", "Let them be invited to Slack, or match them by hand.")


def _zone(zone: str) -> Item:
    if zone != NO_ZONE:
        return Item(name="Time zone", state="ready", words=zone.replace("_", " "), source="Dashboard")
    todo = "Choose it on your own page; all times are shown in it."
    return Item(name="Time zone", state="missing", words="Not chosen", todo=todo, source="Dashboard")


def _loud(read: Read, which: str) -> list[str]:
    return [WAYS[way] for way in LOUD if way in read.facts.get(which, ())]


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _upfirst(words: str) -> str:
    return words[:1].upper() + words[1:]
