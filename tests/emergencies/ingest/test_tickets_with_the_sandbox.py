"""Real webhooks and real reads: what customers and agents do in Zendesk becomes the story."""

from __future__ import annotations

import pytest

MIRA, THEO = "engineer@demo.example", "second@demo.example"
pytestmark = pytest.mark.django_db(transaction=True)


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
