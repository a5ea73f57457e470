"""Zendesk's tickets, audits, comments, users, organisations and event webhooks as frozen structs, with their parsers.

Ids are strings, words (status, priority, role) are lower case, instants are aware, UTC. The same parsers read an API
answer and a webhook's body. The account (`global` or `us_gov`) is not in Zendesk's answers: whoever asked knows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from ceoc.vendors import parsing
from ceoc.vendors.errors import Unreadable

Names = Mapping[str, str]
"""Id → name or title (of forms, of ticket fields)."""


class Via(msgspec.Struct, frozen=True, kw_only=True):
    """How something came in."""

    channel: str = ""
    """`web email api rule mobile system …`; what triggers and automations do comes by `rule` or `system`."""
    rel: str = ""
    """`follow_up`, `merge`, `trigger`, …"""
    tickets: tuple[str, ...] = ()
    """Ids of the tickets that it came from (a merge's, a follow-up's)."""

    @property
    def automatic(self) -> bool:
        """Whether a trigger or an automation did it, not a person."""
        return self.channel in ("rule", "system") and self.rel != "merge"


class TicketRead(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket as Zendesk has it now. Event webhooks carry less: no fields by title, lists may be empty."""

    id: str
    subject: str = ""
    status: str = ""
    """`new open pending hold solved closed deleted`."""
    priority: str = ""
    """`urgent high normal low`, "" when none is set."""
    form_id: str = ""
    form: str = ""
    """Name of the form, where the door knows it."""
    tags: tuple[str, ...] = ()
    requester_id: str = ""
    assignee_id: str = ""
    organization_id: str = ""
    field_values: dict[str, str] = {}
    """Custom fields: id → value; lists joined by blanks; "" when empty."""
    fields: dict[str, str] = {}
    """The same by title (`Ticket Stage`, `PagerDuty incident`, …), where the door knows the titles."""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    via: Via = Via()
    url: str = ""
    """The agents' page of the ticket."""

    @property
    def follows(self) -> str:
        """Id of the closed ticket that this one follows up; "" for none."""
        return self.via.tickets[0] if self.via.rel == "follow_up" and self.via.tickets else ""


class CommentRead(msgspec.Struct, frozen=True, kw_only=True):
    """A comment of a ticket, public or internal. The first one is the ticket's description."""

    id: str
    at: datetime | None
    author_id: str
    public: bool
    text: str
    attachments: tuple[str, ...] = ()
    """File names."""
    via: Via = Via()
    audit_id: str = ""


class AuditEventRead(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that happened in an audit."""

    id: str
    kind: str
    """Zendesk's type: `Create Change Comment VoiceComment Notification AgentMacroReference CommentPrivacyChange …`."""
    field: str = ""
    """Of Create and Change: the field's name (`status`, `priority`, `tags`, …) or a custom field's id."""
    value: str = ""
    previous: str = ""
    values: tuple[str, ...] = ()
    """The same as a list, for fields that hold several (tags)."""
    previous_values: tuple[str, ...] = ()
    comment: CommentRead | None = None
    """Of Comment and VoiceComment. Its id is the event's: the comment's id on all ways."""
    macro_id: str = ""
    macro: str = ""
    """Title of the macro (AgentMacroReference)."""
    comment_id: str = ""
    """Of CommentPrivacyChange: the comment."""
    public: bool | None = None
    via: Via = Via()


class AuditRead(msgspec.Struct, frozen=True, kw_only=True):
    """One update of a ticket, with all that happened in it."""

    id: str
    ticket: str
    at: datetime
    author_id: str
    """-1 for Zendesk itself."""
    events: tuple[AuditEventRead, ...] = ()
    via: Via = Via()
    command: str = ""
    """Id of our command that made it (custom metadata `ceoc_command`); "" for everybody else's."""


class UserRead(msgspec.Struct, frozen=True, kw_only=True):
    """A person in Zendesk."""

    id: str
    name: str = ""
    email: str = ""
    role: str = ""
    """`end-user`, `agent`, `admin`."""
    zone: str = ""
    """IANA name, where Zendesk gives one, else Zendesk's own name of the zone."""
    organization_id: str = ""
    active: bool = True
    suspended: bool = False

    @property
    def is_agent(self) -> bool:
        """Whether it may answer customers."""
        return self.role in ("agent", "admin")


class OrganizationRead(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's organisation."""

    id: str
    name: str = ""
    fields: dict[str, str] = {}
    """Organisation fields by key (`plan`, `subscription_end`, `seats`, …), all as text."""
    updated_at: datetime | None = None


class TicketEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event webhook of Zendesk (`zen:event-type:ticket.…`), or our trigger's JSON, which names a ticket only."""

    id: str
    kind: str
    """`ticket.created`, `ticket.comment_added`, `ticket.status_changed`, …; `trigger` for a trigger's."""
    at: datetime | None
    ticket_id: str
    ticket: TicketRead | None = None
    actor_id: str = ""
    comment: CommentRead | None = None
    current: str = ""
    previous: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    field: str = ""
    """Of custom_field_changed: the field's id."""
    merged_into: str = ""


def via(raw: Any) -> Via:
    """How it came in; an empty one for null."""
    source = parsing.get(raw, "source")
    origin = parsing.get(source, "from") or {}
    several = parsing.texts(origin, "ticket_ids")
    one = parsing.text(origin, "ticket_id")
    return Via(
        channel=parsing.text(raw, "channel"),
        rel=parsing.text(source, "rel"),
        tickets=several or ((one,) if one else ()),
    )


def ticket(raw: parsing.Json, forms: Names, titles: Names, base_url: str = "") -> TicketRead:
    """A ticket, from the API or from the `detail` of an event (which writes words in capitals and `form_id`)."""
    number = parsing.must(raw, "id")
    form = parsing.text(raw, "ticket_form_id") or parsing.text(raw, "form_id")
    values = {parsing.must(one, "id"): plain(one.get("value")) for one in parsing.items(raw, "custom_fields")}
    return TicketRead(
        id=number,
        subject=parsing.text(raw, "subject"),
        status=parsing.text(raw, "status").lower(),
        priority=parsing.text(raw, "priority").lower(),
        form_id=form,
        form=forms.get(form, ""),
        tags=parsing.texts(raw, "tags"),
        requester_id=parsing.text(raw, "requester_id"),
        assignee_id=parsing.text(raw, "assignee_id"),
        organization_id=parsing.text(raw, "organization_id"),
        field_values=values,
        fields={titles[key]: value for key, value in values.items() if key in titles},
        created_at=parsing.instant(raw, "created_at"),
        updated_at=parsing.instant(raw, "updated_at"),
        via=via(parsing.get(raw, "via")),
        url=f"{base_url}/agent/tickets/{number}" if base_url else "",
    )


def comment(raw: parsing.Json) -> CommentRead:
    """A comment as `/comments` gives it, or as it stands in an audit's event."""
    return CommentRead(
        id=parsing.must(raw, "id"),
        at=parsing.instant(raw, "created_at"),
        author_id=parsing.text(raw, "author_id"),
        public=parsing.flag(raw, "public"),
        text=parsing.text(raw, "plain_body") or parsing.text(raw, "body"),
        attachments=tuple(parsing.text(one, "file_name") for one in parsing.items(raw, "attachments")),
        via=via(parsing.get(raw, "via")),
        audit_id=parsing.text(raw, "audit_id"),
    )


def audit(raw: parsing.Json) -> AuditRead:
    """An audit with its events. Kinds of events that are not known keep their word."""
    own = via(parsing.get(raw, "via"))
    number, author, at = (
        parsing.must(raw, "id"),
        parsing.text(raw, "author_id"),
        parsing.must_instant(raw, "created_at"),
    )
    return AuditRead(
        id=number,
        ticket=parsing.must(raw, "ticket_id"),
        at=at,
        author_id=author,
        events=tuple(
            _audit_event(
                one, CommentRead(id="", at=at, author_id=author, public=False, text="", via=own, audit_id=number)
            )
            for one in parsing.items(raw, "events")
        ),
        via=own,
        command=plain(parsing.get(raw, "metadata", "custom", "ceoc_command")),
    )


def user(raw: parsing.Json) -> UserRead:
    """A user, agent or customer."""
    return UserRead(
        id=parsing.must(raw, "id"),
        name=parsing.text(raw, "name"),
        email=parsing.text(raw, "email").lower(),
        role=parsing.text(raw, "role"),
        zone=parsing.text(raw, "iana_time_zone") or parsing.text(raw, "time_zone"),
        organization_id=parsing.text(raw, "organization_id"),
        active=parsing.get(raw, "active") is not False,
        suspended=parsing.flag(raw, "suspended"),
    )


def organization(raw: parsing.Json) -> OrganizationRead:
    """An organisation with its fields."""
    fields = parsing.get(raw, "organization_fields") or {}
    if not isinstance(fields, Mapping):
        raise Unreadable("The answer has no fields at organization_fields.")
    return OrganizationRead(
        id=parsing.must(raw, "id"),
        name=parsing.text(raw, "name"),
        fields={str(key): plain(value) for key, value in fields.items()},
        updated_at=parsing.instant(raw, "updated_at"),
    )


def event(raw: parsing.Json) -> TicketEvent:
    """The body of a webhook. Raises Unreadable for what names no ticket; kinds that are not known keep their word."""
    if not parsing.text(raw, "type").startswith("zen:event-type:"):
        return TicketEvent(
            id=parsing.text(raw, "id"),
            kind="trigger",
            at=parsing.instant(raw, "time"),
            ticket_id=parsing.text(raw, "ticket_id") or parsing.must(raw, "ticket", "id"),
        )
    detail, change = parsing.get(raw, "detail") or {}, parsing.get(raw, "event") or {}
    at = parsing.instant(raw, "time")
    return TicketEvent(
        id=parsing.must(raw, "id"),
        kind=parsing.must(raw, "type").removeprefix("zen:event-type:"),
        at=at,
        ticket_id=parsing.text(detail, "id") or parsing.must(raw, "subject").rpartition(":")[2],
        ticket=ticket(detail, {}, {}) if parsing.text(detail, "id") else None,
        actor_id=parsing.text(detail, "actor_id"),
        comment=_event_comment(parsing.get(change, "comment"), at),
        current=plain(parsing.get(change, "current")),
        previous=plain(parsing.get(change, "previous")),
        added=parsing.texts(change, "tags_added"),
        removed=parsing.texts(change, "tags_removed"),
        field=parsing.text(change, "field", "id") or parsing.text(change, "field_id"),
        merged_into=parsing.text(change, "target_ticket_id") or parsing.text(change, "target_ticket", "id"),
    )


def plain(value: Any) -> str:
    """A field's value as text: lists joined by blanks, true and false as words, "" for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(plain(one) for one in value)
    return value if isinstance(value, str) else str(value)


def _listed(value: Any) -> tuple[str, ...]:
    return tuple(plain(one) for one in value) if isinstance(value, list) else ()


def _audit_event(raw: parsing.Json, frame: CommentRead) -> AuditEventRead:
    """One event; a comment takes time, author and channel from its audit (`frame`) where it names none itself."""
    kind = parsing.must(raw, "type")
    said = comment(raw) if kind in ("Comment", "VoiceComment") else None
    if said is not None:
        said = msgspec.structs.replace(
            said,
            at=said.at or frame.at,
            author_id=said.author_id or frame.author_id,
            via=said.via if said.via.channel else frame.via,
            audit_id=frame.audit_id,
        )
    return AuditEventRead(
        id=parsing.text(raw, "id"),
        kind=kind,
        field=parsing.text(raw, "field_name"),
        value=plain(raw.get("value")),
        previous=plain(raw.get("previous_value")),
        values=_listed(raw.get("value")),
        previous_values=_listed(raw.get("previous_value")),
        comment=said,
        macro_id=parsing.text(raw, "macro_id"),
        macro=parsing.text(raw, "macro_title"),
        comment_id=parsing.text(raw, "comment_id"),
        public=raw.get("public") if isinstance(raw.get("public"), bool) else None,
        via=via(parsing.get(raw, "via")),
    )


def _event_comment(raw: Any, at: datetime | None) -> CommentRead | None:
    if not isinstance(raw, Mapping):
        return None
    return CommentRead(
        id=parsing.must(raw, "id"),
        at=at,
        author_id=parsing.text(raw, "author", "id"),
        public=parsing.flag(raw, "is_public"),
        text=parsing.text(raw, "body"),
        attachments=tuple(parsing.text(one, "filename") for one in parsing.items(raw, "attachments")),
    )
