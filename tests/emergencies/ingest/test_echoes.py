"""What the dashboard does at the vendors comes back by answer, webhook and log, and stands in the timeline once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ceoc import clock
from ceoc.outbox.claim import lanes_due
from ceoc.outbox.lanes import run
from ceoc.outbox.models import Command
from emergencies import actions
from emergencies.models import Emergency, Subject

MIRA, THEO = "engineer@demo.example", "second@demo.example"
pytestmark = pytest.mark.django_db(transaction=True)


def deliver() -> None:
    """Sends what waits, also what could still be taken back."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    Command.objects.filter(state="held").update(hold_until=past, due_at=past)
    for lane in lanes_due(clock.wall(), clock.now()):
        run(lane)
    assert set(Command.objects.values_list("state", "reason")) <= {("delivered", "")}


@pytest.fixture
def mira(viewer_of_role):
    viewer_of_role("second")
    return viewer_of_role("engineer")


@pytest.fixture
def paged(desk, mira):
    made = desk.box.act("page", customer="northwind", subject="Gitaly storage full")
    desk.work()
    return {"P": f"page:{made['page']}", "T": f"ticket:global:{made['ticket']}", "page": made["page"]}


def press(desk, mira, paged, act, **words):
    getattr(actions, act)(emergency=desk.emergency(paged["P"]), by=mira, now=clock.now(), **words)
    deliver()


@pytest.mark.parametrize("webhooks_first", [True, False])
def test_each_press_is_told_once(desk, mira, paged, webhooks_first):
    change = actions.TicketChange(fields={"priority": "high", "status": "pending"}, add_tags=("gitaly",))
    for act, words in (
        ("acknowledge", {}),
        ("page_note", {"text": "Looking at Gitaly."}),
        ("public_reply", {"text": "We are on it.", "begun_at": clock.now()}),
        ("internal_note", {"text": "Logs asked for."}),
        ("change_ticket", {"change": change}),
        ("resolve_page", {}),
        ("ring_again", {}),
    ):
        press(desk, mira, paged, act, **words)
        if webhooks_first:
            desk.work(reads=False)
        desk.work()
    assert desk.told(paged["P"]) == [
        "page_triggered",
        "page_acknowledged",
        "page_note",
        "page_resolved",
        "page_reopened",
    ]
    said = [kind for kind in desk.told(paged["T"]) if kind.endswith(("reply", "note", "comment"))]
    assert said == ["public_reply", "internal_note"]
    changed = [
        entry for entry in desk.entries(paged["T"]) if entry.fact.kind == "ticket_changed" and entry.actor == MIRA
    ]
    assert sorted(entry.fact.field for entry in changed) == ["priority", "status", "tags"]
    reply = next(entry for entry in desk.entries(paged["T"]) if entry.fact.kind == "public_reply")
    assert (reply.actor, reply.fact.ours) == (MIRA, True)
    assert reply.fact.begun_at
    assert all(entry.actor == MIRA for entry in desk.entries(paged["P"])[1:])


def test_the_answer_stands_at_once_without_webhook_or_log(desk, mira, paged):
    desk.box.post("/faults", webhooks="off")
    press(desk, mira, paged, "acknowledge")
    press(desk, mira, paged, "public_reply", text="We are on it.")
    assert [(entry.fact.kind, entry.told_by) for entry in desk.entries(paged["P"])] == [
        ("page_triggered", "log"),
        ("page_acknowledged", "answer"),
    ]
    story = desk.story(paged["P"])
    assert (story.dri.person, story.tickets[paged["T"]].contact_by) == (MIRA, MIRA)


@pytest.mark.rule("PAGE-13")
@pytest.mark.parametrize("reads", [True, False])
def test_a_page_that_the_product_sends_to_a_colleague_makes_no_emergency(desk, mira, paged, reads):
    before = set(Emergency.objects.values_list("public_id", flat=True))
    press(desk, mira, paged, "call_colleague", to=THEO, text="Please join")
    desk.work(reads=reads)
    [summons] = Subject.objects.filter(kind="summons")
    assert set(Emergency.objects.values_list("public_id", flat=True)) == before
    assert desk.emergency(summons.key) == desk.emergency(paged["P"])
    assert (summons.klass, Subject.objects.filter(waiting=True).exists()) == ("global", False)
    page = summons.key.removeprefix("summons:")
    desk.box.act("acknowledge", page=page, by="theo")
    desk.box.act("note", page=page, by="theo", text="Coming.")
    desk.work(reads=reads)
    assert desk.told(summons.key) == ["summons_sent", "summons_answered"]
    called = desk.story(paged["P"]).summons[summons.key]
    assert (called.to, called.answered_by) == ((THEO,), THEO)
    assert set(Emergency.objects.values_list("public_id", flat=True)) == before
    assert not Subject.objects.filter(key=f"page:{page}", sightings__isnull=False).exists()


def test_a_post_in_slack_begins_the_thread_and_a_reply_follows_in_it(desk, mira, paged):
    emergency = desk.emergency(paged["P"])
    press(desk, mira, paged, "slack_post", text="New emergency: Gitaly storage full")
    desk.work()
    begun = [key for key in desk.story(paged["P"]).threads if desk.entries(key)[0].actor == MIRA]
    assert len(begun) == 1
    actions.thread_reply(emergency=emergency, by=mira, now=clock.now(), text="Disk is full.", thread=begun[0])
    deliver()
    desk.work()
    desk.look_again()
    desk.work()
    assert desk.told(begun[0]) == ["thread_started", "thread_message"]
    assert desk.entries(begun[0])[1].actor == MIRA
