"""Every kind of webhook that is used, complete and signed: accepted, understood, and what it becomes.

The bodies lie in webhooks/*.json; `source` says of each where it is from, `tells` the kinds of entries that it becomes
by itself.
No vendor is asked here: what a webhook tells alone has to stand.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ceoc import clock
from ceoc.inbox import people, processing
from ceoc.inbox.models import Delivery
from ceoc.inbox.people import VendorPerson
from emergencies.ingest import zendesk
from emergencies.models import Entry, Subject
from emergencies.story import kinds as k
from emergencies.story.entries import Ref
from emergencies.timeline.drafts import Seen
from emergencies.timeline.record import record
from emergencies.timeline.rows import entry_of
from tests.inbox import signing

FOLDER = Path(__file__).parent / "webhooks"
PAGE, TICKET, THREAD = "page:Q2K7ABCDEFGHIJ", "ticket:global:512880", "thread:C0SELFMGD1:1782922805.000100"
MIRA, THEO = "engineer@demo.example", "second@demo.example"
RANG = {"id": "x", "event_type": "incident.triggered", "occurred_at": "2026-07-01T16:20:00Z"}
MADE = "zen:event-type:ticket.created"
AT = datetime(2026, 7, 1, 16, 20, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def samples(vendor: str):
    return [
        pytest.param(sample, id=f"{number} {name(sample['body'])}")
        for number, sample in enumerate(json.loads((FOLDER / f"{vendor}.json").read_text()))
    ]


def name(body: dict) -> str:
    event = body.get("event") or {}
    return str(event.get("event_type") or body.get("type") or "trigger") + f" {event.get('subtype', '')}"


@pytest.fixture(autouse=True)
def known_people(db, person_of):
    """The vendors have told of the team before."""
    for one in ("engineer", "second", "manager"):
        person_of(one)
    wall = clock.wall()
    people.keep("pagerduty", "", [VendorPerson("PMIRA01", MIRA, "Mira Okafor", agent=True)], wall)
    people.keep("pagerduty", "", [VendorPerson("PTHEO01", THEO, "Theo Lindqvist", agent=True)], wall)
    people.keep("pagerduty", "", [VendorPerson("PLH1HKV", "tenex@acme.example", "Tenex Engineer", agent=True)], wall)
    desk = [
        VendorPerson("9001", MIRA, "Mira Okafor", agent=True),
        VendorPerson("7001", "jonas@northwind.example", "Jonas Weber"),
        VendorPerson("7003", "eva@northwind.example", "Eva Blum"),
        VendorPerson("9009", "", "Support Bot", agent=True),
    ]
    people.keep("zendesk", "global", desk, wall)
    people.keep("slack", "", [VendorPerson("U0MIRA001", MIRA, "Mira Okafor")], wall)


def kinds_of(key: str) -> list[str]:
    return [entry.fact.kind for entry in entries_of(key)]


def entries_of(key: str):
    rows = Entry.objects.filter(subject__key=key, known_until=None)
    return sorted((entry_of(row, key) for row in rows), key=lambda entry: entry.order)


def deliver(send, body) -> Delivery:
    assert send(body).status_code == 200
    processing.process_due(clock.now())
    return Delivery.objects.latest("id")


def known_page() -> None:
    fact = k.PageTriggered(portal="global", service="Customer Support")
    seen = Seen(
        subject=Ref.parse(PAGE),
        key="known",
        messenger="log",
        fact=fact,
        at=AT,
        source="pagerduty",
        klass="global",
        same="known",
    )
    record(sightings=[seen], now=AT)


def known_thread() -> None:
    known_page()
    fact = k.ThreadStarted(pages=(PAGE,))
    seen = Seen(
        subject=Ref.parse(THREAD),
        key="known-thread",
        messenger="log",
        fact=fact,
        at=AT,
        source="slack",
        klass="global",
        same=f"started:{THREAD}",
    )
    record(sightings=[seen], now=AT)


@pytest.mark.parametrize("sample", samples("pagerduty"))
def test_pagerduty(sample):
    if sample["tells"] != ["page_triggered"]:
        known_page()
    before = kinds_of(PAGE)
    delivery = deliver(signing.send_pagerduty, sample["body"])
    assert (delivery.state, delivery.reason) == ("processed", "")
    told = kinds_of(PAGE)
    for kind in before:
        told.remove(kind)
    assert told == sample["tells"]
    is_ours = sample["body"]["event"]["event_type"].startswith("incident.") and "PGR0VU2" not in json.dumps(
        sample["body"]
    )
    assert bool(Subject.objects.filter(key=PAGE, read_due_at__isnull=False).exists()) is is_ours


def test_the_published_example_of_an_unmapped_service_stays_us_governments():
    sample = json.loads((FOLDER / "pagerduty.json").read_text())[0]
    assert sample["source"].startswith("published")
    delivery = deliver(signing.send_pagerduty, sample["body"])
    assert (delivery.kind, delivery.klass) == ("incident.priority_updated", "us_gov")
    assert Subject.objects.get(key="page:PGR0VU2").read_due_at


@pytest.mark.parametrize("sample", samples("zendesk"))
def test_zendesk(sample):
    delivery = deliver(signing.send_zendesk, sample["body"])
    assert (delivery.state, delivery.reason, delivery.klass) == ("processed", "", "global")
    high = '"priority": "HIGH"' in json.dumps(sample["body"])  # not urgent, and not known: nothing to us
    assert kinds_of(TICKET) == ([] if high else sample["tells"])
    assert Subject.objects.filter(key=TICKET, read_due_at__isnull=False).exists() is not high


@pytest.mark.parametrize("sample", samples("zendesk"))
def test_zendesk_of_a_ticket_that_is_known(sample):
    Subject.objects.create(key=TICKET, kind="ticket", klass="global")
    deliver(signing.send_zendesk, sample["body"])
    assert kinds_of(TICKET) == sample["tells"]


@pytest.mark.parametrize("sample", samples("zendesk"))
def test_the_same_webhooks_at_the_other_account_are_us_governments(sample):
    delivery = deliver(lambda body: signing.send_zendesk(body, "us_gov"), sample["body"])
    assert (delivery.state, delivery.klass) == ("processed", "us_gov")
    assert not Entry.objects.filter(klass="global").exists()


@pytest.mark.parametrize("sample", samples("slack"))
def test_slack(sample):
    known_page() if sample["tells"] == ["thread_started"] else known_thread()
    before = kinds_of(THREAD)
    delivery = deliver(signing.send_slack, sample["body"])
    assert (delivery.state, delivery.reason) == ("processed", "")
    told = kinds_of(THREAD)
    for kind in before:
        told.remove(kind)
    assert told == sample["tells"]
    assert delivery.klass == ("global" if told else delivery.klass)


def facts(key: str) -> dict[str, k.Fact]:
    return {entry.fact.kind: entry.fact for entry in entries_of(key)}


def test_what_pagerdutys_webhooks_say_in_full():
    for sample in json.loads((FOLDER / "pagerduty.json").read_text())[2:]:
        deliver(signing.send_pagerduty, sample["body"])
    entries = {entry.fact.kind: entry for entry in entries_of(PAGE)}
    triggered = entries["page_triggered"]
    assert (triggered.fact.service, triggered.fact.portal, triggered.fact.by_hand) == (
        "Customer Support",
        "global",
        False,
    )
    assert (triggered.fact.number, triggered.fact.assigned, triggered.actor) == (4021, (MIRA,), "pagerduty")
    assert (entries["page_acknowledged"].actor, entries["page_escalated"].fact.to) == (MIRA, (THEO,))
    assert entries["page_unacknowledged"].actor == "pagerduty"
    assert entries["responder_added"].fact.who == THEO
    assert entries["page_merged"].fact.into == "page:Q9ZZABCDEFGHIJ"
    assert {entry.told_by for entry in entries.values()} == {"webhook"}


def test_what_zendesks_webhooks_say_in_full():
    for sample in json.loads((FOLDER / "zendesk.json").read_text()):
        deliver(signing.send_zendesk, sample["body"])
    entries = entries_of(TICKET)
    created = next(entry.fact for entry in entries if entry.fact.kind == "ticket_created")
    assert (created.requester, created.customer) == ("jonas@northwind.example", "customer:global:org-55")
    changed = {entry.fact.field: entry.fact for entry in entries if entry.fact.kind == "ticket_changed"}
    assert changed["assignee"].to == MIRA
    assert (changed["tags"].added, changed["tags"].removed) == (("gitaly",), ("emergency",))
    assert changed["customer"].to == "customer:global:org-56"
    assert changed["requester"].to == "eva@northwind.example"
    assert changed["subject"].to == ""  # a subject is text of people: it lies apart
    reply = next(entry for entry in entries if entry.fact.kind == "public_reply")
    assert (reply.actor, reply.fact.ours, reply.fact.comment) == (MIRA, True, "8001")
    assert [entry.actor for entry in entries if entry.fact.kind == "customer_reply"] == [
        "jonas@northwind.example",
        "zendesk:global:7002",
    ]


def test_slacks_mentions_and_writers_are_named_by_their_addresses():
    known_thread()
    for sample in json.loads((FOLDER / "slack.json").read_text()):
        deliver(signing.send_slack, sample["body"])
    messages = [entry for entry in entries_of(THREAD) if entry.fact.kind == "thread_message"]
    assert [message.actor for message in messages] == [MIRA, "slack:U0NEW0001"]
    assert messages[0].fact.mentions == ("slack:U0PAUL001",)
    assert Subject.objects.get(key=THREAD).read_due_at  # the thread is read for the names of strangers


@pytest.mark.parametrize(
    ("send", "body", "reason"),
    [
        (signing.send_pagerduty, b"not json", "The body is not JSON."),
        (signing.send_pagerduty, {"event": 7}, "The event has no text at id."),
        (signing.send_pagerduty, {"event": RANG | {"occurred_at": "?"}}, "no time at occurred_at"),
        (signing.send_pagerduty, {"event": RANG}, "names no page"),
        (signing.send_zendesk, b"[]", "The body is not a JSON object."),
        (signing.send_zendesk, {"hello": "world"}, "The event has no text at ticket.id."),
        (signing.send_zendesk, {"ticket_id": "../../users"}, "The event names no ticket."),
        (signing.send_zendesk, {"type": MADE, "id": "1", "detail": {"id": {"x": 1}}}, "no text at id"),
        (signing.send_slack, {"type": "event_callback"}, "The event has no text at type."),
        (signing.send_slack, {"event": {"type": "message", "channel": "C1", "ts": "yesterday"}}, "no time at ts"),
    ],
)
def test_well_signed_but_unreadable_is_kept_and_says_why(send, body, reason):
    delivery = deliver(send, body)
    assert delivery.state == "unreadable"
    assert reason in delivery.reason


def test_what_was_cut_is_unreadable():
    delivery = Delivery.objects.create(
        public_id="aaaaaaaaaaaa",
        vendor="zendesk",
        account="global",
        event_id="e",
        body=b'{"a":',
        cut=True,
        received_at=AT,
        due_at=AT,
    )
    processing.process_due(AT)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.reason) == ("unreadable", "The body was longer than what is kept.")


def test_a_message_that_names_no_page_of_ours_is_given_up_quietly():
    sample = json.loads((FOLDER / "slack.json").read_text())[0]
    delivery = deliver(signing.send_slack, sample["body"])
    assert delivery.state == "stored"
    Delivery.objects.update(attempts=20, due_at=AT)
    processing.process_due(AT)
    delivery.refresh_from_db()
    assert delivery.state == "processed"
    assert not Entry.objects.exists()


def test_an_act_of_a_stranger_waits_for_the_log():
    known_page()
    sample = json.loads((FOLDER / "pagerduty.json").read_text())[3]
    body = json.loads(json.dumps(sample["body"]).replace("PMIRA01", "PNOBODY"))
    deliver(signing.send_pagerduty, body)
    assert kinds_of(PAGE) == ["page_triggered"]
    assert Subject.objects.get(key=PAGE).read_due_at


def test_our_own_agents_change_waits_for_the_audit(settings):
    people.keep("zendesk", "global", [VendorPerson("9001", settings.ZENDESK["global"].email, "Ours", agent=True)], AT)
    sample = json.loads((FOLDER / "zendesk.json").read_text())[7]
    deliver(signing.send_zendesk, sample["body"])
    assert kinds_of(TICKET) == []
    assert zendesk.LOOK_AGAIN
