"""Zendesk's tickets, comments, users and organisations as frozen structs, with their parsers.

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
    into: str = ""
    """Id of the ticket that it went to (of a merge)."""

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
        into=parsing.text(source, "to", "ticket_id"),
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


def plain(value: Any) -> str:
    """A field's value as text: lists joined by blanks, true and false as words, "" for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " ".join(plain(one) for one in value)
    return value if isinstance(value, str) else str(value)
