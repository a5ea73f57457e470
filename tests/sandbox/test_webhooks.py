"""What the sandbox tells: kinds, signatures as each vendor makes them, order, retries, nothing lost by a crash."""

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path

import pytest

from tests.sandbox.conftest import Heard, Listener
from tests.sandbox_process import SandboxProcess, running_sandbox

GLOBAL, US_GOV = "/webhooks/zendesk/global/", "/webhooks/zendesk/us-gov/"


def _hmac(secret: str, message: bytes) -> "hmac.HMAC":
    return hmac.new(secret.encode(), message, hashlib.sha256)


def test_pagerduty_signs_with_the_first_secret(box: SandboxProcess, listener: Listener) -> None:
    box.act("page", ticket=False)
    heard = listener.wait("incident.triggered")
    secret = box.env["PAGERDUTY_WEBHOOK_SECRETS"].split(",")[0]
    assert heard.headers["x-pagerduty-signature"] == "v1=" + _hmac(secret, heard.body).hexdigest()
    assert heard.headers["x-webhook-subscription"].startswith("P")
    assert heard.headers["x-webhook-id"]


@pytest.mark.parametrize(
    ("customer", "account", "path"), [("northwind", "GLOBAL", GLOBAL), ("meridian", "US_GOV", US_GOV)]
)
def test_zendesk_signs_timestamp_and_body(
    box: SandboxProcess, listener: Listener, customer: str, account: str, path: str
) -> None:
    box.act("new_ticket", customer=customer)
    heard = listener.wait("ticket.created")
    assert heard.path == path
    stamp = heard.headers["x-zendesk-webhook-signature-timestamp"]
    digest = _hmac(box.env[f"ZENDESK_{account}_WEBHOOK_SECRET"], stamp.encode() + heard.body).digest()
    assert heard.headers["x-zendesk-webhook-signature"] == base64.b64encode(digest).decode()
    assert heard.headers["x-zendesk-webhook-id"]
    assert heard.headers["x-zendesk-webhook-invocation-id"]


def test_slack_signs_version_timestamp_and_body(box: SandboxProcess, listener: Listener) -> None:
    box.act("slack_message", channel="support_team-chat", text="hello")
    heard = listener.wait("message")
    stamp = heard.headers["x-slack-request-timestamp"]
    assert abs(time.time() - int(stamp)) < 30
    digest = _hmac(box.env["SLACK_SIGNING_SECRET"], f"v0:{stamp}:".encode() + heard.body).hexdigest()
    assert heard.headers["x-slack-signature"] == f"v0={digest}"
    box.act("slack_challenge")
    assert listener.wait("url_verification").json["challenge"]


EXAMPLES = Path(__file__).resolve().parents[3] / "shared" / "vendor-specs" / "pagerduty-webhook-examples.json"


def test_every_kind_of_pagerduty_event_comes_once_in_order(box: SandboxProcess, listener: Listener) -> None:
    page, other = box.act("page", ticket=False)["page"], box.act("page", customer="lumen", ticket=False)["page"]
    box.settle()
    listener.heard.clear()
    for act, words in (
        ("acknowledge", {}),
        ("note", {"text": "A note"}),
        ("reopen", {}),
        ("escalate", {"level": 2}),
        ("reassign", {"to": "theo"}),
        ("delegate", {"policy": "Customer Emergencies EMEA"}),
        ("set_priority", {"priority": "P2"}),
        ("add_responder", {"who": "ravi"}),
        ("resolve", {}),
        ("reopen", {}),
    ):
        box.act(act, page=page, **words)
    box.act("merge_pages", into=other, pages=[page])
    box.settle()
    heard = [one for one in listener.heard if one.path == "/webhooks/pagerduty/"]
    assert [one.kind.removeprefix("incident.") for one in heard] == [
        "acknowledged",
        "annotated",
        "unacknowledged",
        "escalated",
        "reassigned",
        "delegated",
        "priority_updated",
        "responder.added",
        "resolved",
        "reopened",
        "resolved",
    ]
    assert heard[1].json["event"]["data"]["content"] == "A note"
    assert heard[-1].json["event"]["data"]["resolve_reason"]["incident"]["id"] == other
    assert {one.json["event"]["agent"]["summary"] for one in heard[:3]} == {"Mira Okafor"}
    assert heard[6].json["event"]["data"]["priority"]["summary"] == "P2"


def test_an_incident_event_has_the_published_examples_members(box: SandboxProcess, listener: Listener) -> None:
    if not EXAMPLES.exists():
        pytest.skip("the vendors' published examples are not beside this checkout")
    published = json.loads(EXAMPLES.read_text())
    box.act("page", ticket=False)
    event = listener.wait("incident.triggered").json["event"]
    assert set(published[0]["event"]) == set(event)
    assert set(published[0]["event"]["data"]) <= set(event["data"])
    page = event["data"]["id"]
    box.act("note", page=page)
    note = next(one for one in published if one.get("type") == "incident_note")
    assert set(listener.wait("incident.annotated").json["event"]["data"]) == set(note)


def told_of(ticket: int, listener: Listener) -> list[Heard]:
    """What was heard of one ticket, in its order."""
    return [one for one in listener.heard if one.path == GLOBAL and one.json["subject"] == f"zen:ticket:{ticket}"]


def test_every_kind_of_ticket_event(box: SandboxProcess, listener: Listener) -> None:
    key, other = box.act("new_ticket")["ticket"], box.act("new_ticket")["ticket"]
    box.act("agent_reply", ticket=key, text="Hello")
    fields = {"status": "open", "priority": "high", "form": "SaaS", "stage": "nrt", "assignee": "theo"}
    box.act("change_ticket", ticket=key, add_tags=["x"], **fields)
    box.act("merge_tickets", into=other, tickets=[key])
    box.act("delete_ticket", ticket=other)
    box.settle()
    events = {one.kind: one.json["event"] for one in told_of(key, listener)}
    assert set(events) == {
        "ticket.created",
        "ticket.comment_added",
        "ticket.status_changed",
        "ticket.priority_changed",
        "ticket.form_changed",
        "ticket.custom_field_changed",
        "ticket.agent_assignment_changed",
        "ticket.tags_changed",
        "ticket.merged",
    }
    assert events["ticket.priority_changed"] == {"current": "HIGH", "previous": "URGENT"}
    assert events["ticket.merged"] == {"target_ticket_id": str(other)}
    assert events["ticket.tags_changed"]["tags_added"] == ["closed_by_merge"]
    assert told_of(other, listener)[-1].kind == "ticket.soft_deleted"


def test_a_comments_event_says_who_may_read_it(box: SandboxProcess, listener: Listener) -> None:
    key = box.act("new_ticket")["ticket"]
    box.act("agent_reply", ticket=key, text="Hello")
    box.act("internal_note", ticket=key, text="Between us")
    box.settle()
    told = [one.json["event"]["comment"] for one in told_of(key, listener) if one.kind == "ticket.comment_added"]
    assert [(one["body"], one["is_public"], one["author"]["is_staff"]) for one in told] == [
        ("Hello", True, True),
        ("Between us", False, True),
    ]


def test_edits_deletions_and_replies_in_slack(box: SandboxProcess, listener: Listener) -> None:
    made = box.act("slack_message", channel="support_team-chat", text="first")
    box.act("slack_message", channel="support_team-chat", text="reply", thread=made["ts"], by="theo")
    box.act("slack_edit", channel="support_team-chat", ts=made["ts"], text="second")
    box.act("slack_delete", channel="support_team-chat", ts=made["ts"])
    box.settle()
    assert listener.kinds("/webhooks/slack/") == [
        "message",
        "message",
        "message.message_changed",
        "message.message_deleted",
    ]
    assert listener.heard[1].json["event"]["thread_ts"] == made["ts"]
    changed = listener.wait("message.message_changed").json["event"]
    assert (changed["message"]["text"], changed["previous_message"]["text"]) == ("second", "first")


def test_what_the_product_cannot_take_is_sent_again(box: SandboxProcess, listener: Listener) -> None:
    listener.status = 503
    page = box.act("page")["page"]
    time.sleep(0.4)
    assert box.get("/")["webhooks_pending"] > 0
    listener.status = 200
    assert listener.wait("incident.triggered").json["event"]["data"]["id"] == page
    box.settle()


def test_what_is_refused_is_dropped(box: SandboxProcess, listener: Listener) -> None:
    listener.status = 401
    box.act("new_ticket")
    box.settle()
    assert {doc["state"] for doc in box.state()["webhooks"]} == {"dropped"}


def test_webhooks_can_be_off(box: SandboxProcess, listener: Listener) -> None:
    box.post("/faults", webhooks="off")
    box.act("page")
    box.settle()
    assert {doc["state"] for doc in box.state()["webhooks"]} == {"lost"}
    assert listener.heard == []


def test_a_killed_sandbox_forgets_nothing() -> None:
    product = Listener()
    with running_sandbox(product.url) as box:
        made = box.act("page", customer="halcyon")
        box.post("/scenarios/single-page", at="2031-07-01T00:00:00Z")
        before = box.state()
        box.kill()
        product.start()
        box.start()
        after = box.state()
        assert after["incidents"] == before["incidents"]
        assert after["tickets"] == before["tickets"]
        assert [doc["act"] for doc in after["acts_to_come"]] == [doc["act"] for doc in before["acts_to_come"]] != []
        assert product.wait("incident.triggered").json["event"]["data"]["id"] == made["page"]
        assert product.wait("ticket.created").json["detail"]["id"] == str(made["ticket"])
        again: list[Heard] = product.heard
        assert again
        product.stop()
