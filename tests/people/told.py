"""What the vendors told of the cast, put down at once: tests of pages need no vendor."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ceoc.access.models import Person
from ceoc.people.models import Match
from ceoc.people.places import PAGERDUTY, PLACES, SLACK, ZENDESK, ZENDESK_US_GOV, Place

READ_AT = datetime(2026, 7, 14, 16, 0, tzinfo=UTC)
FACTS: dict[Place, dict[str, Any]] = {
    PAGERDUTY: {"ways": ["phone", "push"], "rung": ["push"]},
    ZENDESK: {"role": "agent", "active": True, "suspended": False},
    ZENDESK_US_GOV: {"role": "agent", "active": True, "suspended": False},
    SLACK: {"active": True},
}


def told(person: Person, place: Place, **words: Any) -> Match:
    """What a place told of a person; found there as is right, unless `words` say otherwise."""
    kept = {
        "klass": place.klass, "state": "found", "vendor_id": f"V{person.pk}", "name": person.name,
        "email": person.email, "facts": FACTS[place], "read_at": READ_AT, "asked_at": READ_AT,
    } | words  # fmt: skip
    if kept["state"] != "found":
        kept |= {"vendor_id": "", "name": "", "email": ""}
    match, _ = Match.objects.update_or_create(person=person, vendor=place.vendor, account=place.account, defaults=kept)
    return match


def main(html: str) -> str:
    """What stands in the page itself: the demo's bar names everybody on every page."""
    return html.partition("<main")[2].partition("</main>")[0] or html


def ready(person: Person) -> Person:
    """Found everywhere with all that is needed."""
    for place in PLACES:
        told(person, place)
    return person
