"""The accounts of the vendors in which people are looked for."""

from __future__ import annotations

import msgspec

from ceoc.access.classes import Klass
from ceoc.ops.freshness import klass_of


class Place(msgspec.Struct, frozen=True):
    """One account of one vendor."""

    vendor: str
    account: str
    name: str
    """As people say it."""
    member: str
    """What somebody is there."""
    lists: bool = True
    """Whether everybody there is one of us, so that whom we do not know is worth a line."""

    @property
    def key(self) -> str:
        """As it stands in forms: `zendesk:global`."""
        return f"{self.vendor}:{self.account}"

    @property
    def klass(self) -> Klass:
        """The class of what is known of people there."""
        return klass_of(self.account)


PAGERDUTY = Place("pagerduty", "", "PagerDuty", "user")
ZENDESK = Place("zendesk", "global", "Zendesk", "agent")
ZENDESK_US_GOV = Place("zendesk", "us_gov", "Zendesk US Gov", "agent")
SLACK = Place("slack", "", "Slack", "member", lists=False)

PLACES = (PAGERDUTY, ZENDESK, ZENDESK_US_GOV, SLACK)
BY_KEY = {place.key: place for place in PLACES}


def seen_by(*, cleared: bool) -> tuple[Place, ...]:
    """The places whose people somebody may know of."""
    return tuple(place for place in PLACES if cleared or place.klass == "global")
