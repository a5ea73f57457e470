"""What people press reaches the vendors, and what the vendors answer becomes the story. Real HTTP all the way."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from ceoc import clock
from ceoc.outbox import kinds, people
from ceoc.outbox.claim import Lane, claim
from ceoc.outbox.lanes import deliver_due, run
from ceoc.outbox.models import Command
from ceoc.outbox.queue import order_of
from ceoc.team import kinds as settings_kinds
from ceoc.team.change import change
from ceoc.vendors import pagerduty, slack, zendesk
from emergencies import actions
from emergencies.models import Draft, Entry, Subject
from emergencies.policy.channels import CHANNELS, Channel, Channels

MIRA, THEO = "engineer@demo.example", "second@demo.example"
PD, ZD, SLACK = Lane("pagerduty"), Lane("zendesk", "global"), Lane("slack")
pytestmark = pytest.mark.django_db(transaction=True)


class Scene:
    """One emergency with page and ticket, the people who act, and what came of it."""

    def __init__(self, desk, viewers, **words) -> None:
        self.desk, self.viewers = desk, viewers
        made = desk.box.act("page", **{"customer": "northwind", "subject": "Gitaly storage full"} | words)
        desk.work()
        self.made = made
        self.page, self.ticket = str(made.get("page", "")), str(made.get("ticket", ""))
        self.P, self.T = f"page:{self.page}", f"ticket:{made['account']}:{self.ticket}"

    @property
    def emergency(self):
        return self.desk.emergency(self.P)

    @property
    def story(self):
        return self.desk.story(self.P)

    def press(self, action, who="engineer", **words) -> Command:
        """A person presses; the command that it made."""
        recorded = action(emergency=self.emergency, by=self.viewers(who), now=clock.now(), **words)
        (public_id,) = recorded.commands
        return Command.objects.get(public_id=public_id)

    def told(self, kind) -> list[Entry]:
        """The standing entries of a kind, wherever they belong."""
        return list(Entry.objects.filter(kind=kind, known_until=None).order_by("at", "id"))

    def reply(self, text="We are on it.", who="engineer") -> Command:
        """A public reply that is sent at once."""
        command = self.press(actions.public_reply, who, text=text)
        release(command)
        run(ZD)
        self.desk.work()
        return fresh(command)


@pytest.fixture
def scene(desk, viewer_of_role, person_of):
    for name in ("engineer", "second", "manager", "cleared"):
        person_of(name)
    return Scene(desk, viewer_of_role)


def fresh(command: Command) -> Command:
    return Command.objects.get(pk=command.pk)


def release(command: Command) -> None:
    Command.objects.filter(pk=command.pk).exclude(due_at=None).update(due_at=datetime.now(UTC) - timedelta(seconds=1))


def fault(scene, vendor, mode, **more):
    scene.desk.box.post("/faults", vendor=vendor, mode=mode, **more)


@pytest.mark.rule("PAGE-2")
def test_an_acknowledgement_reaches_pagerduty_and_comes_back_as_one_fact(scene):
    command = scene.press(actions.acknowledge)
    assert [entry.data["act"] for entry in scene.told("command_queued")] == ["acknowledge"]
    assert scene.story.dri is None, "a press is a wish, not a fact"
    run(PD)
    assert fresh(command).state == "delivered"
    incident = scene.desk.box.incident(scene.page)
    assert incident["status"] == "acknowledged"
    assert scene.story.dri.person == MIRA, "known from PagerDuty's own answer, before any webhook"
    assert [entry.data["command"] for entry in scene.told("command_delivered")] == [command.public_id]
    scene.desk.work()
    assert len(scene.told("page_acknowledged")) == 1
    assert scene.story.dri.person == MIRA


def test_an_acknowledgement_expires_when_somebody_was_quicker(scene):
    command = scene.press(actions.acknowledge)
    scene.desk.box.act("acknowledge", page=scene.page, by="theo")
    run(PD)
    row = fresh(command)
    assert row.state == "expired"
    assert row.reason.endswith("acknowledged it first.")
    assert "Theo" in row.reason
    scene.desk.work()
    assert scene.story.dri.person == THEO
    assert scene.told("command_dismissed")[0].data["why"] == row.reason


@pytest.mark.rule("PAGE-9")
def test_a_page_is_resolved_after_the_customer_was_written_to(scene):
    scene.press(actions.acknowledge)
    run(PD)
    assert scene.reply().state == "delivered"
    command = scene.press(actions.resolve_page)
    run(PD)
    assert fresh(command).state == "delivered"
    assert scene.desk.box.incident(scene.page)["status"] == "resolved"
    assert scene.story.pages[scene.P].resolved_by == MIRA
    rung = scene.press(actions.ring_again)
    run(PD)
    assert fresh(rung).state == "delivered"
    assert scene.desk.box.incident(scene.page)["status"] == "triggered"
    scene.desk.work()
    assert scene.story.pages[scene.P].status == "triggered"


@pytest.mark.rule("PAGE-9")
def test_a_word_of_the_customer_since_the_press_is_told_instead_of_resolving(scene):
    scene.reply()
    command = scene.press(actions.resolve_page)
    time.sleep(1.1)  # Zendesk's times are whole seconds
    scene.desk.box.act("customer_reply", ticket=scene.ticket, text="It got worse!")
    run(PD)
    row = fresh(command)
    assert (row.state, row.reason) == (
        "refused",
        "The customer wrote after you pressed. Read it first; then press again if it still holds.",
    )
    assert scene.desk.box.incident(scene.page)["status"] != "resolved"
    assert scene.story.refused_commands == (command.public_id,)
    people.retry(row, by=MIRA, now=clock.now())


@pytest.mark.rule("PAGE-9")
def test_zendesk_down_holds_no_resolve_of_a_customer_who_was_contacted(scene):
    scene.reply()
    command = scene.press(actions.resolve_page)
    fault(scene, "zendesk_global", "down")
    run(PD)
    assert fresh(command).state == "delivered"


@pytest.mark.rule("PAGE-7")
def test_a_public_reply_goes_out_as_the_engineer_and_is_the_contact(scene):
    scene.press(actions.acknowledge)
    run(PD)
    command = scene.press(actions.public_reply, text="We are on it.\n\nFirst: df -h?")
    assert fresh(command).state == "held"
    assert run(ZD) == 0
    release(command)
    run(ZD)
    assert fresh(command).state == "delivered"
    scene.desk.work()
    (entry,) = scene.told("public_reply")
    assert entry.actor == MIRA
    assert scene.story.tickets[scene.T].contact_by == MIRA
    assert zendesk.door("global").comments(scene.ticket)[-1].text == "We are on it.\n\nFirst: df -h?"


def test_a_reply_that_is_taken_back_is_in_the_composer_again(scene):
    command = scene.press(actions.public_reply, text="Not yet right")
    people.take_back(command, by=MIRA, now=clock.now())
    (draft,) = Draft.objects.all()
    assert (draft.person.email, draft.audience, draft.text) == (MIRA, "public", "Not yet right")
    assert [entry.data["command"] for entry in scene.told("command_dismissed")] == [command.public_id]
    assert len(zendesk.door("global").comments(scene.ticket)) == 1


def test_a_text_that_was_begun_since_is_not_overwritten_by_one_taken_back(scene):
    command = scene.press(actions.public_reply, text="Not yet right")
    now = clock.now()
    mine = {"emergency": scene.emergency, "person_id": scene.viewers("engineer").person_id, "audience": "public"}
    Draft.objects.create(**mine, text="Another", begun_at=now, kept_at=now)
    people.take_back(command, by=MIRA, now=now)
    assert Draft.objects.get().text == "Another\n\nNot yet right"


@pytest.mark.rule("CALL-7")
def test_notes_fields_and_tags_are_the_engineers_own(scene):
    note = scene.press(actions.internal_note, "second", text="Ask SRE")
    wished = actions.TicketChange(fields={"priority": "high", "stage": "nrt"}, add_tags=("seen_by_ceoc",))
    change = scene.press(actions.change_ticket, "second", change=wished)
    run(ZD)
    assert [fresh(one).state for one in (note, change)] == ["delivered", "delivered"]
    scene.desk.work()
    ticket = zendesk.door("global").ticket(scene.ticket)
    assert (ticket.priority, ticket.fields["Ticket Stage"]) == ("high", "nrt")
    assert "seen_by_ceoc" in ticket.tags
    assert scene.told("internal_note")[0].actor == THEO
    changed = [entry for entry in scene.told("ticket_changed") if entry.data.get("field") == "priority"]
    assert [entry.actor for entry in changed] == [THEO]


def test_without_a_seat_in_the_account_nothing_is_sent(scene, person_of):
    command = scene.press(actions.internal_note, text="Hello")
    Command.objects.filter(pk=command.pk).update(by="nobody@demo.example")
    run(ZD)
    row = fresh(command)
    assert row.state == "refused"
    assert (
        row.reason == "nobody@demo.example has no agent's seat in Zendesk, so nothing can be done there in that name."
    )
    assert len(zendesk.door("global").comments(scene.ticket)) == 1


def test_a_ticket_is_not_solved_over_a_new_word_of_the_customer(scene):
    scene.reply()
    command = scene.press(actions.change_ticket, change=actions.TicketChange(fields={"status": "solved"}))
    time.sleep(1.1)
    scene.desk.box.act("customer_reply", ticket=scene.ticket, text="Wait!")
    run(ZD)
    assert fresh(command).state == "refused"
    assert zendesk.door("global").ticket(scene.ticket).status != "solved"


@pytest.mark.rule("PAGE-13")
def test_a_colleague_is_called_by_a_page_that_makes_no_emergency(scene):
    before = Subject.objects.filter(kind="page").count()
    command = scene.press(actions.call_colleague, to=THEO, text="Please join the bridge")
    run(PD)
    assert fresh(command).state == "delivered"
    page = pagerduty.door().page(fresh(command).answer["page"])
    assert page.service == "Customer Support"
    assert page.key == f"ceoc-{command.public_id}"
    assert [one.email for one in page.assigned] == [THEO]
    assert "Northwind" not in page.title + page.body
    scene.desk.work()
    assert Subject.objects.filter(kind="page").count() == before
    (summons,) = Subject.objects.filter(kind="summons")
    assert scene.desk.emergency(summons.key) == scene.emergency
    assert scene.story.summons[summons.key].to == (THEO,)


@pytest.mark.rule("COMM-1", "COMM-6")
def test_a_post_begins_the_thread_and_replies_are_kept_once(scene):
    before = set(scene.story.threads)
    post = scene.press(actions.slack_post, text="Customer pages: storage <!channel>")
    run(SLACK)
    assert fresh(post).state == "delivered"
    scene.desk.work()
    (thread,) = set(scene.story.threads) - before
    reply = scene.press(actions.thread_reply, "second", text="I help", thread=thread)
    assert fresh(reply).kind == "thread_reply"
    run(SLACK)
    scene.desk.work()
    assert fresh(reply).state == "delivered"
    (message,) = scene.told("thread_message")
    assert message.actor == THEO
    answer = fresh(post).answer
    texts = [one.text for one in slack.door().thread(answer["channel"], answer["ts"])]
    assert texts[0] == "Customer pages: storage &lt;!channel&gt;"


class TestUsGovernment:
    def test_its_posts_go_to_the_cleared_channel_alone(self, scene):
        command = scene.press(actions.thread_reply, text="x")
        Command.objects.filter(pk=command.pk).update(klass="us_gov")
        run(SLACK)
        row = fresh(command)
        assert row.state == "refused"
        assert row.reason == "This is a US Government matter: it is written in #spt_us-government only."

    def test_a_channel_that_a_cleared_person_marked_is_written_in_and_one_that_slack_does_not_know_is_passed_over(
        self, scene
    ):
        channel = fresh(scene.press(actions.slack_post, text="x")).payload["channel"]
        marked = Channels(channels=(
            *(one for one in CHANNELS.channels if one.name != channel), Channel(name="gone", cleared=True),
            Channel(name=channel, purpose="self_managed", cleared=True),
        ))  # fmt: skip
        change(
            settings_kinds.get("channels"), marked, base=0, by=scene.viewers("admin"), why="Cleared.", now=clock.now()
        )
        Command.objects.update(klass="us_gov")
        run(SLACK)
        assert [row.state for row in Command.objects.filter(kind="slack_post")] == ["delivered"]


class TestBadDays:
    def test_pagerduty_down_then_well(self, scene):
        fault(scene, "pagerduty", "down")
        command = scene.press(actions.acknowledge)
        run(PD)
        row = fresh(command)
        assert row.state == "will_retry"
        assert row.reason
        fault(scene, "pagerduty", "ok")
        release(command)
        run(PD)
        assert fresh(command).state == "delivered"
        assert scene.desk.box.incident(scene.page)["status"] == "acknowledged"

    def test_slack_down_does_not_hold_an_acknowledgement(self, scene):
        fault(scene, "slack", "slow", seconds=20)
        posts = [scene.press(actions.slack_post, text=f"post {number}") for number in range(3)]
        deliver_due(clock.now())
        began = time.monotonic()
        command = scene.press(actions.acknowledge)
        while fresh(command).state != "delivered" and time.monotonic() - began < 6:
            deliver_due(clock.now())
        assert time.monotonic() - began < 2
        assert scene.desk.box.incident(scene.page)["status"] == "acknowledged"
        fault(scene, "slack", "ok")
        until = time.monotonic() + 40
        while {fresh(one).state for one in posts} != {"delivered"} and time.monotonic() < until:
            for one in posts:
                release(one)
            deliver_due(clock.now())
            time.sleep(0.1)
        assert {fresh(one).state for one in posts} == {"delivered"}
        texts = [message.text for message in slack.door().history(fresh(posts[0]).answer["channel"], LONG_AGO)]
        for number in range(3):
            assert texts.count(f"post {number}") == 1

    @pytest.mark.parametrize("act", ["public_reply", "page_note", "call_colleague", "slack_post", "change_ticket"])
    def test_a_worker_killed_after_sending_is_found_out_and_nothing_doubled(self, scene, act):
        words = {
            "public_reply": {"text": "Once"}, "page_note": {"text": "Once"}, "slack_post": {"text": "Once"},
            "call_colleague": {"to": THEO},
            "change_ticket": {"change": actions.TicketChange(fields={"priority": "high"})},
        }[act]  # fmt: skip
        command = scene.press(getattr(actions, act), **words)
        release(command)
        lane = Lane(command.vendor, command.account)
        taken = claim(lane, datetime.now(UTC))
        kinds.get(command.kind).send(order_of(taken))  # and then the worker is killed
        Command.objects.filter(pk=command.pk).update(lease_until=datetime.now(UTC) - timedelta(seconds=1))
        run(lane)
        row = fresh(command)
        assert row.state == "delivered"
        assert row.attempts == 1
        assert row.answer
        scene.desk.work()
        assert len(scene.told("command_delivered")) == 1


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
