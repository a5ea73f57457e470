"""What policy concludes from a story at a time: stage, end, owed acts, warnings (vocabulary.md). Frozen values,
instants in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from emergencies.story.story import End

Stage = Literal["deferred", "ringing", "closed", "ending", "working", "waiting", "reviewing"]
Role = Literal[
    "dri", "duty_dri", "engaged", "proposed", "support_manager", "director", "incoming", "taker", "incident_lead",
    "gov_day",
    "customer", "dispatch",
]  # fmt: skip


class About(msgspec.Struct, frozen=True):
    """What an owed act is about: a page, a ticket, a promise, a handover or the emergency itself, by its subject
    key."""

    kind: Literal["page", "ticket", "promise", "handover", "emergency"]
    key: str


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """An act that somebody owes. Absolute instants and a role; persons and lateness are resolved at reading."""

    kind: str
    rules: tuple[str, ...]
    rank: int
    role: Role
    opens_at: datetime
    due_at: datetime | None
    about: About
    locked: bool = False
    survives: bool = False

    def open(self, now: datetime) -> bool:
        """Whether it can be done now."""
        return self.opens_at <= now

    def late(self, now: datetime) -> bool:
        """Whether its due instant has come (half-open: what is due by 16:45 is late from 16:45:00)."""
        return self.due_at is not None and now >= self.due_at


class Warning(msgspec.Struct, frozen=True, kw_only=True):
    """Something that people should see beside the emergency."""

    kind: str
    rules: tuple[str, ...] = ()
    about: str = ""


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of the team that policy needs; the defaults are the procedure's."""

    at_once: timedelta = timedelta(minutes=2)
    first_reply: timedelta = timedelta(minutes=30)
    apart: timedelta = timedelta(seconds=30)
    """Across vendors 'before' needs this much."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What is so at `at`, and when it would next be otherwise."""

    stage: Stage
    ended: End | None
    owed: tuple[Owed, ...] = ()
    """In the order of the procedure: rank, then due time."""
    late: tuple[str, ...] = ()
    """Kinds of the owed acts that are late at this time."""
    warnings: tuple[Warning, ...] = ()
    changes_at: datetime | None = None
    """The first instant strictly later at which the answer would differ if nothing else happens."""

    @property
    def open(self) -> bool:
        """`ending` and `deferred` are open; only `closed` is not."""
        return self.stage != "closed"

    def next_owed(self, now: datetime) -> Owed | None:
        """The first act that is open and not locked: late ones first inside a rank."""
        ready = [act for act in self.owed if act.open(now) and not act.locked]
        return min(ready, key=lambda act: (act.rank, not act.late(now), act.due_at or FAR), default=None)


FAR = datetime.max.replace(tzinfo=UTC)
