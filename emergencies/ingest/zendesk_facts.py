"""Zendesk's structs → sightings. Pure: who is an agent, who is ours, and where our accounts live are handed in.

Audits are Zendesk's own log: each event of one is a fact. Webhooks and the answers to our commands tell the same
facts with the same field, value and e-mail, so that they settle into one entry; a comment and the creation carry
their id as `same`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from ceoc.vendors.zendesk_audits import AuditEventRead, AuditRead
from ceoc.vendors.zendesk_events import TicketEvent
from ceoc.vendors.zendesk_shapes import CommentRead
from emergencies.ingest import naming
from emergencies.ingest.zendesk_changes import Changed, facts_of
from emergencies.ingest.zendesk_comments import fact_of
from emergencies.ingest.zendesk_frame import Frame
from emergencies.story import kinds as k
from emergencies.story.entries import Messenger, Ref
from emergencies.timeline.drafts import Seen

STEP = timedelta(microseconds=1)
"""Audits know whole seconds; what happened within one keeps their order by this much."""


def of_audits(frame: Frame, audits: Sequence[AuditRead]) -> list[Seen]:
    """What all audits of a ticket tell; they are complete, oldest first. The first one makes the ticket."""
    told: list[Seen] = []
    within: dict[datetime, int] = {}
    for nth, audit in enumerate(audits):
        steps = within.get(audit.at, 0)
        made = [_created(frame, audit)] if nth == 0 else []
        found = [*made, *_of_events(frame, audit, first=nth == 0)]
        told += [
            _seen(frame, audit, one, "log", audit.at + (steps + number) * STEP) for number, one in enumerate(found)
        ]
        within[audit.at] = steps + len(found)
    return told


def of_answer(frame: Frame, audit: AuditRead) -> list[Seen]:
    """What the answer to a command of ours tells: the audit that it made."""
    return [_seen(frame, audit, one, "answer", audit.at) for one in _of_events(frame, audit, first=False)]


def of_event(frame: Frame, event: TicketEvent, at: datetime, description: str) -> list[Seen]:
    """What a webhook itself tells; nothing for events that no entry stands for."""
    actor = frame.email(event.actor_id) or "zendesk"
    return [
        Seen(
            subject=frame.ref,
            key=f"zd-hook:{frame.account}:{event.id}:{number}",
            messenger="webhook",
            fact=told.fact,
            at=at,
            source="zendesk",
            actor=told.actor or actor,
            same=told.same,
            title=told.title,
            body=told.body,
            klass=frame.account,
        )
        for number, told in enumerate(_of_event(frame, event, description))
    ]


class _Told(msgspec.Struct, frozen=True, kw_only=True):
    """One fact with the words that go with it. `part` names it within its audit."""

    fact: k.Fact
    part: str = ""
    actor: str = ""
    same: str = ""
    title: str = ""
    body: str = ""


def _of_events(frame: Frame, audit: AuditRead, *, first: bool) -> Iterable[_Told]:
    merged = False
    for event in audit.events:
        if event.comment is not None:
            if not first:  # the first audit's comment is the description, never a word of the conversation
                yield _commented(frame, event.comment, event.id, frame.begun.get(audit.command))
        elif event.kind == "AgentMacroReference":
            yield _Told(fact=k.MacroApplied(title=event.macro, macro=event.macro_id), part=event.id)
        elif event.kind in ("Change", "Create"):
            yield from _changed(frame, audit, event, first=first)
        merged = merged or (audit.via.rel == "merge" and bool(audit.via.into))
    if merged:
        yield _merged(frame, audit.via.into)


def _merged(frame: Frame, into: str) -> _Told:
    fact = k.TicketMerged(into=Ref("ticket", into, frame.account).key)
    return _Told(fact=fact, part="merged", same=f"merged:{frame.ref.key}:{into}")


def _changed(frame: Frame, audit: AuditRead, event: AuditEventRead, *, first: bool) -> Iterable[_Told]:
    """A field's new value. What a new ticket begins with stands in its creation, as far as that has room for it."""
    if first and event.field in CREATED_WITH:
        return
    by_agent = frame.is_agent(audit.author_id) and not (event.via.automatic or audit.via.automatic)
    changed = Changed(
        field=event.field,
        value=event.value,
        previous=event.previous,
        values=event.values,
        previous_values=event.previous_values,
        by_agent=by_agent,
    )
    for number, (fact, title) in enumerate(facts_of(frame, changed)):
        yield _Told(fact=fact, part=f"{event.id}:{number}" if number else event.id, title=title)


CREATED_WITH = frozenset({"subject", "status", "priority", "ticket_form_id", "requester_id", "organization_id"})
"""Fields whose first value the creation itself tells."""


def _commented(frame: Frame, comment: CommentRead, part: str = "", begun_at: datetime | None = None) -> _Told:
    return _Told(
        fact=fact_of(frame, comment, begun_at),
        part=part,
        actor=frame.email(comment.author_id) or "zendesk",
        same=f"comment:{frame.account}:{comment.id}",
        body=comment.text,
    )


def _created(frame: Frame, audit: AuditRead) -> _Told:
    """The creation, with what the ticket was made with; what it is now comes from the changes after it."""
    at_first = {event.field: event.value for event in audit.events if event.kind == "Create"}
    described = next((event.comment for event in audit.events if event.comment), None)
    ticket = frame.ticket
    requester = at_first.get("requester_id") or ticket.requester_id
    organization = at_first.get("organization_id", "")
    pages = [value for field, value in at_first.items() if frame.titles.get(field) == "PagerDuty incident"]
    fact = k.TicketCreated(
        customer=frame.customer(organization, requester),
        requester=frame.email(requester),
        priority=at_first.get("priority", ""),
        status=at_first.get("status", ""),
        form=frame.forms.get(at_first.get("ticket_form_id", ""), ""),
        pages=naming.pages_of_field(" ".join(pages)),
        url=ticket.url,
        continues=Ref("ticket", ticket.follows, frame.account).key if ticket.follows else "",
        attachments=described.attachments if described else (),
    )
    title = at_first.get("subject") or ticket.subject
    return _created_told(frame, fact, title, described.text if described else "", requester)


def _created_told(frame: Frame, fact: k.TicketCreated, title: str, body: str, requester: str) -> _Told:
    actor = frame.email(requester) or "zendesk"
    return _Told(fact=fact, part="made", actor=actor, same=f"made:{frame.ref.key}", title=title, body=body)


def _of_event(frame: Frame, event: TicketEvent, description: str) -> Iterable[_Told]:
    ticket, kind = frame.ticket, event.kind.removeprefix("ticket.")
    if kind == "created":
        fact = k.TicketCreated(
            customer=frame.customer(ticket.organization_id, ticket.requester_id),
            requester=frame.email(ticket.requester_id),
            priority=ticket.priority,
            status=ticket.status,
            form=frame.forms.get(ticket.form_id, ""),
        )
        yield _created_told(frame, fact, ticket.subject, description, ticket.requester_id)
    elif kind == "comment_added" and event.comment is not None:
        if not _describes(event, description):
            yield _commented(frame, event.comment)
    elif kind == "merged" and event.merged_into:
        yield _merged(frame, event.merged_into)
    elif kind in EVENT_FIELDS:
        changed = Changed(
            field=event.field if kind == "custom_field_changed" else EVENT_FIELDS[kind],
            value="deleted" if kind == "soft_deleted" else event.current,
            previous=event.previous,
            added=event.added,
            removed=event.removed,
            by_agent=frame.is_agent(event.actor_id),
        )
        for changing, title in facts_of(frame, changed):
            yield _Told(fact=changing, title=title)


EVENT_FIELDS = {
    "status_changed": "status",
    "priority_changed": "priority",
    "agent_assignment_changed": "assignee_id",
    "tags_changed": "tags",
    "form_changed": "ticket_form_id",
    "ticket_form_changed": "ticket_form_id",
    "organization_changed": "organization_id",
    "requester_changed": "requester_id",
    "subject_changed": "subject",
    "custom_field_changed": "",
    "soft_deleted": "status",
}
"""Kind of the event → the field that changed."""


def _describes(event: TicketEvent, description: str) -> bool:
    """Whether the comment of an event is the ticket's description told once more."""
    made = event.ticket.created_at if event.ticket else None
    same = event.comment is not None and event.comment.text.strip() == description.strip()
    return same and made is not None and event.at is not None and event.at - made <= timedelta(seconds=2)


def _seen(frame: Frame, audit: AuditRead, told: _Told, messenger: Messenger, at: datetime) -> Seen:
    way = "zd-audit" if messenger == "log" else "zd-answer"
    return Seen(
        subject=frame.ref,
        key=f"{way}:{frame.account}:{audit.id}:{told.part}",
        messenger=messenger,
        fact=told.fact,
        at=at,
        source="zendesk",
        actor=told.actor or _author(frame, audit),
        same=told.same,
        title=told.title,
        body=told.body,
        klass=frame.account,
    )


def _author(frame: Frame, audit: AuditRead) -> str:
    """Who changed the ticket; what the product's own agent did was the wish of the person whose command it was."""
    if audit.command_by and frame.is_own_agent(audit.author_id):
        return audit.command_by
    return frame.email(audit.author_id) or "zendesk"
