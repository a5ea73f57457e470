"""Which PagerDuty service pages for which portal (vocabulary.md, 'Names at the vendors'). Data of the team, with its
defaults.

A service that is not listed belongs to no portal: its pages are US Government's until a cleared person ties them
(security.md 1). Which region an escalation policy serves stands in `schedules.policy.regions`.
"""

from __future__ import annotations

from emergencies.story.kinds import Account

PORTALS: dict[str, Account] = {
    "Customer Support": "global",
    "US Government Support": "us_gov",
}
"""Name of the service → the portal whose customers it pages for."""

BOTS = frozenset({"Support Bot"})
"""Names of Zendesk users that write by themselves: what they write is never a contact."""


def portal_of(service: str) -> Account | None:
    """The portal that a service pages for, or none where no setting maps it."""
    return PORTALS.get(service)


def class_of(portal: Account | None) -> Account:
    """The class of a page of that portal: US Government's until it is proven global."""
    return "global" if portal == "global" else "us_gov"
