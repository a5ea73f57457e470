"""Real webhooks and real reads: what people do in PagerDuty and Slack becomes the story."""

from __future__ import annotations

import pytest

from emergencies.models import Link, Subject

MIRA = "engineer@demo.example"
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
    told = desk.told(paged["P"])
    told.remove("responder_added")  # told by a webhook alone, whose fractions of a second the log does not know
    assert told == ["page_triggered", "page_acknowledged", "page_note", "page_resolved"]
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
