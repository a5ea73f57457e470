"""The team's links beside an emergency: addresses with places for what the emergency is about. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote

import msgspec

from emergencies.story.entries import Ref
from emergencies.story.story import Story

PLACE = re.compile(r"\{(\w*)\}")
WORDS = frozenset({"ticket", "page", "emergency"})
"""What may stand in braces: the ticket's number, the page's id at PagerDuty, the emergency's own id."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An address by its name; with `us_gov` it is filled in for US Government emergencies too."""

    name: str
    address: str
    us_gov: bool = False


class Links(msgspec.Struct, frozen=True, kw_only=True):
    """The links, in the order in which they are shown."""

    links: tuple[Link, ...] = (
        Link(name="GitLab status", address="https://status.gitlab.com/", us_gov=True),
        Link(name="Production incidents", address="https://gitlab.com/gitlab-com/gl-infra/production/-/issues"),
        Link(
            name="New runbook issue",
            address="https://gitlab.com/gitlab-com/support/emergency-runbook/-/issues/new?issue[title]=Emergency+{ticket}",
        ),
    )


LINKS = Links()
"""Those of the procedure."""


class Filled(msgspec.Struct, frozen=True):
    """A link with everything in its place."""

    name: str
    address: str


def filled(links: Links, story: Story, emergency: str) -> tuple[Filled, ...]:
    """The links of an emergency. One that asks for what the emergency has not got is left out, and one that would carry
    a US Government matter where nobody said that it may."""
    known = {"emergency": emergency}
    if story.ticket:
        known["ticket"] = Ref.parse(story.ticket.key).ref
    if story.page:
        known["page"] = Ref.parse(story.page.key).ref
    places = {word: quote(value, safe="") for word, value in known.items()}
    return tuple(
        Filled(link.name, address)
        for link in links.links
        if (story.account != "us_gov" or link.us_gov) and (address := _fill(link.address, places))
    )


def _fill(address: str, places: dict[str, str]) -> str:
    """The address with its places filled; "" where one is missing or no such place is known."""
    missing = [word for word in PLACE.findall(address) if word not in places]
    return "" if missing else PLACE.sub(lambda found: places[found[1]], address)
