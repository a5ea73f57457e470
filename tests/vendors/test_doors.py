"""The doors against the stand-in vendors, over real HTTP: what is read, what is done, and what is found again."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from ceoc.vendors.errors import Refused
from ceoc.vendors.pagerduty import PagerDuty
from ceoc.vendors.slack import Slack
from ceoc.vendors.zendesk import Change, Zendesk
from tests.vendors.ears import Ears

MIRA = "mira@demo.example"


@pytest.fixture(scope="module")
def team(box):
    """E-mails of the team by first name."""
    return {"mira": "engineer@demo.example", "theo": "second@demo.example"}


@pytest.fixture(scope="module")
def pagerduty(box):
    token = box.env["PAGERDUTY_API_TOKEN"]
    return PagerDuty(url=box.env["PAGERDUTY_API_URL"], token=lambda: token, hearing=Ears())


def desk(box, account):
    name = account.upper()
    return Zendesk(
        account=account,
        url=box.env[f"ZENDESK_{name}_URL"],
        email=box.env[f"ZENDESK_{name}_EMAIL"],
        token=lambda: box.env[f"ZENDESK_{name}_TOKEN"],
        hearing=Ears(),
    )


@pytest.fixture(scope="module")
def zendesk(box):
    return desk(box, "global")


@pytest.fixture(scope="module")
def slack(box):
    return Slack(url=box.env["SLACK_API_URL"], token=lambda: box.env["SLACK_BOT_TOKEN"], hearing=Ears())


@pytest.fixture
def made(box):
    """A page and its ticket."""
    return box.act("page", customer="northwind", subject="Gitaly storage full")


class TestPagerDuty:
    def test_a_page_is_read(self, pagerduty, made):
        page = pagerduty.page(made["page"])
        assert (page.id, page.status, page.service) == (made["page"], "triggered", "Customer Support")
        assert page.created_at.tzinfo is UTC
        assert page.policy.startswith("Customer Emergencies")
        assert all("@" in one.email for one in page.assigned)
        assert page.assigned
        assert page.number
        assert page.url

    def test_its_log_names_the_ticket(self, pagerduty, made):
        log = pagerduty.log(made["page"])
        assert log[0].kind == "trigger"
        assert str(made["ticket"]) in log[0].body
        assert [entry.at for entry in log] == sorted(entry.at for entry in log)

    def test_acknowledge_resolve_ring_again(self, pagerduty, made, team, box):
        page = pagerduty.acknowledge(made["page"], team["mira"])
        assert page.status == "acknowledged"
        assert [one.by.email for one in page.acknowledgements] == [team["mira"]]
        assert box.incident(made["page"])["status"] == "acknowledged"
        assert pagerduty.resolve(made["page"], team["mira"]).status == "resolved"
        assert pagerduty.ring_again(made["page"], team["mira"]).status == "triggered"
        kinds = [entry.kind for entry in pagerduty.log(made["page"])]
        assert [kind for kind in kinds if kind in ("acknowledge", "resolve")] == ["acknowledge", "resolve"]
        acknowledged = next(entry for entry in pagerduty.log(made["page"]) if entry.kind == "acknowledge")
        assert acknowledged.agent.email == team["mira"]

    def test_a_note(self, pagerduty, made, team):
        note = pagerduty.note(made["page"], "Disk is full on node 3", team["theo"])
        found = [one for one in pagerduty.notes(made["page"]) if one.id == note.id]
        assert [(one.text, one.by.email) for one in found] == [("Disk is full on node 3", team["theo"])]

    def test_a_colleague_is_called_once(self, pagerduty, team):
        call = {
            "title": "Mira asks you to help",
            "body": "http://x/",
            "by": team["mira"],
            "service": "Customer Support",
        }
        page = pagerduty.call_colleague(team["theo"], key="ceoc-abc", **call)
        assert page.key == "ceoc-abc"
        assert [one.email for one in page.assigned] == [team["theo"]]
        assert pagerduty.page_with_key("ceoc-abc").id == page.id
        assert pagerduty.page_with_key("ceoc-other") is None
        with pytest.raises(Refused) as error:
            pagerduty.call_colleague(team["theo"], key="ceoc-abc", **call)
        assert error.value.status == 400

    def test_who_is_not_known_cannot_be_called(self, pagerduty, team):
        with pytest.raises(Refused, match="does not know that colleague"):
            pagerduty.call_colleague(
                "nobody@demo.example", title="t", body="b", key="k1", by=team["mira"], service="Customer Support"
            )
        with pytest.raises(Refused, match="no service named"):
            pagerduty.call_colleague(team["theo"], title="t", body="b", key="k2", by=team["mira"], service="Nowhere")

    def test_a_stranger_may_not_act(self, pagerduty, made):
        with pytest.raises(Refused):
            pagerduty.acknowledge(made["page"], "nobody@demo.example")

    def test_lists_are_complete(self, pagerduty, box, monkeypatch):
        for _ in range(3):
            box.act("page", customer="northwind", ticket=False, link="none")
        monkeypatch.setattr("ceoc.vendors.pagerduty.PAGE_SIZE", 2)
        found = [page.id for page in pagerduty.pages(statuses=["triggered"])]
        ringing = [one["id"] for one in box.state()["incidents"] if one["status"] == "triggered"]
        assert sorted(found) == sorted(ringing)
        assert len(found) > 2

    @pytest.mark.parametrize("page_id", ["QNOTHERE", "../users", "Q1?x=1", "", "Q/1"])
    def test_a_page_that_is_not_there(self, pagerduty, page_id):
        with pytest.raises(Refused) as error:
            pagerduty.page(page_id)
        assert error.value.missing


class TestZendesk:
    def test_a_ticket_is_read(self, zendesk, made):
        ticket = zendesk.ticket(str(made["ticket"]))
        assert (ticket.subject, ticket.priority, ticket.form) == ("Gitaly storage full", "urgent", "Emergencies")
        assert ticket.fields["Ticket Stage"] == "frt"
        assert ticket.url.endswith(f"/agent/tickets/{made['ticket']}")
        organization = zendesk.organization(ticket.organization_id)
        assert organization.fields["plan"] in ("premium", "ultimate")
        users = zendesk.users([ticket.requester_id, "999999999"])
        assert users[ticket.requester_id].role == "end-user"
        assert zendesk.user(ticket.requester_id) == users[ticket.requester_id]

    def test_a_public_reply_is_ours_and_found_again(self, zendesk, made, team):
        key = str(made["ticket"])
        audit = zendesk.public_reply(key, "We are on it.\n\nMira", by=team["mira"], command="k3v9aaaaaaaa")
        assert (audit.command, audit.command_by) == ("k3v9aaaaaaaa", team["mira"])
        comment = next(event.comment for event in audit.events if event.comment)
        assert comment.public
        assert comment.text == "We are on it.\n\nMira"
        assert zendesk.user(comment.author_id).email == team["mira"]
        assert zendesk.change_of(key, "k3v9aaaaaaaa").id == audit.id
        assert zendesk.change_of(key, "another") is None
        assert [one.text for one in zendesk.comments(key)][-1] == "We are on it.\n\nMira"

    def test_an_internal_note_is_internal(self, zendesk, made, team):
        audit = zendesk.internal_note(str(made["ticket"]), "Ask SRE", by=team["theo"], command="note1")
        comment = next(event.comment for event in audit.events if event.comment)
        assert not comment.public
        assert not zendesk.comments(str(made["ticket"]))[-1].public

    def test_fields_and_tags(self, zendesk, made, team):
        key = str(made["ticket"])
        change = Change(
            priority="high", fields={"Ticket Stage": "nrt"}, add_tags=("emergency_seen",), form="Self-Managed"
        )
        audit = zendesk.change(key, change, by=team["mira"], command="change1")
        ticket = zendesk.ticket(key)
        assert (ticket.priority, ticket.form, ticket.fields["Ticket Stage"]) == ("high", "Self-Managed", "nrt")
        assert "emergency_seen" in ticket.tags
        changed = {event.field for event in audit.events if event.kind == "Change"}
        assert {"priority", "tags"} <= changed
        zendesk.change(key, Change(remove_tags=("emergency_seen",)), by=team["mira"], command="change2")
        assert "emergency_seen" not in zendesk.ticket(key).tags

    def test_what_others_changed_in_between_is_kept(self, zendesk, made, team, box, monkeypatch):
        key = str(made["ticket"])
        read, times = zendesk.ticket, []

        def read_and_be_overtaken(ticket_id):
            ticket = read(ticket_id)
            if not times:
                times.append(1)
                time.sleep(1.1)  # Zendesk's stamps are whole seconds
                box.act("change_ticket", ticket=key, add_tags=["theirs"])
            return ticket

        monkeypatch.setattr(zendesk, "ticket", read_and_be_overtaken)
        zendesk.change(key, Change(add_tags=("ours",)), by=team["mira"], command="change3")
        assert {"ours", "theirs"} <= set(read(key).tags)

    def test_names_that_are_not_there(self, zendesk, made, team):
        for change in (Change(form="Nowhere"), Change(fields={"Nowhere": "1"})):
            with pytest.raises(Refused, match="named Nowhere"):
                zendesk.change(str(made["ticket"]), change, by=team["mira"], command="x")

    def test_without_a_seat_nothing_is_sent(self, zendesk, box, made):
        before = len(box.ticket(made["ticket"])["comments"]) if "comments" in box.ticket(made["ticket"]) else None
        with pytest.raises(Refused, match="no agent's seat in Zendesk"):
            zendesk.public_reply(str(made["ticket"]), "Hello", by="nobody@demo.example", command="x")
        customer = zendesk.user(zendesk.ticket(str(made["ticket"])).requester_id)
        with pytest.raises(Refused, match="no agent's seat"):
            zendesk.internal_note(str(made["ticket"]), "Hello", by=customer.email, command="x")
        after = len(box.ticket(made["ticket"])["comments"]) if "comments" in box.ticket(made["ticket"]) else None
        assert before == after

    def test_the_other_account_is_another(self, box):
        made = box.act("page", customer="harbor", subject="Off hours") if _has(box, "harbor") else None
        gov = desk(box, "us_gov")
        assert gov.name == "Zendesk (US Government)"
        assert gov.forms() != {}
        if made and made["account"] == "us_gov":
            assert gov.ticket(str(made["ticket"])).subject == "Off hours"

    def test_lists_are_complete(self, zendesk, made, team, box):
        key = str(made["ticket"])
        for number in range(105):
            box.act("internal_note", ticket=key, text=f"note {number}")
        assert len(zendesk.audits(key)) >= 106
        texts = [comment.text for comment in zendesk.comments(key)]
        assert texts[-1] == "note 104"
        assert len(texts) == 106

    @pytest.mark.parametrize("ticket_id", ["999999999", "5/../6", "abc", ""])
    def test_a_ticket_that_is_not_there(self, zendesk, ticket_id):
        with pytest.raises(Refused) as error:
            zendesk.ticket(ticket_id)
        assert error.value.missing


def _has(box, customer):
    try:
        box.act("page", customer=customer, ticket=False, page=False)
    except AssertionError:
        return False
    return True


HOSTILE = "<!channel> <@U123> <https://evil.example|your bank> & *bold* @here"


class TestSlack:
    def test_a_post_begins_a_thread_and_is_found_again(self, slack):
        since = datetime.now(UTC) - timedelta(minutes=1)
        first = slack.post("#support_self-managed", "Northwind pages", command="post1", name="Mira Okafor")
        reply = slack.post("support_self-managed", "On it", command="post2", thread=first.ts)
        assert reply.thread == first.ts
        assert slack.posted("support_self-managed", command="post1", since=since).ts == first.ts
        assert slack.posted(first.channel, command="post2", since=since, thread=first.ts).ts == reply.ts
        assert slack.posted(first.channel, command="post3", since=since) is None
        assert [one.text for one in slack.thread(first.channel, first.ts)] == ["Northwind pages", "On it"]
        assert slack.permalink(first.channel, first.ts).startswith("http")

    def test_text_of_people_mentions_nobody(self, slack):
        message = slack.post("support_self-managed", HOSTILE, command="post4", mention=["U0001", "<!here>"])
        (found,) = slack.thread(message.channel, message.ts)
        assert "<!channel>" not in found.text
        assert "<!here>" not in found.text
        assert "&lt;!channel&gt;" in found.text
        assert found.text.startswith("<@U0001> ")
        assert "https://evil.example|your bank>" not in found.text

    def test_a_channel_that_is_not_there(self, slack):
        with pytest.raises(Refused, match="no channel named #nowhere"):
            slack.post("nowhere", "x", command="post5")

    def test_a_wrong_token(self, box):
        stranger = Slack(url=box.env["SLACK_API_URL"], token=lambda: "xoxb-wrong", hearing=Ears())
        with pytest.raises(Refused, match="invalid auth"):
            stranger.post("C0000001", "x", command="post6")

    def test_long_threads_are_complete(self, slack, monkeypatch):
        monkeypatch.setattr("ceoc.vendors.slack.PAGE_SIZE", 3)
        first = slack.post("support_self-managed", "long", command="long")
        for number in range(7):
            slack.post(first.channel, f"reply {number}", command=f"r{number}", thread=first.ts)
        found = slack.thread(first.channel, first.ts)
        assert len(found) == 8
        assert found[-1].text == "reply 6"
