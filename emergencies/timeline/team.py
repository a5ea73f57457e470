"""The team's settings as the timeline needs them: handed to policy, which reads nothing by itself.

Each answers from what the process keeps (`ceoc.team.store`): mostly no query. `sure` asks the database whether anything
changed: one query.
"""

from __future__ import annotations

from datetime import datetime

import msgspec

from ceoc.team import store
from emergencies.policy.bots import Bots
from emergencies.policy.channels import Channels
from emergencies.policy.links import Links
from emergencies.policy.services import Services
from emergencies.policy.thresholds import Standing

THRESHOLDS, SERVICES, CHANNELS, LINKS, BOTS = "thresholds", "services", "channels", "links", "bots"
"""The kinds that emergencies are judged and shown by."""


class Judged(msgspec.Struct, frozen=True):
    """What a projection comes from besides its story: every version, so that the answer does not depend on when it is
    asked."""

    thresholds: Standing
    services: store.Standing

    def services_at(self, at: datetime | None) -> Services:
        """The names at PagerDuty as they stood at an instant; for none as they stand."""
        found: Services = store.value_at(SERVICES, self.services, at)
        return found


def judged_by(*, sure: bool = False) -> Judged:
    """What emergencies are judged and projected by. Whoever writes a projection has to be `sure`, and asks after it has
    locked the emergency: a change is followed by projecting anew what was projected by what stood before it."""
    thresholds = Standing(store.standing(THRESHOLDS, sure=sure))
    return Judged(thresholds, store.standing(SERVICES))


def thresholds() -> Standing:
    """The thresholds by time."""
    return Standing(store.standing(THRESHOLDS))


def services(*, sure: bool = False) -> Services:
    """What the names at PagerDuty stand for now."""
    found: Services = store.value_at(SERVICES, store.standing(SERVICES, sure=sure), None)
    return found


def channels(*, sure: bool = False) -> Channels:
    """The channels that are written in now."""
    found: Channels = store.value_at(CHANNELS, store.standing(CHANNELS, sure=sure), None)
    return found


def links() -> Links:
    """The links beside emergencies."""
    found: Links = store.current(LINKS)
    return found


def bots() -> Bots:
    """The users of Zendesk that are no people."""
    found: Bots = store.current(BOTS)
    return found
