"""Which PagerDuty service pages for which portal, and which region an escalation policy serves (vocabulary.md, 'Names
at the vendors'). Data of the team with its defaults. Pure.

A service that is not listed belongs to no portal: its pages are US Government's until a cleared person ties them
(security.md 1).
"""

from __future__ import annotations

import msgspec

from emergencies.story.kinds import Account
from schedules.policy.regions import REGION_OF_POLICY, Region


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """A service of PagerDuty and the portal whose customers it pages for; none for a service that waits to be told."""

    name: str
    portal: Account | None = None


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """An escalation policy of PagerDuty and the region that it serves."""

    name: str
    region: Region


class Services(msgspec.Struct, frozen=True, kw_only=True):
    """What the names at PagerDuty stand for."""

    services: tuple[Service, ...] = (
        Service(name="Customer Support", portal="global"),
        Service(name="US Government Support", portal="us_gov"),
    )
    policies: tuple[Policy, ...] = tuple(Policy(name=name, region=region) for name, region in REGION_OF_POLICY.items())

    def portal_of(self, service: str) -> Account | None:
        """The portal that a service pages for, or none where no setting maps it."""
        return next((one.portal for one in self.services if one.name == service), None)

    def region_of(self, policy: str) -> Region | None:
        """The region that an escalation policy serves, or none where no setting maps it."""
        return next((one.region for one in self.policies if one.name == policy), None)

    def to_call(self, portal: Account) -> str:
        """The service that a colleague is called on in matters of that portal: its first; "" where there is none."""
        return next((one.name for one in self.services if one.portal == portal), "")

    def named(self, portal: Account | None) -> frozenset[str]:
        """The services of one portal."""
        return frozenset(one.name for one in self.services if one.portal == portal)


SERVICES = Services()
"""As the vendors name them when nobody has changed anything."""


def class_of(portal: str | None) -> Account:
    """The class of a page of that portal: US Government's until it is proven global."""
    return "global" if portal == "global" else "us_gov"


def opened(before: Services, after: Services) -> tuple[str, ...]:
    """Services that were not global and would be: whose pages everybody would see from then on."""
    return tuple(sorted(after.named("global") - before.named("global")))


def closed(before: Services, after: Services) -> tuple[str, ...]:
    """Services that were global and would not be: whose pages become US Government's."""
    return tuple(sorted(before.named("global") - after.named("global")))


def released(before: Services, after: Services) -> tuple[str, ...]:
    """Services that were US Government's for sure and would only be taken for it."""
    return tuple(sorted(before.named("us_gov") - after.named("us_gov") - after.named("global")))
