"""Event webhooks: what Zendesk tells of a ticket, one event for each change."""

from datetime import datetime

from sandbox import ids
from sandbox.clock import iso_ms
from sandbox.store import Doc
from sandbox.zendesk.account import Account

VERSION = "2022-11-06"
WEBHOOK = "01J0CEOC0EMERGENCIES000000"
CHANGED = {
    "status": "status_changed",
    "priority": "priority_changed",
    "assignee_id": "agent_assignment_changed",
    "ticket_form_id": "form_changed",
    "subject": "subject_changed",
    "group_id": "group_assignment_changed",
    "organization_id": "organization_changed",
    "requester_id": "requester_changed",
}
UPPER = ("status", "priority")


def tell(account: Account, doc: Doc, audit: Doc, now: datetime, created: bool) -> None:
    """Queue the events of an audit."""
    if created:
        one(account, doc, "created", {}, audit["author_id"], now)
    for event in audit["events"]:
        told = _changed(account, event) if event["type"] == "Change" else None
        if event["type"] == "Comment" and not created:
            told = ("comment_added", {"comment": _comment(account, event)})
        if told:
            one(account, doc, told[0], told[1], audit["author_id"], now)


def _changed(account: Account, event: Doc) -> tuple[str, Doc] | None:
    """The kind and content of the event for one changed field; None for those that nobody subscribed."""
    name, value, before = event["field_name"], event["value"], event["previous_value"]
    if name == "tags":
        return "tags_changed", {
            "tags_added": sorted(set(value) - set(before)),
            "tags_removed": sorted(set(before) - set(value)),
        }
    if name.isdigit():
        return "custom_field_changed", {"current": value, "previous": before, "field": {"id": name, "type": "text"}}
    if name not in CHANGED:
        return None
    return CHANGED[name], {"current": _word(name, value), "previous": _word(name, before)}


def _word(name: str, value: object) -> str | None:
    """Values as webhooks write them: ids as text, states in capitals."""
    if value is None:
        return None
    return str(value).upper() if name in UPPER else str(value)


def _comment(account: Account, event: Doc) -> Doc:
    author = account.user(event["author_id"]) or {"id": event["author_id"], "name": "", "role": "end-user"}
    return {
        "id": str(event["id"]),
        "author": {"id": str(author["id"]), "is_staff": author["role"] != "end-user", "name": author["name"]},
        "body": event["body"],
        "is_public": event["public"],
    }


def one(account: Account, doc: Doc, kind: str, content: Doc, actor: int | None, now: datetime) -> None:
    """Queue one event about a ticket."""
    body = {
        "type": f"zen:event-type:ticket.{kind}",
        "id": ids.random(),
        "account_id": account.number,
        "time": iso_ms(now),
        "zendesk_event_version": VERSION,
        "subject": f"zen:ticket:{doc['id']}",
        "detail": detail(doc, actor),
        "event": content,
    }
    account.box.hooks.queue(f"zendesk_{account.name}", f"ticket {doc['id']}", body, {"X-Zendesk-Webhook-Id": WEBHOOK})


def detail(doc: Doc, actor: int | None) -> Doc:
    """The ticket as event webhooks write it: every id as text."""
    numbers = {
        name: _word("", doc[name])
        for name in ("assignee_id", "group_id", "organization_id", "requester_id", "submitter_id")
    }
    return {
        "actor_id": _word("", actor),
        "brand_id": "1",
        "created_at": doc["created_at"],
        "custom_status": None,
        "description": doc["description"],
        "external_id": doc["external_id"],
        "form_id": _word("", doc["ticket_form_id"]),
        "id": str(doc["id"]),
        "is_public": doc["is_public"],
        "priority": _word("priority", doc["priority"]),
        "status": _word("status", doc["status"]),
        "subject": doc["subject"],
        "tags": doc["tags"],
        "type": (doc["type"] or "").upper() or None,
        "updated_at": doc["updated_at"],
        "via": {"channel": doc["via"]["channel"]},
        **numbers,
    }
