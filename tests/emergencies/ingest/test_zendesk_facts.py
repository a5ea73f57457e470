"""What comments, changes and customers of Zendesk are. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from ceoc.inbox.people import VendorPerson
from ceoc.vendors import zendesk_shapes as shapes
from ceoc.vendors.zendesk_audits import audit
from emergencies.ingest import customers
from emergencies.ingest import zendesk_facts as facts
from emergencies.ingest.zendesk_changes import Changed, facts_of
from emergencies.ingest.zendesk_comments import fact_of
from emergencies.ingest.zendesk_frame import Frame
from emergencies.story import kinds as k

NOW = datetime(2026, 7, 1, 16, 20, tzinfo=UTC)
MIRA, BOT, DANA, OWN = "9001", "9009", "7001", "9100"
FRAME = Frame(
    account="global",
    ticket=shapes.TicketRead(id="512880", requester_id=DANA, organization_id="55"),
    known={
        MIRA: VendorPerson(MIRA, "mira@demo.example", "Mira Okafor", agent=True),
        "9002": VendorPerson("9002", "lena@demo.example", "Lena Ost", agent=True),
        BOT: VendorPerson(BOT, "", "Support Bot", agent=True),
        OWN: VendorPerson(OWN, "dashboard@demo.example", "Dashboard", agent=True),
        DANA: VendorPerson(DANA, "dana@northwind.example", "Dana"),
        "7002": VendorPerson("7002", "eva@northwind.example", "Support Bot"),
    },
    ours=frozenset({"mira@demo.example"}),
    own_address="dashboard@demo.example",
    forms={"21": "Emergencies"},
    titles={"41": "Ticket Stage", "42": "PagerDuty incident", "43": "Related ticket", "44": "Product", "45": "Mood"},
)
RULE = shapes.Via(channel="rule", rel="trigger")


def comment(author: str, *, public: bool = True, via: shapes.Via | None = None) -> shapes.CommentRead:
    return shapes.CommentRead(
        id="1", at=NOW, author_id=author, public=public, text="x", via=via or shapes.Via(channel="web")
    )


@pytest.mark.rule("PAGE-7", "PAGE-12")
@pytest.mark.parametrize(
    ("said", "kind", "ours"),
    [
        pytest.param(comment(MIRA), k.PublicReply, True, id="one of ours"),
        pytest.param(comment("9002"), k.PublicReply, False, id="an agent who is not of our list"),
        pytest.param(comment(MIRA, public=False), k.InternalNote, None, id="for the team"),
        pytest.param(comment(DANA), k.CustomerReply, None, id="the requester"),
        pytest.param(
            comment("7002"), k.CustomerReply, None, id="a colleague of the requester, whatever they call themselves"
        ),
        pytest.param(comment(BOT), k.AutomaticComment, None, id="a bot"),
        pytest.param(comment(OWN), k.AutomaticComment, None, id="the product's own agent"),
        pytest.param(comment(MIRA, via=RULE), k.AutomaticComment, None, id="a trigger in somebody's name"),
        pytest.param(comment(MIRA, via=shapes.Via(rel="merge")), k.AutomaticComment, None, id="what a merge writes"),
        pytest.param(comment("-1"), k.AutomaticComment, None, id="Zendesk itself"),
        pytest.param(comment("404"), k.AutomaticComment, None, id="nobody we know"),
    ],
)
def test_comments(said, kind, ours):
    fact = fact_of(FRAME, said)
    assert isinstance(fact, kind)
    if ours is not None:
        assert fact.ours is ours


def test_an_agent_who_asks_is_the_customer():
    frame = Frame(
        account="global", ticket=shapes.TicketRead(id="1", requester_id=MIRA), known=FRAME.known, ours=FRAME.ours
    )
    assert isinstance(fact_of(frame, comment(MIRA)), k.CustomerReply)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (Changed(field="priority", value="HIGH"), [k.TicketChanged(field="priority", to="high")]),
        (Changed(field="ticket_form_id", value="21"), [k.TicketChanged(field="form", to="Emergencies")]),
        (Changed(field="ticket_form_id", value="99"), []),
        (Changed(field="assignee_id", value=MIRA), [k.TicketChanged(field="assignee", to="mira@demo.example")]),
        (Changed(field="assignee_id", value=""), [k.TicketChanged(field="assignee", to="")]),
        (
            Changed(field="organization_id", value="56"),
            [k.TicketChanged(field="customer", to="customer:global:org-56")],
        ),
        (Changed(field="41", value="nrt"), [k.TicketChanged(field="stage", to="nrt")]),
        (Changed(field="42", value="Q2K7ABC"), [k.TicketChanged(field="pages", to="page:Q2K7ABC")]),
        (Changed(field="43", value="#512001"), [k.TicketChanged(field="related", to="ticket:global:512001")]),
        (Changed(field="44", value="dedicated"), [k.TicketChanged(field="product", to="dedicated")]),
        (Changed(field="45", value="fine"), []),
        (Changed(field="group_id", value="5"), []),
        (
            Changed(field="tags", values=("b", "a"), previous_values=("c",)),
            [k.TicketChanged(field="tags", added=("a", "b"), removed=("c",))],
        ),
        (Changed(field="tags", values=("a",), previous_values=("a",)), []),
        (Changed(field="subject", value="Secret words"), [k.TicketChanged(field="subject")]),
        (Changed(field="status", value="pending", previous="open"), [k.TicketChanged(field="status", to="pending")]),
        (
            Changed(field="status", value="solved", previous="open"),
            [k.TicketChanged(field="status", to="solved"), k.TicketSolved(by_agent=False)],
        ),
        (Changed(field="status", value="closed", previous="solved"), [k.TicketChanged(field="status", to="closed")]),
        (
            Changed(field="status", value="open", previous="solved"),
            [k.TicketChanged(field="status", to="open"), k.TicketReopened()],
        ),
        (Changed(field="status", value="deleted", previous="solved"), [k.TicketChanged(field="status", to="deleted")]),
    ],
)
def test_changes(changed, expected):
    assert [fact for fact, _ in facts_of(FRAME, changed)] == expected


def raw_audit(number: int, author: str, *events: dict, **more) -> dict:
    return {
        "id": number,
        "ticket_id": 512880,
        "created_at": "2026-07-01T16:20:00Z",
        "author_id": author,
        "events": list(events),
    } | more


def test_the_echo_of_our_command_is_the_wish_of_its_person():
    echo = {"metadata": {"custom": {"ceoc_command": "c1", "ceoc_by": "Mira@demo.example"}}}
    event = {"id": 5, "type": "Change", "field_name": "priority", "value": "high", "previous_value": "urgent"}
    told = facts.of_answer(FRAME, audit(raw_audit(2, OWN, event, **echo)))
    assert [(seen.actor, seen.fact.by_agent) for seen in told] == [("mira@demo.example", True)]
    forged = facts.of_answer(FRAME, audit(raw_audit(2, DANA, event, **echo)))
    assert [seen.actor for seen in forged] == ["dana@northwind.example"]


def test_a_reply_from_our_composer_knows_when_it_was_begun():
    begun = NOW - timedelta(minutes=3)
    frame = Frame(account="global", ticket=FRAME.ticket, known=FRAME.known, ours=FRAME.ours, begun={"c1": begun})
    said = {"id": 6, "type": "Comment", "body": "On it", "public": True, "author_id": MIRA}
    raw = raw_audit(2, OWN, said, metadata={"custom": {"ceoc_command": "c1"}})
    assert [seen.fact.begun_at for seen in facts.of_answer(frame, audit(raw))] == [begun]


def test_what_a_trigger_changes_is_no_agents_doing():
    event = {
        "id": 5,
        "type": "Change",
        "field_name": "status",
        "value": "open",
        "previous_value": "new",
        "via": {"channel": "rule"},
    }
    assert [seen.fact.by_agent for seen in facts.of_answer(FRAME, audit(raw_audit(2, MIRA, event)))] == [False]


def test_the_description_is_no_reply_and_its_attachments_are_kept():
    described = {
        "id": 3,
        "type": "Comment",
        "body": "Nobody can push.",
        "public": True,
        "author_id": DANA,
        "attachments": [{"file_name": "sos.tar.gz"}],
    }
    first = raw_audit(1, DANA, {"id": 2, "type": "Create", "field_name": "subject", "value": "Gitaly"}, described)
    told = facts.of_audits(FRAME, [audit(first)])
    assert [seen.fact.kind for seen in told] == ["ticket_created"]
    assert (told[0].title, told[0].body, told[0].fact.attachments) == ("Gitaly", "Nobody can push.", ("sos.tar.gz",))


@pytest.mark.rule("ENT-3", "SPEC-4")
def test_a_customer_is_read_as_zendesk_says_and_unknown_where_it_says_nothing():
    fields = {
        "plan": "Premium",
        "subscription_start": "2026-07-01T00:00:00+00:00",
        "subscription_end": "2027-07-01",
        "seats": "1",
        "csm_email": "Paul@demo.example",
        "product": "self_managed",
    }
    organization = shapes.OrganizationRead(id="55", name="Northwind", fields=fields)
    requester = shapes.UserRead(id=DANA, email="dana@northwind.example", zone="America/New_York")
    [seen] = customers.of_customer("global", organization, requester, NOW)
    assert seen.fact == k.CustomerRead(
        name="Northwind",
        plan="premium",
        subscription_start=date(2026, 7, 1),
        subscription_end=date(2027, 7, 1),
        seats=1,
        csm="paul@demo.example",
        product="self_managed",
        zone="America/New_York",
    )
    odd = shapes.OrganizationRead(id="55", fields={"seats": "many", "subscription_end": "soon"})
    [unknown] = customers.of_customer("global", odd, None, NOW)
    assert (unknown.fact.seats, unknown.fact.subscription_end, unknown.fact.plan) == (None, None, "")


@pytest.mark.rule("ENT-3")
def test_the_same_reading_adds_nothing_until_something_or_the_day_changes():
    one = shapes.OrganizationRead(id="55", name="Northwind", fields={"plan": "premium"})
    other = shapes.OrganizationRead(id="55", name="Northwind", fields={"plan": "free"})
    keys = [
        customers.of_customer("global", organization, None, at)[0].key
        for organization, at in (
            (one, NOW),
            (one, NOW + timedelta(hours=1)),
            (other, NOW),
            (one, NOW + timedelta(days=1)),
        )
    ]
    assert len(set(keys)) == 3
    assert keys[0] == keys[1]


def test_without_an_organisation_the_requester_is_the_customer_and_without_both_nobody():
    requester = shapes.UserRead(id=DANA, name="Dana", zone="Europe/Berlin")
    [seen] = customers.of_customer("us_gov", None, requester, NOW)
    assert (seen.subject.key, seen.klass, seen.fact.name) == ("customer:us_gov:user-7001", "us_gov", "Dana")
    assert customers.of_customer("global", None, None, NOW) == []
