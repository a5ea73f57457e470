"""A changed field of a ticket → facts, the same from an audit's event and from a webhook. Pure."""

from __future__ import annotations

import msgspec

from emergencies.ingest import naming
from emergencies.ingest.zendesk_frame import Frame
from emergencies.story import kinds as k

ENDED = ("solved", "closed")

TITLED = {"Ticket Stage": "stage", "Product": "product", "Related ticket": "related", "PagerDuty incident": "pages"}
"""Title of a custom field → the word that entries have for it (vocabulary.md, 'Names at the vendors')."""

PLAIN = {
    "status": "status",
    "priority": "priority",
    "subject": "subject",
    "tags": "tags",
    "ticket_form_id": "form",
    "assignee_id": "assignee",
    "requester_id": "requester",
    "organization_id": "customer",
}


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """One field with its new value, in Zendesk's frame. Tags come as lists, or as what was added and removed."""

    field: str
    value: str = ""
    previous: str = ""
    values: tuple[str, ...] = ()
    previous_values: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    by_agent: bool = False


def facts_of(frame: Frame, changed: Changed) -> list[tuple[k.Fact, str]]:
    """The facts of a change, each with the text that goes with it (a subject is what people wrote, so it lies
    apart)."""
    field = PLAIN.get(changed.field) or TITLED.get(frame.titles.get(changed.field, ""))
    match field:
        case None | "form" if field is None or changed.value not in frame.forms:
            return []  # a field that no entry stands for, or a form whose name is not at hand
        case "status":
            return [(fact, "") for fact in _status(changed)]
        case "tags":
            return _tags(changed)
        case "subject":
            return [(k.TicketChanged(field="subject", by_agent=changed.by_agent), changed.value)]
    return [(k.TicketChanged(field=field, to=_word(frame, field, changed.value), by_agent=changed.by_agent), "")]


def _word(frame: Frame, field: str, value: str) -> str:
    """A value as entries write it: names of forms, e-mails of people, keys of subjects, words in small letters."""
    match field:
        case "form":
            return frame.forms[value]
        case "assignee" | "requester":
            return frame.email(value)
        case "customer":
            return frame.customer(organization=value)
        case "pages":
            return " ".join(naming.pages_of_field(value))
        case "related":
            return naming.ticket_of_field(value, frame.account)
        case "priority":
            return value.lower()
    return value


def _status(changed: Changed) -> list[k.Fact]:
    """The new status and, where it crosses that line, that the ticket was solved or is open again."""
    value, previous = changed.value.lower(), changed.previous.lower()
    facts: list[k.Fact] = [k.TicketChanged(field="status", to=value, by_agent=changed.by_agent)]
    if value in ENDED and previous not in ENDED:
        facts.append(k.TicketSolved(by_agent=changed.by_agent))
    elif previous in ENDED and value not in (*ENDED, "deleted"):
        facts.append(k.TicketReopened(by_agent=changed.by_agent))
    return facts


def _tags(changed: Changed) -> list[tuple[k.Fact, str]]:
    added = changed.added or tuple(set(changed.values) - set(changed.previous_values))
    removed = changed.removed or tuple(set(changed.previous_values) - set(changed.values))
    if not added and not removed:
        return []
    fact = k.TicketChanged(
        field="tags", added=tuple(sorted(added)), removed=tuple(sorted(removed)), by_agent=changed.by_agent
    )
    return [(fact, "")]
