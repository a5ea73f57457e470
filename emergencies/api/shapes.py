"""The shapes of emergencies in the API, spelled as the vocabulary has them. Times are RFC 3339 in UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from emergencies.policy.judgement import Stage

Account = Literal["global", "us_gov"]
Region = Literal["AMER", "EMEA", "APAC", "US_GOV"]
Ended = Literal[
    "solved", "deescalated", "downgraded", "not_entitled", "merged", "joined", "withdrawn",
]  # fmt: skip
Role = Literal[
    "dri", "duty_dri", "engaged", "proposed", "support_manager", "director", "incoming", "taker", "incident_lead",
    "gov_day", "customer",
]  # fmt: skip
PageState = Literal["triggered", "acknowledged", "resolved", "merged", "unknown"]
StepState = Literal["seen", "said", "todo", "now", "locked", "skipped", "not_needed", "reopened", "unjudged"]


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """The customer, as Zendesk told; null is what is not known yet."""

    name: str | None
    plan: str | None
    entitled: Literal["yes", "lapsed", "no", "unknown"]
    seats: int | None
    csm: str | None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the emergency. `contacted`: the customer was written to on a ticket that belongs with it."""

    id: str
    status: PageState
    contacted: bool
    url: str | None


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket of the emergency. `contact_at` is our first contact on it."""

    id: str
    account: Account
    status: str | None
    priority: str | None
    contact_at: datetime | None
    url: str | None


class Determination(msgspec.Struct, frozen=True, kw_only=True):
    """Whether it is an emergency. None is recorded in this release: it is always null."""

    kind: Literal["strict", "exception", "needs_info", "not_emergency"]
    expect: Literal["immediate", "sla"] | None
    final: bool
    at: datetime
    by: str
    via: str


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What an act is about, by the vendor's id; the emergency itself by its own."""

    kind: Literal["page", "ticket", "promise", "handover", "emergency"]
    id: str


class Owed(msgspec.Struct, frozen=True, kw_only=True):
    """An act that somebody owes. `owner` is null where a role on call answers for it."""

    kind: str
    rank: int
    role: Role
    owner: str | None
    opens_at: datetime
    due_at: datetime | None
    open: bool
    locked: bool
    late: bool
    rules: tuple[str, ...]
    about: About
    ticket: str | None


class Warned(msgspec.Struct, frozen=True, kw_only=True):
    """Something that people should see."""

    kind: str
    rules: tuple[str, ...]


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why somebody is proposed."""

    rules: tuple[str, ...]
    text: str


class Dispatch(msgspec.Struct, frozen=True, kw_only=True):
    """Who should take it. No roster is known in this release: it is always null."""

    proposed: str | None
    action: str
    reasons: tuple[Reason, ...]


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """The entry by which a step was seen done."""

    entry: str | None
    text: str


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """A step of the checklist. Runbooks come with a later release: until then `runbook` and `version` are null."""

    id: str
    runbook: str | None
    version: int | None
    state: StepState
    rules: tuple[str, ...]
    evidence: Evidence | None


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A fact: `at` when it happened, `seen_at` when it was learned of. `text` is what somebody wrote, else what
    happened in words."""

    id: str
    kind: str
    at: datetime
    seen_at: datetime
    source: Literal["pagerduty", "zendesk", "slack", "dashboard"]
    actor: str
    text: str
    taken_back: bool


class AsOf(msgspec.Struct, frozen=True, kw_only=True):
    """When each vendor last told something; null for never, and where an earlier time was asked for."""

    pagerduty: datetime | None
    zendesk: datetime | None
    slack: datetime | None


class Emergency(msgspec.Struct, frozen=True, kw_only=True, rename={"klass": "class"}):
    """One customer's trouble: its pages, tickets and timeline, and what is owed. The oldest entry comes first."""

    id: str
    stage: Stage
    ended: Ended | None
    region: Region | None
    klass: Account
    incident: str | None
    continues: str | None
    customer: Customer
    subject: str | None
    dri: str | None
    pages: tuple[Page, ...]
    tickets: tuple[Ticket, ...]
    determination: Determination | None
    owed: tuple[Owed, ...]
    warnings: tuple[Warned, ...]
    dispatch: Dispatch | None
    steps: tuple[Step, ...]
    timeline: tuple[TimelineEntry, ...]
    as_of: AsOf


class Emergencies(msgspec.Struct, frozen=True, kw_only=True):
    """A page of emergencies; `next` is the address of the next one."""

    results: tuple[Emergency, ...]
    next: str | None


class InShort(msgspec.Struct, frozen=True, kw_only=True):
    """Which emergency it is."""

    id: str
    customer: Customer
    stage: Stage


class Next(msgspec.Struct, frozen=True, kw_only=True):
    """The first of all that a person owes, and where."""

    owed: Owed
    emergency: InShort


class WaitingPage(msgspec.Struct, frozen=True, kw_only=True, rename={"klass": "class"}):
    """A page made by hand that waits to be tied. `id` is PagerDuty's."""

    id: str
    klass: Account
    title: str
    text: str
    service: str
    at: datetime
    url: str | None


class WaitingPages(msgspec.Struct, frozen=True, kw_only=True):
    """The pages that wait, the longest waiting first."""

    results: tuple[WaitingPage, ...]
    next: str | None = None
