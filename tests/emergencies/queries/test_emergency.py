"""One emergency as its page shows it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import settings

from ceoc.inbox import people
from ceoc.inbox.people import VendorPerson
from ceoc.outbox.models import Command
from ceoc.outbox.people import take_back
from emergencies import actions
from emergencies.pages.render import times
from emergencies.queries.emergency import emergency
from emergencies.story import kinds as k
from tests.emergencies.world import MIRA, NOW, THEO, Trouble, ago, off_hours


def shown(audience, trouble):
    return emergency(audience, trouble.row.public_id, times())


@pytest.fixture
def northwind(person_of):
    person_of("engineer")
    return Trouble("Northwind Robotics", 1).pages(34, "Gitaly storage full").acknowledged(32)


def test_the_first_open_act_stands_on_top_with_its_rule_and_owner(uncleared, northwind):
    step = shown(uncleared, northwind).step
    assert (step.kind, step.owner, [rule.id for rule in step.rules]) == ("first_public_reply", MIRA, ["PAGE-7"])
    assert step.clock.late
    assert "internal note does not count" in step.rules[0].text


def test_when_nothing_is_owed_it_says_what_is_watched(uncleared, northwind):
    northwind.replied(30).resolved(29)
    step = shown(uncleared, northwind).step
    assert step.kind == ""
    assert step.title == "Waiting for the customer"
    assert "page that rings" in step.why


def test_each_act_is_seen_owed_or_locked_with_its_evidence(uncleared, northwind):
    before = {item.title: item.state for item in shown(uncleared, northwind).items}
    assert before == {
        "Acknowledge the page": "seen",
        "Send the first public reply": "now",
        "Resolve the page": "locked",
    }
    northwind.replied(30)
    after = {item.title: (item.state, item.words) for item in shown(uncleared, northwind).items}
    assert after["Send the first public reply"] == ("seen", "Mira Okafor")
    assert after["Resolve the page"] == ("now", "May be done now")


@pytest.mark.rule("PAGE-9")
def test_a_page_that_rings_may_be_resolved_once_the_customer_was_written_to(uncleared):
    items = shown(uncleared, Trouble("Halden Bank", 3).pages(9, "502").replied(5)).items
    assert [(item.state, item.words) for item in items if item.title == "Resolve the page"] == [
        ("todo", "The customer was written to: it may be done")
    ]


@pytest.mark.rule("GOV-5")
def test_off_hours_nothing_is_owed_before_business_hours_and_the_page_still_rings(cleared):
    view, begins = shown(cleared, off_hours(3)), datetime(2026, 7, 14, 12, tzinfo=UTC)
    assert (view.step.title, view.step.until) == ("Follow up in business hours", begins)
    assert {item.title: (item.state, item.due) for item in view.items} == {
        "Acknowledge the page": ("todo", begins),
        "Send the first public reply": ("todo", begins),
        "Resolve the page": ("locked", None),
    }
    assert view.facts.pages[0].pill.text == "Triggered"


def test_the_timeline_holds_all_sources_newest_first(uncleared, northwind):
    northwind.noted(20, MIRA).talked(25).answered(5)
    rows = shown(uncleared, northwind).timeline
    assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)
    assert {row.source for row in rows} == {"PagerDuty", "Zendesk", "Slack", "the dashboard"}
    audiences = {row.audience for row in rows if row.text}
    assert audiences == {"customer", "note", "slack"}


def test_the_dri_is_said_where_they_became_it(uncleared, northwind):
    rows = shown(uncleared, northwind).timeline
    assert [row.words for row in rows if "DRI" in row.words] == ["acknowledged the page, DRI from here"]


def test_facts_have_source_and_age(uncleared, northwind):
    facts = shown(uncleared, northwind).facts
    plan = facts.customer[0]
    assert (plan.label, plan.value, plan.source) == ("Plan", "Premium, 250 seats", "until 30 Jun 2027 · Zendesk")
    assert plan.at is not None
    assert (facts.dri.face.name, facts.dri.why) == ("Mira Okafor", "by acknowledging")


def test_an_unknown_customer_is_unknown_and_not_without_a_plan(uncleared):
    trouble = Trouble("Nobody", 9)
    trouble.tell(3, "", (trouble.page, k.PageTriggered(portal="global", tickets=(trouble.ticket.key,))))
    facts = shown(uncleared, trouble).facts
    assert [(fact.label, fact.value) for fact in facts.customer] == [("Plan", "Unknown")]


def test_a_note_that_was_taken_back_stays_struck_through(uncleared, northwind, viewer_of_role):
    mira, row = viewer_of_role("engineer"), northwind.row
    actions.note(emergency=row, by=mira, now=NOW, text="A mistake")
    note = next(one for one in shown(uncleared, northwind).timeline if one.text == "A mistake")
    assert note.may_be_retracted
    actions.retract(emergency=row, by=mira, now=NOW, entry=note.id)
    after = next(one for one in shown(uncleared, northwind).timeline if one.text == "A mistake")
    assert (after.taken_back, after.may_be_retracted) == (True, False)


def test_a_command_is_shown_as_it_stands(uncleared, northwind, viewer_of_role):
    mira, row = viewer_of_role("engineer"), northwind.row
    actions.public_reply(emergency=row, by=mira, now=NOW, text="We are here.")
    view = shown(uncleared, northwind)
    (command,) = view.commands
    assert (command.pill.text, command.may_take_back, command.counts) == ("Held", True, True)
    told = next(one for one in view.timeline if one.words == "writes to the customer")
    assert told.pill.text == "Held"
    assert view.step.kind == "first_public_reply", "a wish is no contact"


def ended(row, **fields) -> None:
    """The emergency's one command came to its end, at this moment."""
    Command.objects.filter(group=row.public_id).update(due_at=None, hold_until=None, lease_until=None, **fields)


def test_a_delivered_command_and_its_fact_are_one_line(uncleared, northwind, viewer_of_role):
    actions.public_reply(emergency=northwind.row, by=viewer_of_role("engineer"), now=ago(10), text="We are here.")
    ended(northwind.row, state="delivered", delivered_at=ago(9))
    before = shown(uncleared, northwind).timeline
    assert [(row.words, row.pill.text) for row in before if row.pill] == [("writes to the customer", "Delivered")]
    northwind.replied(9, body="We are here.").replied(20, body="Written in Zendesk")
    after = shown(uncleared, northwind).timeline
    assert [(row.words, row.text, row.pill and row.pill.text) for row in after if row.audience == "public"] == [
        ("replied to the customer", "We are here.", "Delivered"),
        ("replied to the customer", "Written in Zendesk", None),
    ]
    assert not [row for row in after if row.words == "writes to the customer"]


def test_two_commands_are_two_lines_and_another_persons_fact_is_none_of_them(uncleared, northwind, viewer_of_role):
    for minutes in (10, 8):
        actions.internal_note(emergency=northwind.row, by=viewer_of_role("engineer"), now=ago(minutes), text="A note")
    first, second = Command.objects.order_by("queued_at")
    for command, minutes in ((first, 9.5), (second, 7.5)):
        Command.objects.filter(pk=command.pk).update(state="delivered", due_at=None, delivered_at=ago(minutes))
    northwind.noted(9.5, MIRA).noted(7.5, MIRA).noted(7.4, THEO)
    notes = [row for row in shown(uncleared, northwind).timeline if row.audience == "note"]
    assert [row.pill and row.pill.text for row in notes] == [None, "Delivered", "Delivered"]


def test_a_managers_reason_stays_beside_what_came_of_it(uncleared, northwind, viewer_of_role):
    ines = viewer_of_role("manager")
    actions.resolve_page(emergency=northwind.row, by=ines, now=ago(10), although="They called us.")
    ended(northwind.row, state="delivered", delivered_at=ago(9))
    northwind.resolved(9, ines.email)
    row = shown(uncleared, northwind).timeline[0]
    assert (row.words, row.detail, row.pill.text) == ("resolved the page", "although: They called us.", "Delivered")


def test_a_reply_that_was_taken_back_is_one_line_without_an_e_mail(uncleared, northwind, viewer_of_role):
    actions.public_reply(emergency=northwind.row, by=viewer_of_role("engineer"), now=NOW, text="Too early")
    take_back(Command.objects.get(), by=MIRA, now=NOW)
    told = [row for row in shown(uncleared, northwind).timeline if "repl" in row.words or "customer" in row.words]
    assert [(row.who, row.words, row.detail) for row in told] == [
        ("Mira Okafor", "took back a reply before it was sent", "")
    ]


def test_a_customer_is_called_by_the_name_that_zendesk_gives(cleared, uncleared, northwind):
    northwind.answered(5)
    contact = shown(uncleared, northwind).facts.customer[-1]
    assert (contact.label, contact.value, contact.source) == ("Contact", "dana@northwind.example", "")
    for account, name in (("global", "Dana Whitmore"), ("us-gov", "Somebody else")):
        person = VendorPerson("7", northwind.requester, name)
        people.keep("zendesk", account, [person], NOW)
    view = shown(uncleared, northwind)
    contact = view.facts.customer[-1]
    assert (contact.value, contact.source) == ("Dana Whitmore", "dana@northwind.example")
    assert view.timeline[0].who == "Dana Whitmore", "what only the cleared may know names nobody here"


def test_the_dashboards_own_account_is_called_so(uncleared, northwind):
    northwind.tell(4, settings.ZENDESK["global"].email, (northwind.ticket, k.TicketChanged(field="stage", to="nrt")))
    assert shown(uncleared, northwind).timeline[0].say == (
        "The dashboard’s Zendesk account set the ticket stage to Next reply (NRT)"
    )


def test_us_gov_is_not_there_for_the_uncleared(cleared, uncleared):
    trouble = Trouble("Bureau of Tides", 3, klass="us_gov", us_gov_support="24x7").pages(9, "Sign-in fails")
    assert shown(uncleared, trouble) is None
    assert shown(cleared, trouble).head.pills[0].text == "US Gov 24x7"


@pytest.mark.parametrize("words", [0, 60])
def test_nine_queries_whatever_the_timeline(uncleared, northwind, django_assert_num_queries, words):
    for minute in range(words):
        northwind.answered(25 - minute / 10, f"Word {minute}")
    id = northwind.row.public_id
    with django_assert_num_queries(9):
        assert len(emergency(uncleared, id, times()).timeline) >= words


def test_hostile_words_stay_words(uncleared):
    trouble = Trouble("<script>alert(1)</script>", 4).pages(3, "</title><img src=x onerror=alert(1)>")
    head = shown(uncleared, trouble).head
    assert head.customer == "<script>alert(1)</script>"
