"""Which Slack channel an emergency belongs to (COMM-1; readings.md: US Gov threads live in one channel only). Data of
the team with its defaults. Pure."""

from __future__ import annotations

from typing import Literal

import msgspec

from emergencies.policy.registry import rule
from emergencies.story.kinds import Account

GITLAB_COM = frozenset({"gitlab_com", "saas", "gitlab.com"})

Purpose = Literal["self_managed", "gitlab_com", "us_gov", "managers", "incidents", "other"]

NEEDED: tuple[Purpose, ...] = ("self_managed", "gitlab_com", "us_gov")
"""What exactly one channel is for: threads of emergencies go there."""


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A channel by name (without `#`), what it is for, and whether only cleared people are in it."""

    name: str
    purpose: Purpose = "other"
    cleared: bool = False


class Channels(msgspec.Struct, frozen=True, kw_only=True):
    """The channels that the dashboard writes in."""

    channels: tuple[Channel, ...] = (
        Channel(name="support_self-managed", purpose="self_managed"),
        Channel(name="support_gitlab-com", purpose="gitlab_com"),
        Channel(name="spt_us-government", purpose="us_gov", cleared=True),
        Channel(name="support_managers", purpose="managers"),
        Channel(name="incident-management", purpose="incidents"),
    )

    def of(self, purpose: Purpose) -> tuple[str, ...]:
        """The names of the channels for one purpose."""
        return tuple(one.name for one in self.channels if one.purpose == purpose)

    @property
    def cleared(self) -> tuple[str, ...]:
        """The channels that US Government matters may be written in."""
        return tuple(one.name for one in self.channels if one.cleared)


CHANNELS = Channels()
"""As the procedure names them when nobody has changed anything."""


@rule("COMM-1", off="")
def channel_for(account: Account | str, product: str, channels: Channels = CHANNELS) -> str:
    """The channel's name, without `#`."""
    if account == "us_gov":
        return next((name for name in channels.of("us_gov") if name in channels.cleared), "")
    return next(iter(channels.of("gitlab_com" if product.lower() in GITLAB_COM else "self_managed")), "")
