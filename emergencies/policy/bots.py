"""Names of Zendesk users that write by themselves: what they write is never a contact (PAGE-7). Pure."""

from __future__ import annotations

import msgspec


class Bot(msgspec.Struct, frozen=True, kw_only=True):
    """A user of Zendesk, by the name under which it writes."""

    name: str


class Bots(msgspec.Struct, frozen=True, kw_only=True):
    """The users that are no people."""

    bots: tuple[Bot, ...] = (Bot(name="Support Bot"),)

    @property
    def names(self) -> frozenset[str]:
        """Their names."""
        return frozenset(bot.name for bot in self.bots)


BOTS = Bots()
"""As the vendor names them when nobody has changed anything."""
