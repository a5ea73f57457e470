"""Webhooks v3: what PagerDuty tells of an incident, in the shape of its published examples."""

from datetime import datetime

from sandbox import ids
from sandbox.clock import iso_ms
from sandbox.pagerduty import log
from sandbox.pagerduty.directory import Directory
from sandbox.store import Doc

SUBSCRIPTION = ids.fixed("webhook", "ceoc")
EVENTS = [
    "incident.acknowledged",
    "incident.annotated",
    "incident.delegated",
    "incident.escalated",
    "incident.priority_updated",
    "incident.reassigned",
    "incident.reopened",
    "incident.resolved",
    "incident.responder.added",
    "incident.responder.replied",
    "incident.status_update_published",
    "incident.triggered",
    "incident.unacknowledged",
]


def brief(ref: Doc) -> Doc:
    """A reference as webhooks write it."""
    return {key: ref[key] for key in ("html_url", "id", "self", "summary", "type")}


def incident(directory: Directory, doc: Doc) -> Doc:
    """The incident as webhooks write it."""
    ref = directory.ref("incident", doc["id"], doc["title"])
    merged = doc["merged_into"]
    return {
        "id": doc["id"],
        "type": "incident",
        "self": ref["self"],
        "html_url": ref["html_url"],
        "number": doc["number"],
        "status": doc["status"],
        "incident_key": doc["key"],
        "created_at": doc["created_at"],
        "reopened_at": doc["reopened_at"],
        "title": doc["title"],
        "incident_type": {"name": "incident_default"},
        "service": brief(directory.by_id("service", doc["service"])),
        "assignees": [brief(directory.user_ref(held["user"])) for held in doc["assignments"]],
        "escalation_policy": brief(directory.by_id("escalation_policy", doc["policy"])),
        "teams": [],
        "priority": brief(directory.by_id("priority", doc["priority"])) if doc["priority"] else None,
        "urgency": doc["urgency"],
        "conference_bridge": None,
        "resolve_reason": {"type": "merge_resolve_reason", "incident": brief(directory.ref("incident", merged, None))}
        if merged
        else None,
    }


def note(directory: Directory, incident_doc: Doc, doc: Doc) -> Doc:
    """A note as webhooks write it."""
    return {
        "incident": brief(directory.ref("incident", incident_doc["id"], incident_doc["title"])),
        "id": doc["id"],
        "content": doc["content"],
        "trimmed": False,
        "type": "incident_note",
    }


def responder(directory: Directory, incident_doc: Doc, user: str, message: str) -> Doc:
    """A person asked to join, as webhooks write it."""
    return {
        "incident": brief(directory.ref("incident", incident_doc["id"], incident_doc["title"])),
        "user": brief(directory.user_ref(user)),
        "escalation_policy": None,
        "message": message,
        "state": "pending",
        "type": "incident_responder",
    }


def event(directory: Directory, kind: str, at: datetime, agent: Doc | None, data: Doc) -> Doc:
    """The body of one webhook; `agent` is None where nobody did it."""
    told = {
        "id": "01" + ids.random().replace("-", "").upper()[:24],
        "event_type": f"incident.{kind}",
        "resource_type": "incident",
        "occurred_at": iso_ms(at),
        "agent": brief(log.agent_ref(directory, agent)) if agent else None,
        "client": None,
        "data": data,
    }
    return {"event": told}


def headers() -> Doc:
    """What PagerDuty adds to each webhook, besides its signature."""
    return {"X-Webhook-Subscription": SUBSCRIPTION, "X-Webhook-Id": ids.random()}
