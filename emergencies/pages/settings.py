"""The settings that emergencies bring: what their forms show, what is refused, what follows from a change."""

from __future__ import annotations

from typing import Any

from ceoc.access.viewer import Viewer
from ceoc.team import checks, kinds
from ceoc.team.kinds import Errors, Field, Kind, Table
from emergencies.policy import bots, channels, links, services
from emergencies.policy.judgement import Thresholds
from emergencies.queries import settings_effects as effects
from emergencies.queries import words
from emergencies.timeline import resettle, team

PORTALS = (("global", "Global"), ("us_gov", "US Government"), ("", "Not told yet, closed like US Government"))
REGIONS = tuple(words.REGIONS.items())
PURPOSES = (
    ("self_managed", "Threads of self-managed customers"),
    ("gitlab_com", "Threads of GitLab.com customers"),
    ("us_gov", "Threads of US Government customers"),
    ("managers", "Support Managers"),
    ("incidents", "Incidents of GitLab.com"),
    ("other", "Something else"),
)
ONLY_CLEARED = "Only somebody who is cleared for US Government may say this. Ask one of them to do it."


def rules(*ids: str) -> tuple[kinds.Rule, ...]:
    """Rules with their texts."""
    return tuple(kinds.Rule(one.id, one.text) for one in words.rules(ids))


def guard_services(before: services.Services, after: services.Services, by: Viewer) -> Errors:
    """To say that a service is global shows its pages to everybody; to say that it is not US Government's for sure lets
    them be opened. Both are for the cleared."""
    opening = services.opened(before, after) + services.released(before, after)
    return {} if by.cleared else {f"services:{name}:portal": ONLY_CLEARED for name in opening}


def check_channels(value: channels.Channels) -> Errors:
    """Threads have one channel each, and US Government's is cleared."""
    errors: Errors = {}
    for purpose in channels.NEEDED:
        found = value.of(purpose)
        said = dict(PURPOSES)[purpose].lower()
        if not found:
            errors["channels::purpose"] = f"No channel is for {said}. Choose one."
        errors |= {f"channels:{name}:purpose": f"Another channel is for {said} already." for name in found[1:]}
    for name in set(value.of("us_gov")) - set(value.cleared):
        errors[f"channels:{name}:cleared"] = "US Government's threads need a channel that is cleared."
    return errors


def guard_channels(before: channels.Channels, after: channels.Channels, by: Viewer) -> Errors:
    """That only cleared people are in a channel is for the cleared to say."""
    new = set(after.cleared) - set(before.cleared)
    return {} if by.cleared else {f"channels:{name}:cleared": ONLY_CLEARED for name in new}


def guard_links(before: links.Links, after: links.Links, by: Viewer) -> Errors:
    """Where US Government matters are carried to is for the cleared to say."""
    known = {(one.name, one.address) for one in before.links if one.us_gov}
    new = [one.name for one in after.links if one.us_gov and (one.name, one.address) not in known]
    return {} if by.cleared else {f"links:{name}:us_gov": ONLY_CLEARED for name in new}


def check_address(text: str) -> str:
    """The address of a link, with places for what an emergency is about."""
    return checks.address(text, links.WORDS)


def _name(words_: str = "Name", **more: Any) -> Field:
    return Field(name="name", words=words_, **{"longest": 120, "check": checks.name, **more})


KINDS = (
    Kind(
        name=team.THRESHOLDS, words="Thresholds", says="When something that is owed is late.",
        default=Thresholds(),
        fields=(
            Field(
                name="at_once", words="At once means within", kind="duration", least=1, most=30,
                help="From the moment a page rings until somebody should have acknowledged it.", rules=rules("PAGE-2"),
            ),
            Field(
                name="first_reply", words="First public reply within", kind="duration", least=5, most=240,
                help="From the trigger, where the ticket's SLA in Zendesk says nothing sooner.", rules=rules("PAGE-7"),
            ),
            Field(
                name="apart", words="Vendors' clocks may differ by", kind="duration", unit="seconds", least=0, most=300,
                help="So long after a page was resolved nobody is told that nobody wrote.", rules=rules("PAGE-9"),
            ),
        ),
        effects=effects.clocks,
    ),
    Kind(
        name=team.SERVICES, words="PagerDuty services",
        says="Which portal a PagerDuty service pages for, and which region an escalation policy serves.",
        default=services.SERVICES,
        tables=(
            Table(
                name="services", words="Services", one="service", row=services.Service,
                help="Write the name as PagerDuty does. Pages of a service that is not listed are US Government's until"
                " a cleared person ties them. Was it renamed? Add the new name and keep the old, else its past closes."
                " A colleague is called on the first service of the portal.",
                columns=(_name("Service"), Field(name="portal", words="Portal", kind="choice", options=PORTALS)),
                rules=rules("PAGE-1"),
            ),
            Table(
                name="policies", words="Escalation policies", one="escalation policy", row=services.Policy,
                help="The region of an emergency is that of the policy that its page rings.",
                columns=(_name("Policy"), Field(name="region", words="Region", kind="choice", options=REGIONS)),
            ),
        ),
        guard=guard_services, effects=effects.services,
    ),
    Kind(
        name=team.CHANNELS, words="Slack channels", says="Where the dashboard writes in Slack, and what is cleared.",
        default=channels.CHANNELS,
        tables=(
            Table(
                name="channels", words="Channels", one="channel", row=channels.Channel,
                help="Write the name without #. US Government matters are written in cleared channels only.",
                columns=(
                    _name("Channel", longest=80, check=checks.channel),
                    Field(name="purpose", words="For", kind="choice", options=PURPOSES),
                    Field(name="cleared", words="Cleared for US Gov", kind="flag"),
                ),
                rules=rules("COMM-1"),
            ),
        ),
        check=check_channels, guard=guard_channels, effects=effects.channels,
    ),
    Kind(
        name=team.LINKS, words="Links", says="The links that stand beside every emergency.", default=links.LINKS,
        tables=(
            Table(
                name="links", words="Links", one="link", row=links.Link,
                help="{ticket}, {page} and {emergency} are filled in. Beside US Gov's only ticked links stand.",
                columns=(
                    _name(longest=60),
                    Field(name="address", words="Address", longest=400, check=check_address),
                    Field(name="us_gov", words="For US Gov too", kind="flag"),
                ),
            ),
        ),
        guard=guard_links,
    ),
    Kind(
        name=team.BOTS, words="Bots", says="Which Zendesk users are no people: what they write is no contact.",
        default=bots.BOTS,
        tables=(
            Table(
                name="bots", words="Bots", one="bot", row=bots.Bot,
                help="Write the name under which the user writes in Zendesk.", columns=(_name(),),
                rules=rules("PAGE-7"),
            ),
        ),
        effects=effects.bots,
    ),
)  # fmt: skip
"""What the team agrees on for emergencies."""

FOLLOWS = {
    team.THRESHOLDS: resettle.judge_anew,
    team.SERVICES: resettle.close_and_judge_anew,
    team.LINKS: resettle.judge_anew,
}
"""What follows from a change, by the name of its kind."""


def register() -> None:
    """Called once, in the app's `ready`."""
    for kind in KINDS:
        kinds.register(kind, FOLLOWS.get(kind.name))
