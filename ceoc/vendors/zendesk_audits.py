"""Zendesk's audits (updates of a ticket, with all that happened in each) as frozen structs, with their parser."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from ceoc.vendors import parsing
from ceoc.vendors.zendesk_shapes import CommentRead, Via, comment, plain, via


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
    command_by: str = ""
    """E-mail of the person whose command it was."""


def audit(raw: parsing.Json) -> AuditRead:
    """An audit with its events. Kinds of events that are not known keep their word."""
    own, number, author = via(parsing.get(raw, "via")), parsing.must(raw, "id"), parsing.text(raw, "author_id")
    at = parsing.must_instant(raw, "created_at")
    frame = CommentRead(id="", at=at, author_id=author, public=False, text="", via=own, audit_id=number)
    return AuditRead(
        id=number,
        ticket=parsing.must(raw, "ticket_id"),
        at=at,
        author_id=author,
        events=tuple(_audit_event(one, frame) for one in parsing.items(raw, "events")),
        via=own,
        command=plain(parsing.get(raw, "metadata", "custom", "ceoc_command")),
        command_by=plain(parsing.get(raw, "metadata", "custom", "ceoc_by")).lower(),
    )


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
