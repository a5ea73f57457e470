"""Zendesk's event webhooks, and our trigger's JSON, as a frozen struct, with their parser."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from ceoc.vendors import parsing
from ceoc.vendors.zendesk_shapes import CommentRead, TicketRead, plain, ticket


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
