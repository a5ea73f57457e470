"""The log of an incident: one entry per act."""

from datetime import datetime

from sandbox import ids
from sandbox.clock import iso
from sandbox.pagerduty.directory import Directory
from sandbox.store import Doc, Store

SUMMARIES = {
    "trigger": "Triggered",
    "acknowledge": "Acknowledged by {who}",
    "unacknowledge": "Unacknowledged",
    "escalate": "Escalated to {whom}",
    "assign": "Assigned to {whom}",
    "delegate": "Delegated to {whom}",
    "snooze": "Snoozed by {who}",
    "annotate": "Note added by {who}",
    "resolve": "Resolved by {who}",
    "reopen": "Reopened by {who}",
    "exhaust_escalation_path": "Escalation path exhausted",
    "reach_ack_limit": "Acknowledgement limit reached",
    "urgency_change": "Urgency changed by {who}",
    "notify": "Notified {whom}",
}


def write(store: Store, incident: Doc, kind: str, at: datetime, agent: Doc | None, channel: Doc, **more: object) -> Doc:
    """Add one entry. `agent`: {"user": id} or {"service": id}, None for the machine; times have whole seconds."""
    entry = {
        "id": ids.pagerduty(store),
        "kind": kind,
        "at": iso(at),
        "agent": agent or {"service": incident["service"]},
        "channel": channel,
        **more,
    }
    incident["log"].append(entry)
    return entry


def show(directory: Directory, incident: Doc, entry: Doc, with_channel: bool) -> Doc:
    """The entry as the API gives it; without `include[]=channels` the channel is only named."""
    agent = agent_ref(directory, entry["agent"])
    people = [directory.user_ref(user) for user in entry.get("assignees", [])]
    path = f"/incidents/{incident['id']}/log_entries/{entry['id']}"
    summary = SUMMARIES[entry["kind"]].format(
        who=agent["summary"], whom=", ".join(p["summary"] for p in people) or "nobody"
    )
    doc = {
        "id": entry["id"],
        "type": f"{entry['kind']}_log_entry",
        "summary": entry.get("summary", summary),
        "self": f"{directory.base}/log_entries/{entry['id']}",
        "html_url": directory.base + path,
        "created_at": entry["at"],
        "agent": agent,
        "channel": entry["channel"] if with_channel else {"type": entry["channel"]["type"]},
        "service": directory.by_id("service", incident["service"]),
        "incident": directory.ref("incident", incident["id"], f"[#{incident['number']}] {incident['title']}"),
        "teams": [],
        "contexts": entry.get("contexts", []),
    }
    if "assignees" in entry:
        doc["assignees"] = people
    for name in ("event_details", "note", "changed_actions", "acknowledgement_timeout"):
        if name in entry:
            doc[name] = entry[name]
    return doc


def agent_ref(directory: Directory, agent: Doc) -> Doc:
    """A reference to whoever did it."""
    kind, key = next(iter(agent.items()))
    return directory.by_id(kind, key)
