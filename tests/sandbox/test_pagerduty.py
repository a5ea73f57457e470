"""The stand-in for PagerDuty, driven by pdpyras."""

from datetime import UTC, datetime, timedelta

import pytest
from pdpyras import APISession, PDClientError, PDHTTPError

from tests.sandbox.conftest import Listener, pagerduty_as
from tests.sandbox_process import SandboxProcess


def kinds(session: APISession, page: str) -> list[str]:
    """The types of the log, oldest first, without notifications."""
    entries = session.list_all(f"/incidents/{page}/log_entries")
    return [
        entry["type"].removesuffix("_log_entry") for entry in reversed(entries) if entry["type"] != "notify_log_entry"
    ]


def change(session: APISession, page: str, **words: object) -> dict:
    """PUT one incident."""
    return session.rput(f"/incidents/{page}", json={"type": "incident_reference", **words})


def refused(answer: pytest.ExceptionInfo[PDClientError]) -> tuple[int, int]:
    """Status and PagerDuty's code of a refusal."""
    return answer.value.response.status_code, answer.value.response.json()["error"]["code"]


def test_a_wrong_token_is_401(box: SandboxProcess) -> None:
    with pytest.raises(PDHTTPError) as answer:
        pagerduty_as(box, None, token="wrong").get("/incidents")
    assert refused(answer) == (401, 2006)


def test_unknown_things_are_404(pagerduty: APISession) -> None:
    for path in ("/incidents/QNONE", "/users/PNONE", "/nothing/here"):
        answer = pagerduty.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, 2100), path


def test_a_page_names_its_ticket_in_body_channel_alert_and_field(box: SandboxProcess, pagerduty: APISession) -> None:
    made = box.act("page", customer="northwind")
    link = f"{box.env['ZENDESK_GLOBAL_URL']}/agent/tickets/{made['ticket']}"
    incident = pagerduty.rget(f"/incidents/{made['page']}", params={"include[]": "first_trigger_log_entries"})
    assert link in incident["body"]["details"]
    assert incident["first_trigger_log_entry"]["channel"]["details"]["ticket"] == link
    (alert,) = pagerduty.list_all(f"/incidents/{made['page']}/alerts")
    assert alert["body"]["details"]["ticket"] == link
    fields = [field["value"] for field in box.ticket(made["ticket"])["custom_fields"]]
    assert made["page"] in fields


@pytest.mark.parametrize(
    ("link", "body", "details", "field"),
    [
        ("body", True, False, False),
        ("details", False, True, False),
        ("ticket", False, False, True),
        ("none", False, False, False),
    ],
)
def test_the_link_stands_only_where_it_was_wanted(
    box: SandboxProcess, link: str, body: bool, details: bool, field: bool
) -> None:
    made = box.act("page", customer="northwind", link=link)
    incident = box.incident(made["page"])
    address = f"/agent/tickets/{made['ticket']}"
    assert (address in str(incident.get("body"))) == body
    assert (address in str(incident["alerts"])) == details
    assert (made["page"] in [one["value"] for one in box.ticket(made["ticket"])["custom_fields"]]) == field


def test_acknowledge_resolve_and_ring_again_each_write_one_entry(box: SandboxProcess, pagerduty: APISession) -> None:
    page = box.act("page")["page"]
    assert (
        change(pagerduty, page, status="acknowledged")["acknowledgements"][0]["acknowledger"]["summary"]
        == "Mira Okafor"
    )
    change(pagerduty, page, status="acknowledged")  # again by the same person: nothing new
    resolved = change(pagerduty, page, status="resolved", resolution="Customer was contacted")
    assert (resolved["status"], resolved["assignments"]) == ("resolved", [])
    again = change(pagerduty, page, status="triggered")
    assert (again["status"], again["resolved_at"], bool(again["assignments"])) == ("triggered", None, True)
    assert kinds(pagerduty, page) == ["trigger", "assign", "acknowledge", "resolve", "reopen", "assign"]


def test_taking_back_an_acknowledgement(box: SandboxProcess, pagerduty: APISession) -> None:
    page = box.act("page")["page"]
    box.act("acknowledge", page=page, by="theo")
    assert change(pagerduty, page, status="triggered")["acknowledgements"] == []
    assert kinds(pagerduty, page)[-2:] == ["acknowledge", "unacknowledge"]


def test_resolving_what_is_resolved_is_refused(box: SandboxProcess, pagerduty: APISession) -> None:
    page = box.act("page")["page"]
    change(pagerduty, page, status="resolved")
    with pytest.raises(PDClientError) as answer:
        change(pagerduty, page, status="resolved")
    assert refused(answer) == (400, 2001)
    assert "Already Resolved" in answer.value.response.text


def test_reassign_escalate_delegate_snooze_and_merge(box: SandboxProcess, pagerduty: APISession) -> None:
    page, other = box.act("page")["page"], box.act("page", customer="halcyon")["page"]
    theo = pagerduty.find("users", "second@demo.example", attribute="email")
    moved = change(pagerduty, page, assignments=[{"assignee": {"id": theo["id"], "type": "user_reference"}}])
    assert [held["assignee"]["summary"] for held in moved["assignments"]] == ["Theo Lindqvist"]
    assert [held["assignee"]["summary"] for held in change(pagerduty, page, escalation_level=2)["assignments"]] == [
        "Ines Calder"
    ]
    pool = pagerduty.find("escalation_policies", "Customer Emergencies EMEA")
    delegated = change(pagerduty, page, escalation_policy={"id": pool["id"], "type": "escalation_policy_reference"})
    assert delegated["escalation_policy"]["summary"] == "Customer Emergencies EMEA"
    snoozed = pagerduty.post(f"/incidents/{page}/snooze", json={"duration": 600})
    assert snoozed.status_code == 201
    assert snoozed.json()["incident"]["pending_actions"][0]["type"] == "unacknowledge"
    target = pagerduty.rput(
        f"/incidents/{other}/merge", json={"source_incidents": [{"id": page, "type": "incident_reference"}]}
    )
    assert target["id"] == other
    merged = pagerduty.rget(f"/incidents/{page}")
    assert merged["resolve_reason"] == {
        "type": "merge_resolve_reason",
        "incident": merged["resolve_reason"]["incident"],
    }
    assert merged["resolve_reason"]["incident"]["id"] == other
    assert kinds(pagerduty, page)[2:] == ["assign", "escalate", "delegate", "acknowledge", "snooze", "resolve"]


def test_writes_need_a_known_from(box: SandboxProcess) -> None:
    page = box.act("page")["page"]
    for sender in (None, "nobody@demo.example"):
        answer = pagerduty_as(box, sender).put(
            f"/incidents/{page}", json={"incident": {"type": "incident", "status": "resolved"}}
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, 1008)
    assert box.incident(page)["status"] == "triggered"


def _draft(session: APISession, **words: object) -> dict:
    service = session.find("services", "Customer Support")
    return {
        "type": "incident",
        "title": "Please join",
        "service": {"id": service["id"], "type": "service_reference"},
        **words,
    }


def test_an_incident_key_is_taken_once_while_it_is_open(pagerduty: APISession) -> None:
    made = pagerduty.rpost("/incidents", json=_draft(pagerduty, incident_key="ceoc-1"))
    with pytest.raises(PDClientError) as answer:
        pagerduty.rpost("/incidents", json=_draft(pagerduty, incident_key="ceoc-1"))
    assert refused(answer) == (400, 2001)
    change(pagerduty, made["id"], status="resolved")
    assert pagerduty.rpost("/incidents", json=_draft(pagerduty, incident_key="ceoc-1"))["id"] != made["id"]
    found = pagerduty.list_all("/incidents", params={"incident_key": "ceoc-1", "date_range": "all"})
    assert len(found) == 2


def test_a_direct_assignment_rings_that_person_only(pagerduty: APISession) -> None:
    ravi = pagerduty.find("users", "ravi@demo.example", attribute="email")
    made = pagerduty.rpost(
        "/incidents", json=_draft(pagerduty, assignments=[{"assignee": {"id": ravi["id"], "type": "user_reference"}}])
    )
    assert [held["assignee"]["id"] for held in made["assignments"]] == [ravi["id"]]
    assert kinds(pagerduty, made["id"]) == ["trigger", "assign"]


def test_notes_are_kept_and_logged(box: SandboxProcess, pagerduty: APISession) -> None:
    page = box.act("page")["page"]
    note = pagerduty.rpost(f"/incidents/{page}/notes", json={"content": "Looking"})
    assert note["user"]["summary"] == "Mira Okafor"
    assert [kept["content"] for kept in pagerduty.rget(f"/incidents/{page}/notes")] == ["Looking"]
    entries = pagerduty.rget(f"/incidents/{page}/log_entries", params={"include[]": "channels"})
    assert (entries[0]["type"], entries[0]["channel"]["summary"]) == ("annotate_log_entry", "Looking")
    assert pagerduty.post(f"/incidents/{page}/notes", json={"note": {"content": " "}}).status_code == 400


def test_lists_come_in_pages_and_are_filtered(box: SandboxProcess, pagerduty: APISession) -> None:
    pages = [box.act("page", customer="lumen", ticket=False)["page"] for _ in range(5)]
    box.act("resolve", page=pages[0])
    first = pagerduty.get("/incidents", params={"limit": 2}).json()
    assert (len(first["incidents"]), first["more"], first["total"], first["offset"]) == (2, True, None, 0)
    assert [doc["id"] for doc in pagerduty.iter_all("/incidents", page_size=2)] == pages
    open_ones = pagerduty.list_all("/incidents", params={"statuses[]": ["triggered", "acknowledged"]})
    assert [doc["id"] for doc in open_ones] == pages[1:]
    assert pagerduty.get("/incidents", params={"limit": 100, "offset": 9950}).status_code == 400
    assert pagerduty.get("/incidents", params={"since": "2020-01-01", "until": "2021-01-01"}).status_code == 400


def test_bulk_updates_change_all_or_none(box: SandboxProcess, pagerduty: APISession) -> None:
    pages = [box.act("page")["page"] for _ in range(3)]
    wanted = [{"id": page, "type": "incident_reference", "status": "acknowledged"} for page in pages]
    answer = pagerduty.put("/incidents", json={"incidents": [*wanted, {"id": "QNONE", "type": "incident_reference"}]})
    assert answer.status_code == 404
    assert {box.incident(page)["status"] for page in pages} == {"triggered"}
    assert len(pagerduty.put("/incidents", json={"incidents": wanted}).json()["incidents"]) == 3
    assert {box.incident(page)["status"] for page in pages} == {"acknowledged"}


def at(box: SandboxProcess, moment: str, rate: float = 1.0) -> None:
    """Set the sandbox's clock."""
    box.post("/clock", real_start=datetime.now(UTC).isoformat(), demo_start=moment, rate=rate)


def test_the_final_schedule_is_layers_under_overrides(box: SandboxProcess, pagerduty: APISession) -> None:
    at(box, "2027-07-07T00:00:00Z")
    box.act("override", schedule="AMER 1", who="hugo", start="2027-07-07T18:00:00Z", end="2027-07-07T20:00:00Z")
    amer = pagerduty.find("schedules", "AMER 1")
    window = {"since": "2027-07-07T00:00:00Z", "until": "2027-07-08T00:00:00Z"}
    schedule = pagerduty.rget(f"/schedules/{amer['id']}", params=window)
    entries = schedule["final_schedule"]["rendered_schedule_entries"]
    assert [(entry["user"]["summary"], entry["start"], entry["end"]) for entry in entries] == [
        ("Mira Okafor", "2027-07-07T12:00:00-04:00", "2027-07-07T14:00:00-04:00"),
        ("Hugo Marchetti", "2027-07-07T14:00:00-04:00", "2027-07-07T16:00:00-04:00"),
        ("Mira Okafor", "2027-07-07T16:00:00-04:00", "2027-07-07T18:00:00-04:00"),
    ]
    assert [one["user"]["summary"] for one in pagerduty.rget(f"/schedules/{amer['id']}/overrides", params=window)] == [
        "Hugo Marchetti"
    ]


@pytest.mark.parametrize(
    ("day", "start", "end"),
    [
        pytest.param(
            "2027-03-13", "2027-03-14T05:00:00+00:00", "2027-03-14T12:00:00+00:00", id="clocks go forward: 7 hours"
        ),
        pytest.param(
            "2027-11-06", "2027-11-07T04:00:00+00:00", "2027-11-07T13:00:00+00:00", id="clocks go back: 9 hours"
        ),
    ],
)
def test_a_night_keeps_its_local_hours_when_the_clocks_change(
    pagerduty: APISession, day: str, start: str, end: str
) -> None:
    night = pagerduty.find("schedules", "US Gov Overnight")
    window = {"since": f"{day}T22:00:00Z", "until": start[:10] + "T20:00:00Z", "time_zone": "UTC"}
    entries = pagerduty.rget(f"/schedules/{night['id']}", params=window)["final_schedule"]["rendered_schedule_entries"]
    assert [(entry["start"], entry["end"]) for entry in entries] == [(start, end)]


def test_overrides_can_be_made_and_taken_back(box: SandboxProcess, pagerduty: APISession) -> None:
    at(box, "2027-07-07T00:00:00Z")
    amer = pagerduty.find("schedules", "AMER 2")
    hugo = pagerduty.find("users", "hugo@demo.example", attribute="email")
    wanted = {
        "start": "2027-07-09T17:00:00Z",
        "end": "2027-07-09T19:00:00Z",
        "user": {"id": hugo["id"], "type": "user_reference"},
    }
    made = pagerduty.post(
        f"/schedules/{amer['id']}/overrides", json={"overrides": [wanted, wanted | {"end": "2027-07-01T00:00:00Z"}]}
    )
    assert [result["status"] for result in made.json()] == [201, 400]
    key = made.json()[0]["override"]["id"]
    assert pagerduty.delete(f"/schedules/{amer['id']}/overrides/{key}").status_code == 204
    assert pagerduty.delete(f"/schedules/{amer['id']}/overrides/{key}").status_code == 404


def test_who_is_on_call_now(box: SandboxProcess, pagerduty: APISession) -> None:
    at(box, "2027-07-07T16:20:00Z")  # 12:20 in New York: AMER 1 alone
    policy = pagerduty.find("escalation_policies", "Customer Emergencies AMER")
    held = pagerduty.list_all("/oncalls", params={"escalation_policy_ids[]": [policy["id"]]})
    assert [(one["escalation_level"], one["user"]["summary"]) for one in held] == [
        (1, "Mira Okafor"),
        (2, "Ines Calder"),
        (3, "Grete Halvorsen"),
    ]
    assert held[0]["end"] == "2027-07-07T22:00:00Z"


def test_unanswered_it_climbs_and_is_exhausted(box: SandboxProcess, pagerduty: APISession) -> None:
    at(box, "2027-07-07T16:20:00Z")
    page = box.act("page")["page"]
    at(box, (datetime(2027, 7, 7, 16, 20, tzinfo=UTC) + timedelta(minutes=50)).isoformat())
    box.settle()
    for _ in range(50):
        if "exhaust_escalation_path" in kinds(pagerduty, page):
            break
    assert kinds(pagerduty, page) == ["trigger", "assign", "escalate", "escalate", "exhaust_escalation_path"]
    assert box.incident(page)["assignments"][0]["assignee"]["summary"] == "Grete Halvorsen"


def test_the_webhook_subscription_can_be_read_and_enabled(
    box: SandboxProcess, pagerduty: APISession, listener: Listener
) -> None:
    (hook,) = pagerduty.list_all("/webhook_subscriptions")
    assert hook["delivery_method"]["temporarily_disabled"] is False
    listener.status = 400
    for _ in range(3):
        box.act("page", ticket=False)
    box.settle()
    hook = pagerduty.rget(f"/webhook_subscriptions/{hook['id']}")
    assert hook["delivery_method"]["temporarily_disabled"] is True
    enabled = pagerduty.post(f"/webhook_subscriptions/{hook['id']}/enable")
    assert enabled.json()["webhook_subscription"]["delivery_method"]["temporarily_disabled"] is False
    listener.status = 200
    page = box.act("page", ticket=False)["page"]
    assert listener.wait("incident.triggered").json["event"]["data"]["id"] == page
