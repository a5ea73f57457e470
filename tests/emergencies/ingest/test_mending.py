"""Vendors that are down, webhooks that are lost, and all that is told twice: in the end the same story."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from ceoc import clock
from ceoc.inbox import processing
from ceoc.inbox.models import Delivery
from emergencies.ingest import pagerduty, zendesk
from emergencies.models import Subject
from emergencies.story.story import Story
from emergencies.timeline.empty import empty

MIRA = "engineer@demo.example"
pytestmark = pytest.mark.django_db(transaction=True)


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
