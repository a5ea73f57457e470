"""What happened at the vendors, told by each messenger in its own words: raw JSON of logs, webhooks and answers.

Everything goes through the real parsers and the real facts; nothing here knows what becomes of it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from ceoc.inbox.people import VendorPerson
from ceoc.vendors import pagerduty_shapes, zendesk_events, zendesk_shapes
from ceoc.vendors.zendesk_audits import audit
from emergencies.ingest import naming, pagerduty_facts, zendesk_facts
from emergencies.ingest.zendesk_frame import Frame
from emergencies.timeline.drafts import Seen

BEGAN = datetime(2026, 7, 1, 16, 20, tzinfo=UTC)
EMAILS = {"PMIRA01": "mira@demo.example", "PTHEO01": "theo@demo.example"}
PAGE, TICKET = "Q2K7", "512880"
ADDRESSES = naming.Addresses({"global": "https://acme.zendesk.com", "us_gov": "https://gov.zendesk.com"})

LOG = {
    "acknowledged": "acknowledge",
    "unacknowledged": "unacknowledge",
    "resolved": "resolve",
    "reopened": "reopen",
    "escalated": "escalate",
    "reassigned": "assign",
    "delegated": "delegate",
    "annotated": "annotate",
}
"""Kind of the event → kind of the log line."""
STATUS = {"acknowledged": "acknowledged", "resolved": "resolved"}

KNOWN = {
    "9001": VendorPerson("9001", "mira@demo.example", "Mira Okafor", agent=True),
    "9002": VendorPerson("9002", "theo@demo.example", "Theo Lindqvist", agent=True),
    "7001": VendorPerson("7001", "jonas@northwind.example", "Jonas Weber"),
}


class Act(msgspec.Struct, frozen=True):
    """One thing that somebody did, so many milliseconds after the beginning."""

    kind: str
    by: str
    after: int
    value: str = ""

    @property
    def at(self) -> datetime:
        return BEGAN + timedelta(milliseconds=self.after)


def iso(at: datetime, *, fraction: bool = True) -> str:
    return at.isoformat(timespec="milliseconds" if fraction else "seconds").replace("+00:00", "Z")


def whole(at: datetime) -> str:
    return iso(at.replace(microsecond=0), fraction=False)


def user(key: str) -> dict[str, Any] | None:
    return {"id": key, "type": "user_reference", "summary": key} if key else None


def incident(status: str = "triggered", **more: Any) -> dict[str, Any]:
    service = {"id": "PS", "type": "service_reference", "summary": "Customer Support"}
    policy = {"id": "PE", "type": "escalation_policy_reference", "summary": "Customer Emergencies AMER"}
    return {
        "id": PAGE,
        "type": "incident",
        "number": 7,
        "title": "Gitaly storage full",
        "status": status,
        "service": service,
        "escalation_policy": policy,
        "created_at": whole(BEGAN),
        "assignees": [user("PMIRA01")],
        "incident_key": "k",
    } | more


def frame(raw: dict[str, Any] | None = None) -> pagerduty_facts.Frame:
    page = pagerduty_shapes.page(raw or incident(), EMAILS)
    return pagerduty_facts.Frame(page=page, addresses=ADDRESSES, klass="global")


def log_of(acts: list[Act]) -> list[Seen]:
    """What PagerDuty's log and notes tell of the page, read at the end."""
    agent = {"id": "PS", "type": "service_reference", "summary": "Customer Support"}
    lines = [
        {
            "id": "R0",
            "type": "trigger_log_entry",
            "created_at": whole(BEGAN),
            "agent": agent,
            "channel": {"type": "api"},
        }
    ]
    notes = []
    for number, act in enumerate(acts, 1):
        lines.append(
            {
                "id": f"R{number}",
                "type": f"{LOG[act.kind]}_log_entry",
                "created_at": whole(act.at),
                "agent": user(act.by) or agent,
                "channel": {"type": "website"},
                "assignees": [user("PTHEO01")],
            }
        )
        if act.kind == "annotated":
            notes.append({"id": f"N{number}", "user": user(act.by), "content": "note", "created_at": whole(act.at)})
    read = [pagerduty_shapes.log_entry(line, EMAILS) for line in lines]
    told = [pagerduty_shapes.note(note, EMAILS, PAGE) for note in notes]
    return pagerduty_facts.of_log(frame(), read) + pagerduty_facts.of_notes(frame(), told, read)


def hooks_of(acts: list[Act]) -> list[Seen]:
    """What PagerDuty's webhooks tell of the page."""
    service = {"id": "PS", "type": "service_reference", "summary": "Customer Support"}
    bodies = [event("E0", "triggered", BEGAN + timedelta(milliseconds=3), service, incident())]
    for number, act in enumerate(acts, 1):
        data = incident(STATUS.get(act.kind, "triggered"), assignees=[user("PTHEO01")])
        if act.kind == "annotated":
            data = {"id": f"N{number}", "type": "incident_note", "content": "note", "incident": {"id": PAGE}}
        bodies.append(event(f"E{number}", act.kind, act.at, user(act.by), data))
    told = []
    for body in bodies:
        read = pagerduty_shapes.event(body, EMAILS)
        told += pagerduty_facts.of_event(frame(body["event"]["data"]) if read.page else frame(), read)
    return told


def event(key: str, kind: str, at: datetime, agent: Any, data: dict[str, Any]) -> dict[str, Any]:
    told = {"id": key, "event_type": f"incident.{kind}", "occurred_at": iso(at), "agent": agent, "data": data}
    return {"event": told}


def answers_of(acts: list[Act]) -> list[Seen]:
    """What PagerDuty would have answered, had the dashboard done these acts."""
    told: list[Seen] = []
    for act in acts:
        if act.kind == "acknowledged" and act.by:
            held = [{"at": whole(act.at), "acknowledger": user(act.by)}]
            told += pagerduty_facts.of_answer(frame(incident("acknowledged", acknowledgements=held)))
        elif act.kind == "resolved" and act.by:
            more = {"resolved_at": whole(act.at), "last_status_change_by": user(act.by)}
            told += pagerduty_facts.of_answer(frame(incident("resolved", **more)))
    return told


# --- Zendesk ------------------------------------------------------------------------------------------------------


def ticket_frame() -> Frame:
    raw = {"id": TICKET, "requester_id": "7001", "organization_id": "55", "status": "new", "created_at": whole(BEGAN)}
    return Frame(
        account="global",
        ticket=zendesk_shapes.ticket(raw, {}, {}),
        known=KNOWN,
        forms={"21": "Emergencies"},
        ours=frozenset({"mira@demo.example"}),
    )


def audits_of(acts: list[Act]) -> list[Seen]:
    """What Zendesk's audits tell of the ticket, read at the end."""
    created = {
        "status": "new",
        "priority": "urgent",
        "requester_id": "7001",
        "organization_id": "55",
        "subject": "Gitaly",
    }
    events = [
        {"id": str(n), "type": "Create", "field_name": name, "value": value}
        for n, (name, value) in enumerate(created.items())
    ]
    events.append({"id": "99", "type": "Comment", "body": "Nobody can push.", "public": True, "author_id": "7001"})
    raws = [audit_raw(1000, BEGAN, "7001", events)]
    for number, act in enumerate(acts, 1):
        raws.append(audit_raw(1000 + number, act.at, act.by, [audit_event(number, act)]))
    return zendesk_facts.of_audits(ticket_frame(), [audit(raw) for raw in raws])


def audit_raw(number: int, at: datetime, by: str, events: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": number,
        "ticket_id": TICKET,
        "created_at": whole(at),
        "author_id": by,
        "events": events,
        "via": {"channel": "web"},
    }


def audit_event(number: int, act: Act) -> dict[str, Any]:
    if act.kind in ("public", "internal"):
        return {
            "id": f"C{number}",
            "type": "Comment",
            "body": act.value,
            "public": act.kind == "public",
            "author_id": act.by,
        }
    if act.kind == "tags":
        return {"id": f"A{number}", "type": "Change", "field_name": "tags", "value": [act.value], "previous_value": []}
    return {"id": f"A{number}", "type": "Change", "field_name": act.kind, "value": act.value, "previous_value": "new"}


EVENTS = {"status": "status_changed", "priority": "priority_changed", "assignee_id": "agent_assignment_changed"}


def ticket_hooks_of(acts: list[Act]) -> list[Seen]:
    """What Zendesk's webhooks tell of the ticket."""
    told = _hook(0, "created", {}, BEGAN, "7001")
    for number, act in enumerate(acts, 1):
        if act.kind in ("public", "internal"):
            comment = {
                "id": f"C{number}",
                "author": {"id": act.by},
                "body": act.value,
                "is_public": act.kind == "public",
            }
            told += _hook(number, "comment_added", {"comment": comment}, act.at, act.by)
        elif act.kind == "tags":
            told += _hook(number, "tags_changed", {"tags_added": [act.value], "tags_removed": []}, act.at, act.by)
        else:
            upper = act.value.upper() if act.kind != "assignee_id" else act.value
            told += _hook(number, EVENTS[act.kind], {"current": upper, "previous": "NEW"}, act.at, act.by)
    return told


def _hook(number: int, kind: str, content: dict[str, Any], at: datetime, by: str) -> list[Seen]:
    detail = {
        "id": TICKET,
        "actor_id": by,
        "requester_id": "7001",
        "organization_id": "55",
        "status": "NEW",
        "priority": "URGENT",
        "subject": "Gitaly",
        "created_at": whole(BEGAN),
        "description": "Nobody can push.",
    }
    body = {
        "type": f"zen:event-type:ticket.{kind}",
        "id": f"H{number}",
        "time": iso(at),
        "detail": detail,
        "event": content,
    }
    read = zendesk_events.event(body)
    return zendesk_facts.of_event(replace(ticket_frame(), ticket=read.ticket), read, read.at or at, "Nobody can push.")


def ticket_answers_of(acts: list[Act]) -> list[Seen]:
    """What Zendesk would have answered, had the dashboard done these acts."""
    told: list[Seen] = []
    for number, act in enumerate(acts, 1):
        if act.by != "7001":
            raw = audit_raw(1000 + number, act.at, act.by, [audit_event(number, act)])
            told += zendesk_facts.of_answer(ticket_frame(), audit(raw))
    return told
