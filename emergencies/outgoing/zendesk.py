"""What goes to Zendesk, as the engineer: public reply, internal note, fields and tags (PAGE-7, CALL-7)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from ceoc.outbox.kinds import Kind, Order, Sent
from ceoc.vendors import zendesk
from ceoc.vendors.zendesk import Change
from ceoc.vendors.zendesk_audits import AuditRead
from emergencies.ingest import zendesk as ingest
from emergencies.outgoing import fresh
from emergencies.outgoing.acting import at_zendesk
from emergencies.outgoing.ends import settled
from emergencies.story.kinds import Account

TITLES = {"stage": "Ticket Stage", "related": "Related ticket"}
"""Our words for custom fields, by their titles in Zendesk."""
CLOSING = {"status": ("solved", "closed"), "priority": ("high", "normal", "low")}
"""Changes that close or lower: before them the ticket is read anew."""


def send_public_reply(order: Order) -> Sent:
    """Writes to the customer."""
    audit = _door(order).public_reply(order.object_id, order.text("text"), by=at_zendesk(order), command=order.id)
    return _sent(order, audit)


def send_internal_note(order: Order) -> Sent:
    """Writes for the team."""
    audit = _door(order).internal_note(order.object_id, order.text("text"), by=at_zendesk(order), command=order.id)
    return _sent(order, audit)


def send_change(order: Order) -> Sent:
    """Sets fields and tags."""
    return _sent(order, _door(order).change(order.object_id, change_of(order), by=at_zendesk(order), command=order.id))


def change_of(order: Order) -> Change:
    """The change that the payload asks for, in Zendesk's names."""
    fields = _fields(order)
    return Change(
        status=fields.get("status", ""),
        priority=fields.get("priority", ""),
        form=fields.get("form", ""),
        assignee=fields.get("assignee", ""),
        fields={title: fields[word] for word, title in TITLES.items() if word in fields},
        add_tags=tuple(order.payload.get("add_tags", ())),
        remove_tags=tuple(order.payload.get("remove_tags", ())),
    )


def check_change(order: Order, now: datetime) -> None:
    """Refused where the ticket is to be closed or lowered and the customer wrote since."""
    fields = _fields(order)
    if any(fields.get(field) in values for field, values in CLOSING.items()):
        fresh.customer_is_quiet(order, now)


def look(order: Order) -> Sent | None:
    """The audit that carries this command's id."""
    audit = _door(order).change_of(order.object_id, order.id)
    return _sent(order, audit) if audit else None


def _sent(order: Order, audit: AuditRead) -> Sent:
    return Sent({"audit": audit.id}, partial(ingest.answered, _account(order), audit))


def _door(order: Order) -> zendesk.Zendesk:
    return zendesk.door(_account(order))


def _account(order: Order) -> Account:
    return "global" if order.account == "global" else "us_gov"


def _fields(order: Order) -> Mapping[str, str]:
    found = order.payload.get("fields", {})
    return {str(key): str(value) for key, value in found.items()} if isinstance(found, Mapping) else {}


SURE = timedelta(seconds=10)
"""Real time after which Zendesk shows what it took."""

KINDS = (
    Kind(
        name="public_reply", vendor="zendesk", title="Write to the customer", settled=settled,
        send=send_public_reply, look=look, sure_after=SURE,
        hold=timedelta(seconds=10), expires_after=timedelta(minutes=10), stale="asks",
    ),
    Kind(
        name="internal_note", vendor="zendesk", title="Write an internal note", settled=settled,
        send=send_internal_note, look=look, sure_after=SURE,
    ),
    Kind(
        name="change_ticket", vendor="zendesk", title="Change the ticket", settled=settled,
        send=send_change, look=look, check=check_change, sure_after=SURE,
    ),
)  # fmt: skip
