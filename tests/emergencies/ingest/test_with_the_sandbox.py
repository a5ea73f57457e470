"""Real webhooks and real reads: what people do at the vendors becomes the story."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from ceoc import clock
from ceoc.inbox import processing
from ceoc.inbox.models import Delivery
from emergencies.ingest import pagerduty, zendesk
from emergencies.models import Link, Subject
from emergencies.story.story import Story
from emergencies.timeline.empty import empty

MIRA, THEO = "engineer@demo.example", "second@demo.example"
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_page_with_its_ticket_is_one_emergency(desk):
    made = desk.box.act("page", customer="northwind", subject="Gitaly storage full", text="Nobody can push.")
    desk.work()
    page, ticket = f"page:{made['page']}", f"ticket:global:{made['ticket']}"
    emergency = desk.emergency(page)
    story = desk.story(page)
    assert desk.emergency(ticket) == emergency
    assert emergency.klass == "global"
    assert desk.states() == {"processed"}
    assert story.pages[page].portal == "global"
    assert story.pages[page].status == "triggered"
    assert story.tickets[ticket].priority == "urgent"
    assert story.tickets[ticket].form == "Emergencies"
    assert story.tickets[ticket].stage_field == "frt"
    assert story.customer.plan in ("premium", "ultimate")
    assert story.customer.csm
    assert desk.told(page) == ["page_triggered"]
    assert "ticket_created" in desk.told(ticket)
    assert "customer_reply" not in desk.told(ticket)


@pytest.fixture
def paged(desk, person_of):
    """A customer's page with its ticket, in the timeline; the team is known."""
    for name in ("engineer", "second", "manager", "cleared"):
        person_of(name)
    made = desk.box.act("page", customer="northwind", subject="Gitaly storage full", text="Nobody can push.")
    desk.work()
    return {
        "page": made["page"],
        "ticket": made["ticket"],
        "P": f"page:{made['page']}",
        "T": f"ticket:global:{made['ticket']}",
    }


@pytest.mark.parametrize("link", ["everywhere", "body", "details", "ticket"])
@pytest.mark.rule("PAGE-14")
def test_wherever_page_and_ticket_name_each_other_they_are_tied(desk, link):
    made = desk.box.act("page", customer="northwind", link=link)
    desk.work()
    page, ticket = desk.emergency(f"page:{made['page']}"), desk.emergency(f"ticket:global:{made['ticket']}")
    assert page == ticket


def test_a_page_that_names_no_ticket_stands_alone(desk):
    made = desk.box.act("page", customer="northwind", ticket=False)
    desk.work()
    assert desk.story(f"page:{made['page']}").tickets == {}


def test_what_is_done_in_pagerduty_is_told_once_by_webhook_and_log(desk, paged):
    desk.box.act("acknowledge", page=paged["page"], by="mira")
    desk.box.act("note", page=paged["page"], by="theo", text="Looking at Gitaly.")
    desk.box.act("add_responder", page=paged["page"], who="theo", by="mira")
    desk.work()
    desk.box.act("resolve", page=paged["page"], by="mira")
    desk.work()
    assert desk.told(paged["P"]) == [
        "page_triggered",
        "page_acknowledged",
        "page_note",
        "responder_added",
        "page_resolved",
    ]
    story = desk.story(paged["P"])
    assert story.dri.person == MIRA
    assert story.pages[paged["P"]].resolved_by == MIRA
    assert {entry.told_by for entry in desk.entries(paged["P"]) if entry.fact.kind != "responder_added"} == {"log"}


def test_ringing_again_escalating_and_handing_on(desk, paged):
    page = paged["page"]
    desk.box.act("escalate", page=page, by="mira")
    desk.box.act("reassign", page=page, to="theo", by="ines")
    desk.box.act("delegate", page=page, policy="Customer Emergencies EMEA", by="ines")
    desk.box.act("acknowledge", page=page, by="ravi")
    desk.box.act("resolve", page=page, by="ravi")
    desk.box.act("reopen", page=page, by="ravi")
    desk.work()
    assert desk.told(paged["P"]) == [
        "page_triggered",
        "page_escalated",
        "page_reassigned",
        "page_reassigned",
        "page_acknowledged",
        "page_resolved",
        "page_reopened",
    ]
    story = desk.story(paged["P"]).pages[paged["P"]]
    assert (story.status, story.policy, story.rang_again) == ("triggered", "Customer Emergencies EMEA", True)


@pytest.mark.parametrize(("act", "words"), [("reassign", {"to": "theo", "by": "ines"}), ("escalate", {"by": "mira"})])
def test_a_page_that_is_passed_on_after_its_acknowledgement_rings_again(desk, paged, act, words):
    desk.box.act("acknowledge", page=paged["page"], by="mira")
    desk.box.act(act, page=paged["page"], **words)
    desk.work()
    page = desk.story(paged["P"]).pages[paged["P"]]
    assert (page.status, desk.box.incident(paged["page"])["status"]) == ("triggered", "triggered")
    assert page.rings_since
    assert desk.emergency(paged["P"]).stage == "ringing"


def test_an_acknowledgement_by_a_manager_makes_no_dri(desk, paged):
    desk.box.act("acknowledge", page=paged["page"], by="ines")
    desk.work()
    assert desk.story(paged["P"]).dri is None


def test_pages_that_are_merged_are_one_emergency_and_no_resolve(desk, paged):
    other = desk.box.act("page", customer="northwind", ticket=False)
    desk.work()
    desk.box.act("merge_pages", into=paged["page"], pages=[other["page"]], by="mira")
    desk.work()
    gone = f"page:{other['page']}"
    assert desk.told(gone) == ["page_triggered", "page_merged"]
    assert desk.emergency(gone) == desk.emergency(paged["P"])


def test_a_page_resolved_first_and_merged_later(desk, paged):
    other = desk.box.act("page", customer="northwind", ticket=False)
    desk.box.act("resolve", page=other["page"], by="mira")
    desk.work()
    desk.box.act("merge_pages", into=paged["page"], pages=[other["page"]], by="mira")
    desk.work()
    assert desk.told(f"page:{other['page']}") == ["page_triggered", "page_resolved", "page_merged"]


def test_the_conversation_in_the_ticket(desk, paged):
    ticket = paged["ticket"]
    desk.box.act("internal_note", ticket=ticket, by="mira", text="Logs asked for.")
    desk.box.act("automatic_comment", ticket=ticket, text="We have received your request.")
    desk.box.act("agent_reply", ticket=ticket, by="mira", text="We are on it.", status="pending")
    desk.box.act("customer_reply", ticket=ticket, text="Thank you.")
    desk.work()
    kinds = [kind for kind in desk.told(paged["T"]) if kind.endswith(("reply", "note", "comment"))]
    assert kinds == ["internal_note", "automatic_comment", "public_reply", "customer_reply"]
    story = desk.story(paged["T"]).tickets[paged["T"]]
    assert (story.contact_by, story.turn, story.status) == (MIRA, "ours", "open")
    by_kind = {entry.fact.kind: entry for entry in desk.entries(paged["T"])}
    assert by_kind["customer_reply"].actor.endswith("@northwind.example")
    assert by_kind["public_reply"].fact.ours


def test_a_reply_of_somebody_who_is_not_of_our_list_is_not_ours(desk, paged):
    desk.box.act("agent_reply", ticket=paged["ticket"], by="lena", text="Let me see.")
    desk.work()
    story = desk.story(paged["T"]).tickets[paged["T"]]
    assert story.contact_at is None


@pytest.mark.rule("QUAL-9")
def test_a_macro_is_seen_in_the_audit_with_what_it_did(desk, paged):
    desk.box.act("macro", ticket=paged["ticket"], macro="Downgrade emergency ticket", by="mira")
    desk.work()
    story = desk.story(paged["T"]).tickets[paged["T"]]
    assert story.macros == ("Downgrade emergency ticket",)
    assert (story.form, story.priority, story.stage_field) == ("Self-Managed", "high", "nrt")
    assert "emergency_downgraded" in story.tags
    macro = next(entry for entry in desk.entries(paged["T"]) if entry.fact.kind == "macro_applied")
    assert (macro.actor, macro.fact.title) == (MIRA, "Downgrade emergency ticket")


def test_fields_are_told_by_their_titles_and_people_by_their_addresses(desk, paged):
    desk.box.act(
        "change_ticket",
        ticket=paged["ticket"],
        by="mira",
        assignee="theo",
        product="dedicated",
        related="#512001",
        add_tags=["gitaly"],
        subject="Gitaly: storage full",
    )
    desk.work()
    story = desk.story(paged["T"]).tickets[paged["T"]]
    assert (story.assignee, story.product, story.related) == (THEO, "dedicated", "ticket:global:512001")
    assert "gitaly" in story.tags


def test_solved_reopened_and_solved_again(desk, paged):
    for status in ("solved", "open", "solved"):
        desk.box.act("change_ticket", ticket=paged["ticket"], by="mira", status=status)
    desk.work()
    kinds = [kind for kind in desk.told(paged["T"]) if kind in ("ticket_solved", "ticket_reopened")]
    assert kinds == ["ticket_solved", "ticket_reopened", "ticket_solved"]
    assert desk.story(paged["T"]).tickets[paged["T"]].solved


def test_a_ticket_merged_into_another(desk, paged):
    other = desk.box.act("new_ticket", customer="northwind", priority="normal", subject="Older question")
    desk.box.act("merge_tickets", into=other["ticket"], tickets=[paged["ticket"]], by="mira")
    desk.work()
    into = f"ticket:global:{other['ticket']}"
    assert desk.story(paged["T"]).tickets[paged["T"]].merged_into == into
    assert "public_reply" not in desk.told(paged["T"]) + desk.told(into)
    assert desk.emergency(into) == desk.emergency(paged["T"])


def test_an_ordinary_ticket_is_nothing_to_us_until_it_becomes_urgent(desk):
    made = desk.box.act("new_ticket", customer="northwind", priority="normal", form="Self-Managed")
    key = f"ticket:global:{made['ticket']}"
    desk.work()
    assert desk.told(key) == []
    desk.box.act("change_ticket", ticket=made["ticket"], by="mira", priority="urgent")
    desk.work()
    assert desk.told(key)[0] == "ticket_created"
    assert desk.story(key).tickets[key].urgent


def test_a_deleted_ticket_is_not_asked_for_again(desk, paged):
    desk.box.act("delete_ticket", ticket=paged["ticket"])
    desk.work()
    assert desk.story(paged["T"]).tickets[paged["T"]].status == "deleted"
    desk.look_again()
    desk.work()


def test_attachments_are_kept_by_name(desk):
    made = desk.box.act("page", customer="northwind", attachment="gitlabsos.tar.gz")
    desk.work()
    created = desk.entries(f"ticket:global:{made['ticket']}")[0]
    assert created.fact.attachments == ("gitlabsos.tar.gz",)


def test_what_zendesk_says_of_the_customer_follows_its_changes(desk, paged):
    desk.box.act("change_customer", customer="northwind", fields={"plan": "free"})
    desk.look_again()
    desk.work()
    assert desk.story(paged["T"]).customer.plan == "free"
    desk.look_again()
    desk.work()
    customer = desk.story(paged["T"]).tickets[paged["T"]].customer
    assert desk.told(customer) == ["customer_read", "customer_read"]


@pytest.mark.rule("GOV-9")
def test_us_gov_pages_and_tickets_are_of_their_class(desk):
    made = desk.box.act("page", customer="meridian")
    desk.work()
    page, ticket = f"page:{made['page']}", f"ticket:us_gov:{made['ticket']}"
    assert desk.emergency(page) == desk.emergency(ticket)
    assert desk.emergency(page).klass == "us_gov"
    assert desk.story(ticket).customer.us_gov_support == "24x7"


@pytest.mark.rule("GOV-9")
def test_a_page_of_an_unmapped_service_is_us_governments(desk):
    made = desk.box.act("page", customer="northwind", service="Unsorted", ticket=False)
    desk.work()
    page = f"page:{made['page']}"
    assert desk.emergency(page).klass == "us_gov"
    assert desk.story(page).pages[page].portal is None


@pytest.mark.rule("PAGE-13")
def test_a_page_made_by_hand_waits_and_is_no_emergency(desk):
    made = desk.box.act("call_colleague", to="theo", by="mira")
    desk.work()
    subject = Subject.objects.get(key=f"page:{made['page']}")
    assert subject.waiting
    assert not Link.objects.filter(subject=subject).exists()


def test_the_thread_under_pagerdutys_message_is_the_emergencys(desk, paged):
    said = desk.box.act("slack_message", page=paged["page"], by="mira", text="Notes: disk is at 100 %.")
    desk.work()
    thread = f"thread:{said['channel']}:{said['thread']}"
    assert desk.emergency(thread) == desk.emergency(paged["P"])
    assert desk.told(thread) == ["thread_started", "thread_message"]
    assert desk.entries(thread)[1].actor == MIRA
    desk.box.act("slack_edit", channel=said["channel"], ts=said["ts"], text="Notes: disk is at 99 %.")
    desk.box.act("slack_message", page=paged["page"], by="theo", text="Seen.")
    desk.work()
    desk.box.act("slack_delete", channel=said["channel"], ts=said["ts"])
    desk.work()
    assert sorted(desk.told(thread)) == [
        "thread_deleted",
        "thread_edited",
        "thread_message",
        "thread_message",
        "thread_started",
    ]


def test_what_is_written_elsewhere_in_slack_is_none_of_ours(desk, paged):
    said = desk.box.act("slack_message", channel="support_team-chat", by="mira", text="Lunch?")
    desk.work()
    assert not Subject.objects.filter(key__contains=said["ts"]).exists()


def test_without_a_vendors_answer_its_webhooks_stand_and_the_read_follows(desk, paged):
    desk.box.post("/faults", vendor="pagerduty", mode="down")
    desk.box.act("acknowledge", page=paged["page"], by="mira")
    desk.work()
    entries = desk.entries(paged["P"])
    assert [entry.told_by for entry in entries] == ["log", "webhook"]
    assert desk.story(paged["P"]).pages[paged["P"]].status == "acknowledged"
    assert Subject.objects.get(key=paged["P"]).read_due_at
    assert desk.states() == {"processed"}
    desk.box.post("/faults", vendor="pagerduty", mode="ok")
    desk.look_again()
    desk.work()
    assert [entry.told_by for entry in desk.entries(paged["P"])] == ["log", "log"]


def test_a_page_shows_although_no_vendor_answers_at_all(desk):
    for vendor in ("pagerduty", "zendesk_global", "slack"):
        desk.box.post("/faults", vendor=vendor, mode="down")
    made = desk.box.act("page", customer="northwind", link="none")
    desk.work()
    page, ticket = f"page:{made['page']}", f"ticket:global:{made['ticket']}"
    assert desk.story(page).pages[page].status == "triggered"
    assert desk.story(ticket).tickets[ticket].priority == "urgent"


def test_what_no_webhook_told_is_mended_by_the_next_read(desk, paged):
    desk.box.post("/faults", webhooks="off")
    desk.box.act("acknowledge", page=paged["page"], by="mira")
    desk.box.act("agent_reply", ticket=paged["ticket"], by="mira", text="We are on it.")
    desk.work()
    assert desk.told(paged["P"]) == ["page_triggered"]
    desk.look_again()
    desk.work()
    assert desk.told(paged["P"]) == ["page_triggered", "page_acknowledged"]
    assert desk.story(paged["T"]).tickets[paged["T"]].contact_by == MIRA


def test_replaying_every_delivery_changes_nothing(desk, paged):
    desk.box.act("acknowledge", page=paged["page"], by="mira")
    desk.box.act("agent_reply", ticket=paged["ticket"], by="mira", text="We are on it.")
    desk.work()
    before = [(entry.key, entry.fact, entry.at) for key in (paged["P"], paged["T"]) for entry in desk.entries(key)]
    for delivery in Delivery.objects.order_by("-id"):
        processing.replay(delivery)
    desk.work()
    after = [(entry.key, entry.fact, entry.at) for key in (paged["P"], paged["T"]) for entry in desk.entries(key)]
    assert after == before


def test_webhooks_alone_reads_alone_and_both_tell_the_same_story(desk, paged):
    page, ticket = paged["page"], paged["ticket"]
    for act, words in (
        ("acknowledge", {"page": page, "by": "mira"}),
        ("agent_reply", {"ticket": ticket, "by": "mira", "status": "pending", "assign": True}),
        ("note", {"page": page, "by": "theo"}),
        ("customer_reply", {"ticket": ticket}),
        ("resolve", {"page": page, "by": "mira"}),
        ("macro", {"ticket": ticket, "macro": "General::Emergency::Strict Definition", "by": "mira"}),
        ("change_ticket", {"ticket": ticket, "by": "theo", "status": "solved", "add_tags": ["done"]}),
    ):
        desk.box.act(act, **words)
        desk.work()
    both = plain(desk.story(paged["P"]))
    empty()
    for delivery in Delivery.objects.order_by("-id"):
        processing.replay(delivery)
    desk.work(reads=False)
    assert outline(desk.story(paged["P"]), paged["P"]) == outline(both, paged["P"])
    assert outline(desk.story(paged["T"]), paged["T"]) == outline(both, paged["T"])
    empty()
    pagerduty.read_page(page, clock.now())
    zendesk.read_ticket("global", str(ticket), clock.now())
    assert plain(desk.story(paged["P"])) == both
    processing_of_all(desk)
    assert plain(desk.story(paged["P"])) == both


def outline(story: Story, key: str) -> tuple:
    """What webhooks alone tell of a page or ticket: everything but fields by title, macros, and fractions of
    seconds."""
    if key.startswith("page:"):
        page = story.pages[key]
        return (
            page.status,
            page.acknowledged_by,
            page.resolved_by,
            page.policy,
            page.assigned,
            page.portal,
            story.dri.person,
        )
    ticket = story.tickets[key]
    words = (
        ticket.status,
        ticket.priority,
        ticket.requester,
        ticket.assignee,
        ticket.customer,
        ticket.contact_by,
        ticket.tags,
    )
    return *words, ticket.turn, len(ticket.unanswered), ticket.replied_after_solved


def processing_of_all(desk):
    """Every webhook once more, the latest first, on top of what was read."""
    for delivery in Delivery.objects.order_by("-id"):
        processing.replay(delivery)
    desk.work()


def plain(story: Story) -> Story:
    """A story without when we learned of it, and without Slack, which is not read here."""
    tickets = {
        key: replace(ticket, unanswered=(None,) * len(ticket.unanswered)) for key, ticket in story.tickets.items()
    }
    customers = {key: replace(customer, read_at=None) for key, customer in story.customers.items()}
    return replace(story, id="", threads=(), tickets=tickets, customers=customers, first_seen_at=None, last_at=None)
