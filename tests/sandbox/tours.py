"""What the likeness test does at the vendors, step by step: together the steps use every route and meet every error."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from pdpyras import APISession, PDHTTPError
from zenpy import Zenpy
from zenpy.lib.api_objects import Comment, Ticket
from zenpy.lib.exception import APIException

from tests.sandbox.conftest import pagerduty_as
from tests.sandbox_process import SandboxProcess

ALL_DATES = {"since": "2027-07-05T00:00:00Z", "until": "2027-07-12T00:00:00Z"}


@dataclass
class Tour:
    """What the steps of a tour work on, and every answer that they got."""

    box: SandboxProcess
    pagerduty: APISession
    zendesk: Zenpy
    plain: requests.Session
    answers: list[requests.Response] = field(default_factory=list)

    def keep(self, answer: requests.Response, *args: object, **words: object) -> None:
        """Keep an answer: a hook of the sessions."""
        self.answers.append(answer)

    def zd(self, method: str, path: str, **words: Any) -> requests.Response:
        """A call to Zendesk without its client."""
        return self.plain.request(method, f"{self.box.env['ZENDESK_GLOBAL_URL']}/api/v2{path}", timeout=10, **words)

    def user(self, email: str) -> dict[str, Any]:
        """A reference to a PagerDuty user."""
        return {"id": self.pagerduty.find("users", email, attribute="email")["id"], "type": "user_reference"}

    def id(self, kind: str, name: str) -> str:
        """The id of something of PagerDuty's."""
        return str(self.pagerduty.find(kind, name)["id"])


def page(tour: Tour, **words: Any) -> str:
    """A page to work on."""
    return str(tour.box.act("page", **words)["page"])


def ticket(tour: Tour, **words: Any) -> int:
    """A ticket to work on."""
    return int(tour.box.act("new_ticket", **words)["ticket"])


def incident(tour: Tour, key: str, **words: Any) -> None:
    """PUT one incident."""
    tour.pagerduty.put(f"/incidents/{key}", json={"incident": {"type": "incident_reference", **words}})


def _work_a_page(tour: Tour) -> None:
    """Everything that can be done to one incident, then its whole log."""
    key, other = page(tour), page(tour, customer="lumen")
    incident(tour, key, status="acknowledged")
    tour.pagerduty.post(f"/incidents/{key}/notes", json={"note": {"content": "Looking"}})
    incident(tour, key, status="triggered")
    incident(tour, key, escalation_level=2)
    incident(tour, key, assignments=[{"assignee": tour.user("second@demo.example")}])
    policy = {"id": tour.id("escalation_policies", "Customer Emergencies AMER"), "type": "escalation_policy_reference"}
    incident(tour, key, escalation_policy=policy)
    incident(
        tour,
        key,
        priority={"id": tour.id("priorities", "P1"), "type": "priority_reference"},
        urgency="low",
        title="New",
    )
    tour.pagerduty.post(f"/incidents/{key}/snooze", json={"duration": 60})
    tour.pagerduty.post(
        f"/incidents/{key}/responder_requests",
        json={
            "requester_id": tour.user("engineer@demo.example")["id"],
            "message": "Please join",
            "responder_request_targets": [{"responder_request_target": tour.user("ravi@demo.example")}],
        },
    )
    incident(tour, key, status="resolved", resolution="Contacted")
    incident(tour, key, status="triggered")
    tour.pagerduty.get(f"/incidents/{key}/notes")
    for query in ("", "?include[]=channels"):
        log = tour.pagerduty.get(f"/incidents/{key}/log_entries{query}").json()["log_entries"]
    tour.pagerduty.get(f"/log_entries/{log[0]['id']}")
    tour.pagerduty.put(
        f"/incidents/{other}/merge", json={"source_incidents": [{"id": key, "type": "incident_reference"}]}
    )
    tour.pagerduty.get(f"/incidents/{key}")


def _exhausted(tour: Tour) -> None:
    """What happens by itself: escalated and exhausted."""
    key = page(tour)
    line = tour.box.get("/clock")
    tour.box.post("/clock", **{**line, "demo_start": line["demo_start"] + 3600})
    tour.box.get("/state")
    tour.pagerduty.get(f"/incidents/{key}/log_entries")


def _create(tour: Tour) -> None:
    service = {"id": tour.id("services", "Customer Support"), "type": "service_reference"}
    draft = {
        "type": "incident",
        "title": "Please join",
        "service": service,
        "incident_key": "k",
        "urgency": "high",
        "body": {"type": "incident_body", "details": {"text": "Hello"}},
    }
    for _ in range(2):
        tour.pagerduty.post("/incidents", json={"incident": draft})


def _overrides(tour: Tour) -> None:
    """An override made, listed and taken back."""
    path = f"/schedules/{tour.id('schedules', 'AMER 1')}/overrides"
    wanted = {"start": "2037-07-07T16:00:00Z", "end": "2037-07-07T18:00:00Z", "user": tour.user("hugo@demo.example")}
    made = tour.pagerduty.post(path, json={"overrides": [wanted]}).json()[0]["override"]["id"]
    tour.pagerduty.get(path, params={"since": "2037-07-07T00:00:00Z", "until": "2037-07-08T00:00:00Z"})
    tour.pagerduty.get(path)
    tour.pagerduty.delete(f"{path}/{made}")
    tour.pagerduty.delete(f"{path}/{made}")


def _subscription(tour: Tour) -> None:
    key = tour.pagerduty.get("/webhook_subscriptions").json()["webhook_subscriptions"][0]["id"]
    for path in (f"/webhook_subscriptions/{key}", "/webhook_subscriptions/PNONE"):
        tour.pagerduty.get(path)
        tour.pagerduty.post(f"{path}/enable")
    tour.pagerduty.post(f"/webhook_subscriptions/{key}/ping")


def _unauthorized(tour: Tour) -> None:
    """A wrong token, and a requester whom nobody knows."""
    bad, stranger = pagerduty_as(tour.box, None, token="wrong"), pagerduty_as(tour.box, "nobody@demo.example")
    for session in (bad, stranger):
        session.hooks["response"].append(tour.keep)
    with pytest.raises(PDHTTPError):
        bad.get("/incidents")
    incident_body = {"incident": {"type": "incident_reference", "status": "resolved"}}
    stranger.put(f"/incidents/{page(tour)}", json=incident_body)


def _bulk(tour: Tour) -> None:
    keys = [page(tour) for _ in range(2)]
    items = [{"id": key, "type": "incident_reference", "status": "acknowledged"} for key in keys]
    tour.pagerduty.put("/incidents", json={"incidents": items})
    tour.pagerduty.put(
        "/incidents", json={"incidents": [{"id": keys[0], "type": "incident_reference", "status": "gone"}]}
    )


PAGERDUTY: dict[str, Callable[[Tour], object]] = {
    "a page is worked": _work_a_page,
    "a page is exhausted": _exhausted,
    "create, and again with the same key": _create,
    "bulk": _bulk,
    "incidents": lambda t: (page(t), t.pagerduty.get("/incidents", params={"limit": 2, "total": "true"})),
    "incidents with everything": lambda t: t.pagerduty.get(
        "/incidents", params={"include[]": ["acknowledgers", "assignees", "first_trigger_log_entries"]}
    ),
    "incidents too far": lambda t: t.pagerduty.get("/incidents", params={"offset": 9999}),
    "all log entries": lambda t: t.pagerduty.get("/log_entries", params={"limit": 100}),
    "alerts": lambda t: t.pagerduty.get(f"/incidents/{page(t)}/alerts"),
    "people": lambda t: [
        t.pagerduty.get(path) for path in ("/users", "/users/me", f"/users/{t.user('lena@demo.example')['id']}")
    ],
    "how people are reached": lambda t: [
        t.pagerduty.get(f"/users/{t.user(who)['id']}/{what}")
        for who in ("lena@demo.example", "hugo@demo.example")
        for what in ("contact_methods", "notification_rules")
    ],
    "services": lambda t: [
        t.pagerduty.get(path) for path in ("/services", f"/services/{t.id('services', 'Unsorted')}")
    ],
    "policies": lambda t: [
        t.pagerduty.get(path)
        for path in (
            "/escalation_policies",
            f"/escalation_policies/{t.id('escalation_policies', 'APAC Backup Engineers')}",
        )
    ],
    "priorities": lambda t: t.pagerduty.get("/priorities"),
    "schedules": lambda t: [
        t.pagerduty.get(path, params=ALL_DATES)
        for path in (
            "/schedules",
            f"/schedules/{t.id('schedules', 'AMER 2')}",
            f"/schedules/{t.id('schedules', 'Directors')}",
        )
    ],
    "overrides": _overrides,
    "on call": lambda t: t.pagerduty.get("/oncalls", params={"since": ALL_DATES["since"], "until": ALL_DATES["until"]}),
    "the subscription": _subscription,
    "strangers": _unauthorized,
    "unknown things": lambda t: [
        t.pagerduty.get(path) for path in ("/incidents/QX", "/users/PX", "/schedules/PX", "/services/PX")
    ],
}


def _work_a_ticket(tour: Tour) -> None:
    """A ticket answered, changed, solved, with its comments and audits."""
    key = ticket(tour, attachment="gitaly.log")
    tour.zendesk.tickets.update(
        Ticket(
            id=key,
            status="pending",
            comment=Comment(body="On it", public=True),
            metadata={"ceoc": "1"},
            additional_tags=["x"],
        )
    )
    tour.box.act("macro", ticket=key, macro="Downgrade emergency ticket")
    tour.box.act("automatic_comment", ticket=key)
    for path in (f"/tickets/{key}", f"/tickets/{key}/comments", f"/tickets/{key}/audits"):
        tour.zd("GET", f"{path}.json")
        tour.zd("GET", f"{path}.json?page[size]=2")
    tour.zd("GET", f"/tickets/{key}/audits/{tour.box.ticket(key)['audits'][0]['id']}.json")
    tour.zd("PUT", f"/tickets/{key}/tags.json", json={"tags": ["y"]})
    tour.zd("POST", f"/tickets/{key}/tags.json", json={"tags": ["z"]})
    tour.zd("GET", f"/tickets/{key}/tags.json")
    tour.zd("DELETE", f"/tickets/{key}/tags.json", json={"tags": ["z"]})
    tour.zd("GET", f"/requests/{key}.json")
    tour.zd("GET", f"/requests/{key}/comments.json")
    tour.zd("DELETE", f"/tickets/{key}.json")
    tour.zd("GET", f"/tickets/{key}.json")


def _refusals(tour: Tour) -> None:
    """Values and states that cannot be."""
    key = ticket(tour)
    tour.zd("PUT", f"/tickets/{key}.json", json={"ticket": {"status": "gone"}})
    tour.zd("PUT", f"/tickets/{key}.json", json={})
    tour.zd(
        "PUT", f"/tickets/{key}.json", json={"ticket": {"safe_update": True, "updated_stamp": "2001-01-01T00:00:00Z"}}
    )
    tour.zd("GET", "/search.json")
    tour.zd("GET", "/tickets/show_many.json")
    tour.zd("GET", "/nothing.json")
    tour.zd("GET", "/users/me.json", auth=("engineer@demo.example/token", "wrong"))
    with pytest.raises(APIException):
        tour.zendesk.tickets(id=1)


def _jobs(tour: Tour) -> None:
    """Bulk work and its results."""
    keys = [ticket(tour) for _ in range(3)]
    job = tour.zendesk.tickets.update([Ticket(id=key, priority="high") for key in keys])
    tour.zd("GET", f"/job_statuses/{job.id}.json")
    tour.zd("PUT", f"/tickets/update_many.json?ids={keys[0]},9", json={"ticket": {"additional_tags": ["a"]}})
    tour.zd(
        "POST",
        "/tickets/create_many.json",
        json={"tickets": [{"subject": "a", "comment": {"body": "b"}, "requester_id": 0}]},
    )
    tour.zendesk.tickets.merge(keys[0], [keys[1]])
    tour.zd("GET", "/job_statuses.json")


def _macros(tour: Tour) -> None:
    key = ticket(tour)
    for macro in tour.zd("GET", "/macros.json").json()["macros"]:
        tour.zd("GET", f"/tickets/{key}/macros/{macro['id']}/apply.json")
    for path in (
        f"/macros/{macro['id']}",
        f"/macros/{macro['id']}/apply",
        "/macros/active",
        "/macros/search?query=emergency",
    ):
        tour.zd("GET", path)


def _each(*paths: str) -> Callable[[Tour], object]:
    """GET each list and the first thing of it."""

    def visit(tour: Tour) -> None:
        for path in paths:
            (found, *_) = [
                value for value in tour.zd("GET", f"/{path}.json").json().values() if isinstance(value, list)
            ]
            tour.zd("GET", f"/{path}/{found[0]['id']}.json")

    return visit


ZENDESK: dict[str, Callable[[Tour], object]] = {
    "a ticket is worked": _work_a_ticket,
    "refusals": _refusals,
    "jobs": _jobs,
    "macros": _macros,
    "furniture": _each("ticket_fields", "ticket_forms", "users", "organizations"),
    "groups": _each("groups"),
    "webhooks": _each("webhooks"),
    "sla": lambda t: t.zd("GET", "/slas/policies.json"),
    "people": lambda t: [
        t.zd("GET", path)
        for path in (
            "/users/me.json",
            "/users/search.json?query=jonas@northwind.example",
            "/users.json?role[]=agent&page[size]=3",
        )
    ],
    "a new person": lambda t: [
        t.zd("POST", path, json={"user": {"name": "New", "email": "new@northwind.example"}})
        for path in ("/users.json", "/users/create_or_update.json")
    ],
    "several": lambda t: [
        t.zd("GET", f"/{kind}/show_many.json?ids={t.zd('GET', f'/{kind}.json').json()[kind][0]['id']}")
        for kind in ("users", "organizations", "tickets")
    ],
    "an organisation": lambda t: t.zd(
        "PUT",
        f"/organizations/{t.zd('GET', '/organizations.json').json()['organizations'][0]['id']}.json",
        json={"organization": {"name": "Northwind Robotics", "notes": "Known"}},
    ),
    "tickets": lambda t: (
        ticket(t),
        t.zd("GET", "/tickets.json?per_page=2"),
        t.zd("GET", "/tickets.json?page[size]=2"),
    ),
    "requests": lambda t: t.zd("GET", "/requests.json"),
    "create": lambda t: t.zendesk.tickets.create(Ticket(subject="Follow-up", comment=Comment(body="Here"))),
    "export": lambda t: t.zd("GET", "/incremental/tickets/cursor.json?start_time=0"),
    "search": lambda t: [
        t.zd("GET", path)
        for path in (
            "/search.json?query=priority:urgent",
            "/search/count.json?query=type:ticket",
            "/search/export.json?query=urgent&filter[type]=ticket&page[size]=2",
        )
    ],
}
