"""Incidents, notes and alerts as the REST API gives them."""

from datetime import timedelta

from sandbox.clock import iso, parse
from sandbox.pagerduty import log
from sandbox.pagerduty.directory import Directory
from sandbox.store import Doc

ALWAYS: Doc = {
    "type": "incident",
    "teams": [],
    "alert_grouping": None,
    "conference_bridge": None,
    "incidents_responders": [],
    "incident_type": {"name": "incident_default"},
}


def incident(directory: Directory, doc: Doc, include: list[str] | None = None) -> Doc:
    """An incident in full; `include` puts whole objects where references stand."""
    include = include or []
    ref = directory.ref("incident", doc["id"], f"[#{doc['number']}] {doc['title']}")
    shown = ref | {
        **ALWAYS,
        "incident_number": doc["number"],
        "title": doc["title"],
        "description": doc["title"],
        "created_at": doc["created_at"],
        "updated_at": doc["updated_at"],
        "status": doc["status"],
        "incident_key": doc["key"],
        "service": directory.by_id("service", doc["service"]),
        "assigned_via": doc["assigned_via"],
        "assignments": [_held(directory, "assignee", held, "assignees" in include) for held in doc["assignments"]],
        "acknowledgements": [
            _held(directory, "acknowledger", held, "acknowledgers" in include) for held in doc["acknowledgements"]
        ],
        "last_status_change_at": doc["changed_at"],
        "last_status_change_by": log.agent_ref(directory, doc["changed_by"]),
        "resolved_at": doc["resolved_at"],
        "first_trigger_log_entry": first_trigger(directory, doc, "first_trigger_log_entries" in include),
        "alert_counts": _alert_counts(doc),
        "is_mergeable": doc["status"] != "resolved",
        "escalation_policy": directory.by_id("escalation_policy", doc["policy"]),
        "pending_actions": pending(directory, doc),
        "priority": priority(directory, doc),
        "resolve_reason": resolve_reason(directory, doc),
        "responder_requests": doc["responder_requests"],
        "impacted_services": [directory.by_id("service", doc["service"])],
        "urgency": doc["urgency"],
    }
    if doc.get("body") and "body" in include:
        shown["body"] = doc["body"]
    return shown


def _held(directory: Directory, name: str, held: Doc, whole: bool) -> Doc:
    """An assignment or acknowledgement."""
    return {"at": held["at"], name: directory.user(held["user"]) if whole else directory.user_ref(held["user"])}


def first_trigger(directory: Directory, doc: Doc, whole: bool) -> Doc:
    """The first log entry, whole or as a reference."""
    entry = log.show(directory, doc, doc["log"][0], True)
    if whole:
        return entry
    return {key: entry[key] for key in ("id", "summary", "self", "html_url")} | {"type": "trigger_log_entry_reference"}


def priority(directory: Directory, doc: Doc) -> Doc | None:
    """The priority in full, or None."""
    if not doc["priority"]:
        return None
    ref = directory.by_id("priority", doc["priority"])
    return ref | {"type": "priority", "name": ref["summary"], "description": ""}


def resolve_reason(directory: Directory, doc: Doc) -> Doc | None:
    """Why it was resolved, where it was merged away."""
    if not doc["merged_into"]:
        return None
    return {"type": "merge_resolve_reason", "incident": directory.ref("incident", doc["merged_into"], None)}


def pending(directory: Directory, doc: Doc) -> list[Doc]:
    """What will happen by itself, and when."""
    if doc["snoozed_until"]:
        return [{"type": "unacknowledge", "at": doc["snoozed_until"]}]
    if doc["status"] == "triggered" and doc["level"]:
        minutes = directory.policies[doc["policy"]].levels[doc["level"] - 1][1]
        return [{"type": "escalate", "at": iso(parse(doc["level_since"]) + timedelta(minutes=minutes))}]
    return []


def _alert_counts(doc: Doc) -> Doc:
    resolved = sum(alert["status"] == "resolved" for alert in doc["alerts"])
    return {"all": len(doc["alerts"]), "triggered": len(doc["alerts"]) - resolved, "resolved": resolved}


def note(directory: Directory, doc: Doc) -> Doc:
    """A note."""
    return {
        "id": doc["id"],
        "user": directory.user_ref(doc["user"]),
        "channel": {"summary": doc["channel"], "type": doc["channel"]},
        "content": doc["content"],
        "created_at": doc["at"],
    }


def alert(directory: Directory, incident_doc: Doc, doc: Doc) -> Doc:
    """An alert: the event that made the incident, with all its custom details."""
    path = f"{directory.base}/incidents/{incident_doc['id']}/alerts/{doc['id']}"
    return {
        "id": doc["id"],
        "type": "alert",
        "summary": doc["summary"],
        "self": path,
        "html_url": path,
        "created_at": doc["at"],
        "status": doc["status"],
        "alert_key": doc["key"],
        "suppressed": False,
        "severity": "critical",
        "service": directory.by_id("service", incident_doc["service"]),
        "incident": directory.ref("incident", incident_doc["id"], incident_doc["title"]),
        "first_trigger_log_entry": first_trigger(directory, incident_doc, False),
        "integration": directory.integration(incident_doc["service"]),
        "body": {
            "type": "alert_body",
            "contexts": doc["contexts"],
            "details": doc["details"],
            "cef_details": {"message": doc["summary"], "severity": "critical", "details": doc["details"]},
        },
    }
