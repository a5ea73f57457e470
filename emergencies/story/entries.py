"""Subjects, sightings and entries: the shapes in which facts reach the fold (architecture.md 2b).

Instants are aware, UTC. A subject's key names it once and for ever: `page:Q2K7`, `ticket:global:512880`,
`thread:C01:1716.2`,
`customer:us_gov:org-55`, `summons:Q9`, `emergency:k3v9…`, `person:mira@example.com`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from emergencies.story.kinds import Fact

Messenger = Literal["log", "answer", "webhook"]
"""Who told of a fact: the vendor's own log or audit, an API answer, a webhook; in the order in which they are
believed."""

Source = Literal["pagerduty", "zendesk", "slack", "dashboard"]


class Ref(msgspec.Struct, frozen=True, order=True):
    """Names a subject. `account` is set for what lives in one of two Zendesk accounts, and empty otherwise."""

    kind: str
    ref: str
    account: str = ""

    @property
    def key(self) -> str:
        """The subject's key."""
        return f"{self.kind}:{self.account}:{self.ref}" if self.account else f"{self.kind}:{self.ref}"

    @classmethod
    def parse(cls, key: str) -> Ref:
        """The subject that a key names."""
        kind, rest = key.split(":", 1)
        if kind in ("ticket", "customer"):
            account, rest = rest.split(":", 1)
            return cls(kind, rest, account)
        return cls(kind, rest)


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """What one messenger told of one fact. Never changed; unique by `key`, which is the messenger's own id of it."""

    subject: str
    key: str
    messenger: Messenger
    fact: Fact
    at: datetime
    seen_at: datetime
    source: Source
    actor: str = ""
    """E-mail of the one who did it, else the vendor's word for it (`zendesk`, `pagerduty`)."""
    same: str = ""
    """The vendor's id of the fact itself where all messengers give it (a comment's, a note's)."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One fact in a timeline."""

    subject: str
    key: str
    fact: Fact
    at: datetime
    """When it happened, by the clock of whoever told it."""
    seen_at: datetime
    """When we first learned of it."""
    source: Source
    actor: str = ""
    told_by: Messenger | Literal["person"] = "person"
    id: str = ""
    """Public id, where the entry is stored."""

    @property
    def order(self) -> tuple[datetime, int, str, str]:
        """Sorts a timeline; never by row or arrival."""
        return (self.judged_at, self.fact.rank, self.source, self.key)

    @property
    def judged_at(self) -> datetime:
        """`at`, unless a vendor's clock runs more than two minutes ahead of ours: then when we saw it (warning
        `vendor_clock`)."""
        return self.seen_at if self.at - self.seen_at > CLOCK_TOLERANCE else self.at


CLOCK_TOLERANCE = timedelta(minutes=2)
