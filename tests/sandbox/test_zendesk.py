"""The stand-in for Zendesk, driven by zenpy."""

import time
from datetime import UTC, datetime

import pytest
import requests
from zenpy import Zenpy
from zenpy.lib.api_objects import Comment, Ticket, User
from zenpy.lib.exception import APIException, RecordNotFoundException

from tests.sandbox.conftest import zenpy_as
from tests.sandbox_process import SandboxProcess


def api(
    box: SandboxProcess, method: str, path: str, email: str = "engineer@demo.example", **words: object
) -> requests.Response:
    """One call without a client's help, to the global account."""
    auth = (f"{email}/token", box.env["ZENDESK_GLOBAL_TOKEN"])
    return requests.request(method, box.env["ZENDESK_GLOBAL_URL"] + path, auth=auth, timeout=10, **words)


def events(audit: object, kind: str) -> list[dict]:
    """The events of one type in an audit."""
    return [event for event in audit.events if event["type"] == kind]


def test_signing_in_needs_an_agent_and_the_accounts_token(box: SandboxProcess) -> None:
    for email, token in (
        ("engineer@demo.example", "wrong"),
        ("jonas@northwind.example", ""),
        ("nobody@demo.example", ""),
    ):
        with pytest.raises(APIException) as answer:
            zenpy_as(box, "GLOBAL", email, token).users.me()
        assert answer.value.response.status_code == 401
        assert answer.value.response.json() == {"error": "Couldn't authenticate you"}
    assert zenpy_as(box, "GLOBAL", "second@demo.example").users.me().name == "Theo Lindqvist"


def test_the_accounts_share_nothing(box: SandboxProcess, zendesk: Zenpy) -> None:
    made = box.act("page", customer="granite")
    assert made["account"] == "us_gov"
    with pytest.raises(RecordNotFoundException):
        zendesk.tickets(id=made["ticket"])
    assert zenpy_as(box, "US_GOV", "cleared@demo.example").tickets(id=made["ticket"]).priority == "urgent"
    with pytest.raises(APIException):
        zenpy_as(box, "US_GOV", "engineer@demo.example").users.me()
    assert not list(zendesk.search(type="organization", name="Granite State Records Office"))


def test_a_customer_carries_plan_dates_seats_and_csm(box: SandboxProcess, zendesk: Zenpy) -> None:
    ticket = zendesk.tickets(id=box.act("page", customer="solo")["ticket"])
    fields = zendesk.organizations(id=ticket.organization_id).organization_fields
    assert (fields["plan"], fields["seats"], fields["csm_email"]) == ("premium", 1, None)
    assert fields["subscription_start"][:10] == datetime.now(UTC).date().isoformat()
    assert zendesk.users(id=ticket.requester_id).time_zone == "America/New_York"
    plans = {org.organization_fields["plan"] for org in zendesk.organizations()}
    assert plans == {"free", "premium", "ultimate"}


def test_a_public_reply_and_fields_in_one_audit_with_our_metadata(box: SandboxProcess, zendesk: Zenpy) -> None:
    ticket = zendesk.tickets(id=box.act("page")["ticket"])
    mira = zendesk.users.me()
    ticket.status = "pending"
    ticket.comment = Comment(body="We are on it.", public=True, author_id=mira.id)
    ticket.metadata = {"ceoc_command": "c-1"}
    audit = zendesk.tickets.update(ticket).audit
    assert audit.metadata.custom == {"ceoc_command": "c-1"}
    assert [event["value"] for event in events(audit, "Change") if event["field_name"] == "status"] == ["pending"]
    kept = list(zendesk.tickets.audits(ticket=ticket.id))[-1]
    assert kept.metadata.custom == {"ceoc_command": "c-1"}
    said = list(zendesk.tickets.comments(ticket=ticket.id))[-1]
    assert (said.body, said.public, said.author_id) == ("We are on it.", True, mira.id)
    assert said.id == events(audit, "Comment")[0]["id"]


def test_the_integration_writes_as_an_engineer(box: SandboxProcess, zendesk: Zenpy) -> None:
    ticket = box.act("page")["ticket"]
    mira = zendesk.users.me()
    integration = zenpy_as(box, "GLOBAL", box.env["ZENDESK_GLOBAL_EMAIL"])
    integration.tickets.update(Ticket(id=ticket, comment=Comment(body="Hello", public=True, author_id=mira.id)))
    assert list(zendesk.tickets.comments(ticket=ticket))[-1].author_id == mira.id


def test_a_safe_update_of_a_ticket_that_moved_on_is_409(box: SandboxProcess, zendesk: Zenpy) -> None:
    key = box.act("page")["ticket"]
    ticket = zendesk.tickets(id=key)
    seen = ticket.updated_at
    time.sleep(1.1)  # the vendor's times have whole seconds
    box.act("customer_reply", ticket=key)
    with pytest.raises(APIException) as answer:
        zendesk.tickets.update(Ticket(id=key, priority="high", safe_update=True, updated_stamp=seen))
    assert answer.value.response.status_code == 409
    assert answer.value.response.json()["error"] == "UpdateConflict"
    fresh = zendesk.tickets(id=key).updated_at
    assert (
        zendesk.tickets.update(Ticket(id=key, priority="high", safe_update=True, updated_stamp=fresh)).ticket.priority
        == "high"
    )


@pytest.mark.parametrize(
    "wanted",
    [
        {"status": "nonsense"},
        {"priority": "critical"},
        {"assignee_id": 1},
        {"comment": {"body": " "}},
        {"ticket_form_id": 5},
        {"comment": {"body": "x", "author_id": 5}},
    ],
)
def test_values_that_cannot_be_kept_are_422(box: SandboxProcess, wanted: dict) -> None:
    key = box.act("page")["ticket"]
    answer = api(box, "PUT", f"/api/v2/tickets/{key}.json", json={"ticket": wanted})
    assert (answer.status_code, answer.json()["error"]) == (422, "RecordInvalid")
    assert box.ticket(key)["status"] == "new"


def test_missing_records_and_addresses_are_404(box: SandboxProcess) -> None:
    assert api(box, "GET", "/api/v2/tickets/1.json").json() == {"error": "RecordNotFound", "description": "Not found"}
    assert api(box, "GET", "/api/v2/nothing.json").status_code == 404


def test_a_customers_word_opens_a_pending_ticket_again(box: SandboxProcess, zendesk: Zenpy) -> None:
    key = box.act("page")["ticket"]
    box.act("agent_reply", ticket=key, by="mira", status="pending")
    assert zendesk.tickets(id=key).status == "pending"
    box.act("customer_reply", ticket=key, text="Still down")
    assert zendesk.tickets(id=key).status == "open"


def test_macros_are_shown_applied_and_named_in_the_audit(box: SandboxProcess, zendesk: Zenpy) -> None:
    key = box.act("page")["ticket"]
    macros = {macro.title: macro for macro in zendesk.macros()}
    effect = zendesk.tickets.show_macro_effect(zendesk.tickets(id=key), macros["Downgrade emergency ticket"])
    forms = {form.id: form.name for form in zendesk.ticket_forms()}
    shown = effect.ticket
    assert (shown.priority, forms[shown.ticket_form_id], shown.tags) == (
        "high",
        "Self-Managed",
        ["emergency_downgraded"],
    )
    assert zendesk.tickets(id=key).priority == "urgent"
    box.act("macro", ticket=key, macro="General::Emergency::Needs more info", by="mira")
    audit = list(zendesk.tickets.audits(ticket=key))[-1]
    assert events(audit, "AgentMacroReference")[0]["macro_title"] == "General::Emergency::Needs more info"
    assert zendesk.tickets(id=key).tags == ["emergency_needs_info"]
    assert "Hello Jonas" in list(zendesk.tickets.comments(ticket=key))[-1].body


def test_what_triggers_do_says_so(box: SandboxProcess, zendesk: Zenpy) -> None:
    key = box.act("page")["ticket"]
    box.act("automatic_comment", ticket=key, text="Our offices are closed.")
    audits = list(zendesk.tickets.audits(ticket=key))
    assert events(audits[0], "Notification")[0]["via"]["channel"] == "rule"
    assert audits[-1].via.channel == "rule"
    assert events(audits[-1], "Comment")[0]["via"]["source"]["rel"] == "trigger"


def test_attachments_are_known_by_name(box: SandboxProcess, zendesk: Zenpy) -> None:
    key = box.act("page", attachment="gitaly.log")["ticket"]
    assert [one.file_name for one in next(iter(zendesk.tickets.comments(ticket=key))).attachments] == ["gitaly.log"]


def test_search_finds_urgent_new_tickets_newest_first(box: SandboxProcess, zendesk: Zenpy) -> None:
    keys = [box.act("new_ticket", customer=customer)["ticket"] for customer in ("northwind", "halcyon")]
    box.act("new_ticket", customer="lumen", priority="high")
    found = zendesk.search("priority:urgent order_by:created_at sort:desc", type="ticket", status="new")
    assert [ticket.id for ticket in found] == keys[::-1]
    assert [ticket.id for ticket in zendesk.search("halcyon@x OR", type="ticket")] == []
    assert [ticket.id for ticket in zendesk.search(type="ticket", organization="Halcyon Freight")] == keys[1:]
    assert [user.email for user in zendesk.users.search(query="jonas@northwind.example")] == ["jonas@northwind.example"]


def test_lists_come_in_pages_of_their_own_address(box: SandboxProcess, zendesk: Zenpy) -> None:
    key = box.act("page")["ticket"]
    for number in range(5):
        box.act("customer_reply", ticket=key, text=f"word {number}")
    first = api(box, "GET", f"/api/v2/tickets/{key}/comments.json?page[size]=2").json()
    assert first["meta"]["has_more"]
    assert first["links"]["next"].startswith(box.env["ZENDESK_GLOBAL_URL"])
    second = requests.get(
        first["links"]["next"], auth=("engineer@demo.example/token", box.env["ZENDESK_GLOBAL_TOKEN"]), timeout=5
    ).json()
    assert [one["body"] for one in second["comments"]] == ["word 1", "word 2"]
    by_number = api(box, "GET", f"/api/v2/tickets/{key}/comments.json?per_page=4").json()
    assert (by_number["count"], by_number["next_page"] is not None) == (6, True)
    assert len(list(zendesk.tickets.comments(ticket=key))) == 6


def test_the_export_leaves_the_last_minute_out_and_ends(box: SandboxProcess, zendesk: Zenpy) -> None:
    now = time.time()
    box.post("/clock", real_start=now, demo_start=now, rate=1)
    old = box.act("page")["ticket"]
    box.post("/clock", real_start=now, demo_start=now + 120, rate=1)
    box.act("page")
    export = zendesk.tickets.incremental(start_time=int(now) - 5, paginate_by_time=False)
    assert [ticket.id for ticket in export] == [old]
    assert export.end_of_stream
    again = zendesk.tickets.incremental(cursor=export.after_cursor, paginate_by_time=False)
    assert list(again) == []


def test_bulk_updates_are_jobs_with_a_result_each(box: SandboxProcess, zendesk: Zenpy) -> None:
    keys = [box.act("new_ticket")["ticket"] for _ in range(3)]
    job = zendesk.tickets.update([Ticket(id=key, additional_tags=["incident-1"]) for key in [*keys, 7]])
    done = zendesk.job_status(id=job.id)
    assert (done.status, [result.success for result in done.results]) == ("completed", [True, True, True, False])
    assert [zendesk.tickets(id=key).tags for key in keys] == [["incident-1"]] * 3
    answer = api(box, "PUT", "/api/v2/tickets/update_many.json", json={"tickets": [{"id": 1}] * 101})
    assert answer.status_code == 400


def test_merged_tickets_are_closed_and_say_where_they_went(box: SandboxProcess, zendesk: Zenpy) -> None:
    source, target = box.act("new_ticket")["ticket"], box.act("new_ticket")["ticket"]
    zendesk.tickets.merge(zendesk.tickets(id=target), [source], target_comment="merged here")
    assert zendesk.tickets(id=source).status == "closed"
    assert zendesk.tickets(id=source).tags == ["closed_by_merge"]
    audit = list(zendesk.tickets.audits(ticket=source))[-1]
    assert audit.via.source.rel == "merge"
    assert list(zendesk.tickets.comments(ticket=target))[-1].body == "merged here"
    with pytest.raises(APIException) as answer:
        zendesk.tickets.update(Ticket(id=source, priority="low"))
    assert answer.value.response.status_code == 422


def test_tickets_can_be_made_for_an_unknown_requester_and_go_on_from_a_closed_one(
    box: SandboxProcess, zendesk: Zenpy
) -> None:
    made = zendesk.tickets.create(
        Ticket(
            subject="Follow-up",
            comment=Comment(body="Work goes on here"),
            requester=User(name="New Person", email="new@northwind.example"),
        )
    )
    assert zendesk.users(id=made.ticket.requester_id).email == "new@northwind.example"
    old = box.act("new_ticket")["ticket"]
    zendesk.tickets.merge(zendesk.tickets(id=made.ticket.id), [old])
    later = zendesk.tickets.create(Ticket(subject="Again", description="Again", via_followup_source_id=old))
    assert box.ticket(old)["followup_ids"] == [later.ticket.id]


def test_deleted_tickets_are_gone(box: SandboxProcess, zendesk: Zenpy) -> None:
    key = box.act("new_ticket")["ticket"]
    zendesk.tickets.delete(zendesk.tickets(id=key))
    with pytest.raises(RecordNotFoundException):
        zendesk.tickets(id=key)


def test_many_are_shown_at_once(box: SandboxProcess, zendesk: Zenpy) -> None:
    keys = [box.act("new_ticket")["ticket"] for _ in range(3)]
    assert [ticket.id for ticket in zendesk.tickets(ids=[*keys, 1])] == keys
    requester = zendesk.tickets(id=keys[0]).requester_id
    assert [user.id for user in zendesk.users(ids=[requester])] == [requester]


def test_every_answer_tells_what_is_left_of_the_minute(box: SandboxProcess) -> None:
    headers = api(box, "GET", "/api/v2/users/me.json").headers
    assert int(headers["X-Rate-Limit-Remaining"]) < int(headers["X-Rate-Limit"])
