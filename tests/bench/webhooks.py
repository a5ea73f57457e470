"""Complete signed webhooks, each another one, in the shape of PagerDuty's published example of `incident.triggered`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count

from tests.inbox.signing import PAGERDUTY, pagerduty_headers

__all__ = ["PAGERDUTY", "bodies", "pagerduty_headers"]

_numbers = count(1)


def bodies(wanted: int) -> Iterator[bytes]:
    """That many events of as many pages."""
    for number in (next(_numbers) for _ in range(wanted)):
        yield json.dumps({"event": _event(number)}).encode()


def _event(number: int) -> dict[str, object]:
    page = f"QBENCH{number:08}"
    return {
        "id": f"01BENCH{number:018}",
        "event_type": "incident.triggered",
        "resource_type": "incident",
        "occurred_at": "2026-07-01T16:20:00.000Z",
        "agent": None,
        "client": {"name": "Zendesk"},
        "data": {
            **_reference("incident", page, f"Emergency {number}: every push fails"),
            "number": number,
            "status": "triggered",
            "incident_key": f"key-{number}",
            "created_at": "2026-07-01T16:20:00Z",
            "title": f"Emergency {number}: every push fails",
            "service": _reference("service_reference", "PSERVICE", "Customer Support"),
            "assignees": [_reference("user_reference", "PMIRA", "Mira Okafor")],
            "escalation_policy": _reference("escalation_policy_reference", "PPOLICY", "Customer Emergencies AMER"),
            "teams": [],
            "priority": None,
            "urgency": "high",
            "conference_bridge": None,
            "resolve_reason": None,
        },
    }


def _reference(kind: str, id: str, summary: str) -> dict[str, str]:
    return {
        "id": id, "type": kind, "summary": summary, "self": f"https://pagerduty.example/{kind}/{id}",
        "html_url": f"https://pagerduty.example/{kind}/{id}",
    }  # fmt: skip
