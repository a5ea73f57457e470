"""Where the vendors' published schemas are wrong or leave something out, with reasons. Nothing else is loosened."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests

Spec = dict[str, Any]


@dataclass(frozen=True)
class Loosening:
    """One loosening of one vendor's schema."""

    vendor: str
    reason: str
    loosen: Callable[[Spec], None]


def _schema(spec: Spec, name: str) -> Any:
    return spec["components"]["schemas"][name]


def _properties(schema: Any) -> dict[str, Any]:
    """The properties of a schema, also of one put together by allOf or anyOf."""
    gathered: dict[str, Any] = {}
    for part in [schema, *schema.get("allOf", []), *schema.get("anyOf", [])]:
        for name, value in part.get("properties", {}).items():
            gathered.setdefault(name, (part["properties"], value))
    return gathered


def nullable(vendor: str, schema: str, names: tuple[str, ...], reason: str) -> Loosening:
    """Null is allowed for these properties of a component."""

    def loosen(spec: Spec) -> None:
        found = _properties(_schema(spec, schema))
        for name in names:
            owner, value = found[name]
            owner[name] = {"anyOf": [value, {"type": "object", "nullable": True, "enum": [None]}]}

    return Loosening(vendor, reason, loosen)


def replaced(vendor: str, schema: str, name: str, value: Any, reason: str) -> Loosening:
    """A property of a component is published too narrow."""

    def loosen(spec: Spec) -> None:
        owner, _ = _properties(_schema(spec, schema))[name]
        owner[name] = value

    return Loosening(vendor, reason, loosen)


REOPENED = {
    "allOf": [
        {"$ref": "#/components/schemas/LogEntry"},
        {"type": "object", "properties": {"type": {"type": "string", "enum": ["reopen_log_entry"]}}},
    ]
}


def _log_entries(spec: Spec) -> None:
    """Any channel, the acknowledgement's type as everywhere else, and the reopening beside the other kinds."""
    _schema(spec, "LogEntry")["allOf"][1]["properties"]["type"]["enum"].append("reopen_log_entry")
    _schema(spec, "Channel").pop("oneOf")
    _schema(spec, "AcknowledgeLogEntry")["allOf"][1]["properties"]["type"]["enum"] = ["acknowledge_log_entry"]
    for path in ("/log_entries", "/incidents/{id}/log_entries", "/log_entries/{id}"):
        content = spec["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        for holder in _objects(content):
            if "oneOf" in holder:
                holder["oneOf"].append(REOPENED)


def _objects(schema: Any) -> list[dict[str, Any]]:
    """Every object inside a schema."""
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else []
    return ([schema] if isinstance(schema, dict) else []) + [one for value in inner for one in _objects(value)]


def _overrides_status(spec: Spec) -> None:
    answers = spec["paths"]["/schedules/{id}/overrides"]["get"]["responses"]
    answers["200"] = answers["201"]


def _references(spec: Spec) -> None:
    for holder in _objects(_schema(spec, "Tag")["allOf"][0]["properties"]):
        holder.pop("readOnly", None)


def _put_incident_errors(spec: Spec) -> None:
    answers = spec["paths"]["/incidents/{id}"]["put"]["responses"]
    answers["400"] = {"$ref": "#/components/responses/ArgumentError"}


def _merge_comments(spec: Spec) -> None:
    properties = _schema(spec, "TicketMergeInput")["properties"]
    for name in ("source_comment", "target_comment"):
        properties[name]["nullable"] = True


def _audit_values(spec: Spec) -> None:
    event = _schema(spec, "AuditObject")["properties"]["events"]["items"]["properties"]
    event["value"]["oneOf"].append({"type": "array", "items": {"type": "string"}})


def _macro_effect(spec: Spec) -> None:
    ticket = _schema(spec, "MacroApplyTicketResponse")["properties"]["result"]["properties"]["ticket"]["properties"]
    for name in ("assignee_id", "group_id"):
        ticket[name]["nullable"] = True


def _organization_fields(spec: Spec) -> None:
    fields = _schema(spec, "OrganizationObject")["properties"]["organization_fields"]
    fields["additionalProperties"]["oneOf"].append({"type": "object", "nullable": True, "enum": [None]})


def _custom_field_values(spec: Spec) -> None:
    for name in ("TicketObject", "RequestObject"):
        item = _schema(spec, name)["properties"]["custom_fields"]["items"]["properties"]
        item["value"] = {"anyOf": [item["value"], {"type": "object", "nullable": True, "enum": [None]}]}


ALL: list[Loosening] = [
    nullable(
        "pagerduty",
        "Incident",
        ("resolved_at", "alert_grouping", "priority", "resolve_reason", "conference_bridge"),
        "PagerDuty sends null for what is not set",
    ),
    Loosening("pagerduty", "references are marked read-only, yet every write names things by them", _references),
    Loosening("pagerduty", "updating one incident answers 400 like updating several", _put_incident_errors),
    nullable(
        "pagerduty",
        "Service",
        ("auto_resolve_timeout", "acknowledgement_timeout", "support_hours"),
        "null stands for a timeout or support hours that are switched off",
    ),
    nullable("pagerduty", "ScheduleLayer", ("end",), "null stands for a layer without an end"),
    replaced("pagerduty", "IncidentBody", "details", {}, "the documentation's own example sends text, not an object"),
    Loosening(
        "pagerduty",
        "the oneOf of log entries' kinds and channels lets nothing through, the acknowledgement's type "
        "contradicts itself, and reopening is left out",
        _log_entries,
    ),
    Loosening("pagerduty", "the list of overrides is documented as 201", _overrides_status),
    nullable(
        "zendesk",
        "TicketObject",
        (
            "assignee_id",
            "group_id",
            "external_id",
            "problem_id",
            "recipient",
            "type",
            "priority",
            "forum_topic_id",
            "satisfaction_rating",
            "organization_id",
        ),
        "Zendesk sends null for what is not set",
    ),
    Loosening("zendesk", "zenpy sends null for no comment, and Zendesk takes it", _merge_comments),
    Loosening("zendesk", "a change of tags carries them as a list", _audit_values),
    Loosening("zendesk", "a ticket without assignee and group has none after a macro either", _macro_effect),
    nullable(
        "zendesk",
        "RequestObject",
        ("assignee_id", "group_id", "type", "priority", "due_at", "recipient", "followup_source_id", "organization_id"),
        "the same for requests",
    ),
    Loosening("zendesk", "null stands for an organisation field without a value", _organization_fields),
    Loosening("zendesk", "null stands for a ticket field without a value", _custom_field_values),
    replaced("zendesk", "ActionObject", "value", {}, "a comment action's value is a list: channel and text"),
    nullable("zendesk", "UserForAdmin", ("default_group_id", "ticket_restriction"), "end users have no group"),
    nullable("zendesk", "TicketFieldObject", ("agent_description",), "null where none was written"),
]


def zendesk_error_faults(answer: requests.Response) -> list[str]:
    """Zendesk documents no error bodies in its schema; its pages name `error` (a word, or title and message), and
    `details` by field for what cannot be kept."""
    body = answer.json()
    error = body.get("error")
    faults = []
    if not (isinstance(error, str) or (isinstance(error, dict) and set(error) == {"title", "message"})):
        faults.append(f"error is {error!r}")
    if answer.status_code == 422 and error == "RecordInvalid":
        for name, said in body["details"].items():
            faults += [f"details/{name}: {item}" for item in said if "description" not in item]
    return faults
