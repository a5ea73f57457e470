"""PagerDuty's incidents, log entries and webhooks as frozen structs, with their parsers. Instants are aware, UTC.

The same parsers read an API answer and a webhook's body. Webhooks and references give a person's id and name only; the
e-mail is filled where it is known (`emails`: PagerDuty's user id → e-mail), and empty otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from ceoc.vendors import parsing
from ceoc.vendors.errors import Unreadable

Emails = Mapping[str, str]
Status = Literal["triggered", "acknowledged", "resolved"]
STATUSES = ("triggered", "acknowledged", "resolved")
NO_DETAILS = ("type", "changeset", "notification", "responder")
"""Keys of a channel that tell nothing of what was sent."""


class Agent(msgspec.Struct, frozen=True, kw_only=True):
    """Who did something, or is assigned: a person, a service or an integration."""

    id: str = ""
    kind: str = ""
    """PagerDuty's type without `_reference`: `user`, `service`, `integration`, `bot_user`."""
    name: str = ""
    email: str = ""

    @property
    def is_person(self) -> bool:
        """Whether it is a user of PagerDuty."""
        return self.kind == "user"


class UserRead(msgspec.Struct, frozen=True, kw_only=True):
    """A user of PagerDuty."""

    id: str
    name: str
    email: str
    zone: str = ""


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """By what PagerDuty reaches a user: the kinds of ways, never a number or an address."""

    user: UserRead
    ways: tuple[str, ...] = ()
    """Kinds that work, each once: `phone`, `sms`, `push`, `email`, `whatsapp`."""
    rung: tuple[str, ...] = ()
    """Those of them that a rule of high urgency uses."""


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """Who acknowledged, and when."""

    at: datetime
    by: Agent


class PageRead(msgspec.Struct, frozen=True, kw_only=True):
    """A page as PagerDuty has it now."""

    id: str
    number: int
    title: str
    status: Status
    created_at: datetime
    updated_at: datetime | None = None
    """When the incident last changed; absent in webhooks."""
    resolved_at: datetime | None = None
    reopened_at: datetime | None = None
    changed_by: Agent | None = None
    """Who changed the status last; absent in webhooks."""
    service_id: str = ""
    service: str = ""
    policy_id: str = ""
    policy: str = ""
    """Name of the escalation policy."""
    urgency: str = ""
    key: str = ""
    """The incident key: `ceoc-<command id>` on what this product sent to call a colleague."""
    url: str = ""
    assigned: tuple[Agent, ...] = ()
    acknowledgements: tuple[Acknowledgement, ...] = ()
    """Those that hold now; empty once resolved, and in webhooks."""
    merged_into: str = ""
    """Id of the incident that this one was merged into."""
    body: str = ""
    """Every text of the body and of the trigger's details, one a line: where a ticket may be named (PAGE-14)."""


class LogEntryRead(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of a page's log."""

    id: str
    kind: str
    """PagerDuty's type without `_log_entry`: `trigger acknowledge unacknowledge escalate assign delegate annotate
    snooze reach_ack_limit exhaust_escalation_path repeat_escalation_path resolve notify …`."""
    at: datetime
    page: str
    agent: Agent
    channel: str = ""
    """The channel's type: `website web_trigger api email note timeout auto …`."""
    summary: str = ""
    assignees: tuple[Agent, ...] = ()
    policy: str = ""
    """The escalation policy that it went to, where it says so."""
    note: str = ""
    until: datetime | None = None
    """Of a snooze: when it ends."""
    merged_into: str = ""
    """Of a resolve by merging: the other incident's id."""
    responder: Agent | None = None
    body: str = ""
    """Every text of the channel's details, one a line (of a trigger: PAGE-14)."""


class NoteRead(msgspec.Struct, frozen=True, kw_only=True):
    """A note on a page."""

    id: str
    at: datetime | None
    by: Agent
    text: str
    page: str = ""


class PageEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook (v3) of PagerDuty."""

    id: str
    """The event's id: the same in every repetition."""
    kind: str
    """`incident.triggered`, `incident.acknowledged`, `incident.annotated`, …, `pagey.ping`."""
    at: datetime
    agent: Agent | None
    page_id: str
    """The incident that it is about; "" where it is about none."""
    page: PageRead | None = None
    """The incident as the event carries it; events about a part of it carry a reference only."""
    note: NoteRead | None = None
    responder: Agent | None = None


def agent(raw: Any, emails: Emails) -> Agent:
    """A reference to a user, service or integration; an empty one for null. Full users give their e-mail themselves."""
    reference = parsing.text(raw, "id")
    return Agent(
        id=reference,
        kind=parsing.text(raw, "type").removesuffix("_reference"),
        name=parsing.text(raw, "summary") or parsing.text(raw, "name"),
        email=(parsing.text(raw, "email") or emails.get(reference, "")).lower(),
    )


def user(raw: parsing.Json) -> UserRead:
    """A user as `/users` gives it."""
    return UserRead(
        id=parsing.must(raw, "id"),
        name=parsing.text(raw, "name") or parsing.text(raw, "summary"),
        email=parsing.text(raw, "email").lower(),
        zone=parsing.text(raw, "time_zone"),
    )


def reach(who: UserRead, methods: parsing.Json, rules: parsing.Json) -> Reach:
    """What a user's contact methods and notification rules say, as their two lists give them."""
    kinds = {
        parsing.must(one, "id"): _way(parsing.must(one, "type"))
        for one in parsing.items(methods, "contact_methods")
        if parsing.get(one, "enabled") is not False and not parsing.flag(one, "blacklisted")
    }
    used = {
        parsing.text(rule, "contact_method", "id")
        for rule in parsing.items(rules, "notification_rules")
        if parsing.text(rule, "urgency") == "high"
    }
    rung = {kind for key, kind in kinds.items() if key in used}
    return Reach(user=who, ways=tuple(sorted(set(kinds.values()))), rung=tuple(sorted(rung)))


def _way(kind: str) -> str:
    """`push` of `push_notification_contact_method`."""
    return kind.removesuffix("_contact_method").removesuffix("_notification")


def page(raw: parsing.Json, emails: Emails) -> PageRead:
    """An incident, from the API (`assignments`, `incident_number`) or from a webhook (`assignees`, `number`)."""
    assigned = parsing.items(raw, "assignees") or tuple(
        assignment.get("assignee") or {} for assignment in parsing.items(raw, "assignments")
    )
    changed_by = parsing.get(raw, "last_status_change_by")
    return PageRead(
        id=parsing.must(raw, "id"),
        number=parsing.number(raw, "incident_number") or parsing.number(raw, "number") or 0,
        title=parsing.text(raw, "title") or parsing.text(raw, "summary"),
        status=_status(raw),
        created_at=parsing.must_instant(raw, "created_at"),
        updated_at=parsing.instant(raw, "updated_at"),
        resolved_at=parsing.instant(raw, "resolved_at"),
        reopened_at=parsing.instant(raw, "reopened_at"),
        changed_by=agent(changed_by, emails) if changed_by else None,
        service_id=parsing.text(raw, "service", "id"),
        service=_name(raw, "service"),
        policy_id=parsing.text(raw, "escalation_policy", "id"),
        policy=_name(raw, "escalation_policy"),
        urgency=parsing.text(raw, "urgency"),
        key=parsing.text(raw, "incident_key"),
        url=parsing.text(raw, "html_url"),
        assigned=tuple(agent(one, emails) for one in assigned),
        acknowledgements=tuple(_acknowledgement(one, emails) for one in parsing.items(raw, "acknowledgements")),
        merged_into=parsing.text(raw, "resolve_reason", "incident", "id"),
        body=_body(raw),
    )


def log_entry(raw: parsing.Json, emails: Emails) -> LogEntryRead:
    """One entry of `/incidents/{id}/log_entries`. Kinds that are not known keep their word."""
    channel = parsing.get(raw, "channel")
    responder = parsing.get(raw, "responder") or parsing.get(channel, "responder")
    return LogEntryRead(
        id=parsing.must(raw, "id"),
        kind=parsing.must(raw, "type").removesuffix("_reference").removesuffix("_log_entry"),
        at=parsing.must_instant(raw, "created_at"),
        page=parsing.text(raw, "incident", "id"),
        agent=agent(parsing.get(raw, "agent"), emails),
        channel=parsing.text(channel, "type"),
        summary=parsing.text(raw, "summary"),
        assignees=tuple(agent(one, emails) for one in parsing.items(raw, "assignees")),
        policy=_name(raw, "escalation_policy"),
        note=parsing.text(raw, "note") or parsing.text(channel, "note") or parsing.text(channel, "content"),
        until=_until(raw),
        merged_into=_merged_into(raw, channel),
        responder=agent(responder, emails) if responder else None,
        body="\n".join(parsing.strings(_details(channel))),
    )


def note(raw: parsing.Json, emails: Emails, page_id: str = "") -> NoteRead:
    """A note, from `/incidents/{id}/notes` or from `incident.annotated` (which names neither time nor author)."""
    return NoteRead(
        id=parsing.must(raw, "id"),
        at=parsing.instant(raw, "created_at"),
        by=agent(parsing.get(raw, "user"), emails),
        text=parsing.text(raw, "content"),
        page=parsing.text(raw, "incident", "id") or page_id,
    )


def event(raw: parsing.Json, emails: Emails) -> PageEvent:
    """The body of a webhook. Raises Unreadable for what is no event; kinds that are not known keep their word."""
    told = parsing.get(raw, "event")
    data = parsing.get(told, "data") or {}
    sort = parsing.text(data, "type")
    by = parsing.get(told, "agent")
    responder = parsing.get(data, "user") if sort == "incident_responder" else None
    return PageEvent(
        id=parsing.must(told, "id"),
        kind=parsing.must(told, "event_type"),
        at=parsing.must_instant(told, "occurred_at"),
        agent=agent(by, emails) if by else None,
        page_id=parsing.text(data, "id") if sort == "incident" else parsing.text(data, "incident", "id"),
        page=page(data, emails) if sort == "incident" else None,
        note=note(data, emails) if sort == "incident_note" else None,
        responder=agent(responder, emails) if responder else None,
    )


def _status(raw: parsing.Json) -> Status:
    found = parsing.must(raw, "status")
    for status in STATUSES:
        if found == status:
            return status  # type: ignore[return-value]  # one of the three literals
    raise Unreadable("The answer has a status that PagerDuty does not document.")


def _name(raw: parsing.Json, key: str) -> str:
    return parsing.text(raw, key, "summary") or parsing.text(raw, key, "name")


def _acknowledgement(raw: parsing.Json, emails: Emails) -> Acknowledgement:
    return Acknowledgement(at=parsing.must_instant(raw, "at"), by=agent(parsing.get(raw, "acknowledger"), emails))


def _body(raw: parsing.Json) -> str:
    """Texts of the body and, where the trigger's log entry is included, of its channel."""
    found = [parsing.get(raw, "body"), _details(parsing.get(raw, "first_trigger_log_entry", "channel"))]
    return "\n".join(line for part in found for line in parsing.strings(part) if line != "incident_body")


def _details(channel: Any) -> Any:
    """What a channel says beyond its type."""
    if not isinstance(channel, Mapping):
        return None
    return {key: value for key, value in channel.items() if key not in NO_DETAILS}


def _until(raw: parsing.Json) -> datetime | None:
    """When a snooze ends: the time at which the page will be unacknowledged again."""
    actions = parsing.items(raw, "changed_actions")
    return next((parsing.instant(action, "at") for action in actions if action.get("type") == "unacknowledge"), None)


def _merged_into(raw: parsing.Json, channel: Any) -> str:
    for found in (parsing.get(raw, "resolve_reason"), parsing.get(channel, "resolve_reason")):
        if parsing.text(found, "incident", "id"):
            return parsing.text(found, "incident", "id")
    return parsing.text(channel, "merged_into", "id") or parsing.text(channel, "destination_incident", "id")
