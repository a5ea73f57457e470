"""What people do: who may, what is refused with which sentence, and what is recorded."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

from ceoc.outbox.models import Command
from emergencies import actions, models
from emergencies.actions import Refused
from emergencies.story import kinds as k
from emergencies.timeline.read import story_of
from emergencies.timeline.record import record
from tests.emergencies.saying import acknowledged, created, organisation, replied, resolved, rings, seen
from tests.emergencies.telling import MIRA, PAGE, PAGE_2, TICKET, TICKET_2, clock

pytestmark = pytest.mark.django_db
NOW = clock("17:00")


@pytest.fixture
def engineer(viewer_of_role):
    return viewer_of_role("engineer")


@pytest.fixture
def manager(viewer_of_role):
    return viewer_of_role("manager")


def begun(*more):
    record(sightings=[rings("16:20"), created("16:20"), organisation(), *more], now=clock("16:30"))
    return models.Emergency.objects.get(joined_into="")


def wanted():
    return list(Command.objects.order_by("pk").values_list("kind", "object", "by"))


@pytest.mark.rule("PAGE-2")
def test_a_press_is_a_command_and_not_yet_a_fact(engineer):
    emergency = begun()
    actions.acknowledge(emergency=emergency, by=engineer, now=NOW)
    assert wanted() == [("acknowledge", PAGE, engineer.email)]
    emergency.refresh_from_db()
    assert (emergency.page_status, emergency.dri) == ("triggered", "")
    assert models.Entry.objects.filter(kind="command_queued", actor=engineer.email).count() == 1


@pytest.mark.rule("PAGE-2")
@pytest.mark.parametrize(
    ("then", "sentence"),
    [([], "has acknowledged this page already"), ([resolved("16:22")], "is resolved. Ring it again")],
)
def test_acknowledging_what_is_acknowledged_or_resolved_is_refused(engineer, then, sentence):
    emergency = begun(acknowledged("16:21"), *then)
    with pytest.raises(Refused, match=sentence):
        actions.acknowledge(emergency=emergency, by=engineer, now=NOW)


@pytest.mark.rule("PAGE-9")
def test_resolving_needs_a_public_reply_and_a_note_is_none(engineer, manager):
    note = seen(TICKET, k.InternalNote(comment="1"), "16:22", MIRA, same="comment:1")
    emergency = begun(acknowledged("16:21"), note)
    with pytest.raises(Refused, match="Send a public reply first; an internal note does not count"):
        actions.resolve_page(emergency=emergency, by=engineer, now=NOW)
    with pytest.raises(Refused, match="Nobody has written"):
        actions.resolve_page(emergency=emergency, by=engineer, now=NOW, although="I say so")
    with pytest.raises(Refused, match="Nobody has written"):
        actions.resolve_page(emergency=emergency, by=manager, now=NOW, although="  ")
    actions.resolve_page(emergency=emergency, by=manager, now=NOW, although="The customer called us")
    assert models.Entry.objects.get(kind="command_queued").data["although"] == "The customer called us"


@pytest.mark.rule("PAGE-9")
def test_resolving_after_contact_is_for_every_engineer(engineer):
    emergency = begun(acknowledged("16:21"), replied("16:25"))
    actions.resolve_page(emergency=emergency, by=engineer, now=NOW)
    assert wanted() == [("resolve", PAGE, engineer.email)]


@pytest.mark.rule("SHADOW-3")
def test_a_shadow_changes_nothing(viewer_of_role):
    emergency, shadow = begun(), viewer_of_role("shadow")
    acts = [
        lambda: actions.acknowledge(emergency=emergency, by=shadow, now=NOW),
        lambda: actions.note(emergency=emergency, by=shadow, now=NOW, text="x"),
        lambda: actions.public_reply(emergency=emergency, by=shadow, now=NOW, text="x"),
        lambda: actions.unlink(emergency=emergency, by=shadow, now=NOW, subject=PAGE),
        lambda: actions.call_colleague(emergency=emergency, by=shadow, now=NOW, to="theo@demo.example"),
        lambda: actions.tie_waiting(page=PAGE, ticket=TICKET, by=shadow, now=NOW),
    ]
    for act in acts:
        with pytest.raises(Refused, match="follow along"):
            act()
    assert wanted() == []


def test_with_several_tickets_the_act_says_which(engineer):
    emergency = begun(rings("16:25", page=PAGE_2, tickets=(TICKET,)), created("16:26", ticket=TICKET_2, pages=(PAGE,)))
    with pytest.raises(Refused, match=r"several tickets\. Say which one: 512880, 512990"):
        actions.public_reply(emergency=emergency, by=engineer, now=NOW, text="Hello")
    actions.public_reply(emergency=emergency, by=engineer, now=NOW, text="Hello", ticket=TICKET_2)
    assert wanted() == [("public_reply", TICKET_2, engineer.email)]


@pytest.mark.parametrize("text", ["", "   \n"])
def test_nothing_is_not_sent(engineer, text):
    with pytest.raises(Refused, match="nothing to send"):
        actions.public_reply(emergency=begun(), by=engineer, now=NOW, text=text)


@pytest.mark.rule("COMM-1")
@pytest.mark.parametrize(
    ("klass", "product", "channel"),
    [
        ("global", "Self-managed", "support_self-managed"),
        ("global", "gitlab_com", "support_gitlab-com"),
        ("us_gov", "gitlab_com", "spt_us-government"),
    ],
)
def test_without_a_thread_a_post_goes_to_the_emergencys_channel(engineer, klass, product, channel):
    emergency = begun()
    emergency.klass, emergency.product = klass, product
    actions.slack_post(emergency=emergency, by=engineer, now=NOW, text="On it")
    assert Command.objects.get().payload["channel"] == channel


@pytest.mark.rule("DRI-3")
def test_the_dri_changes_with_a_reason(engineer, manager):
    emergency = begun(acknowledged("16:21"))
    with pytest.raises(Refused, match="Say in a few words why"):
        actions.take_over(emergency=emergency, by=engineer, now=NOW, why="")
    actions.take_over(emergency=emergency, by=engineer, now=NOW, why="Mira is on a call")
    emergency.refresh_from_db()
    assert (emergency.dri, emergency.dri_why) == (engineer.email, "changed")
    with pytest.raises(Refused, match="is the DRI already"):
        actions.take_over(emergency=emergency, by=engineer, now=NOW, why="again")


def test_a_note_can_be_taken_back_by_its_author_or_a_manager(engineer, manager, viewer_of_role):
    emergency = begun()
    actions.note(emergency=emergency, by=engineer, now=NOW, text="gitaly timings are high")
    entry = models.Entry.objects.get(kind="note")
    assert models.Text.objects.get(key=entry.key).body == "gitaly timings are high"
    with pytest.raises(Refused, match="can take it back"):
        actions.retract(emergency=emergency, by=viewer_of_role("second"), now=NOW, entry=entry.public_id)
    actions.retract(emergency=emergency, by=manager, now=NOW, entry=entry.public_id, why="wrong emergency")
    assert entry.public_id in story_of(emergency).retracted
    with pytest.raises(Refused, match="Correct it there"):
        actions.retract(
            emergency=emergency,
            by=manager,
            now=NOW,
            entry=models.Entry.objects.filter(kind="page_triggered").get().public_id,
        )


@pytest.mark.rule("PAGE-14")
def test_taking_a_page_out_begins_an_emergency_of_its_own_and_tying_it_again_leaves_both_right(engineer):
    emergency = begun(rings("16:25", page=PAGE_2))
    before = _told(emergency)
    actions.unlink(emergency=emergency, by=engineer, now=NOW, subject=PAGE_2, why="another customer")
    other = models.Emergency.objects.exclude(pk=emergency.pk).get()
    assert (list(story_of(emergency).pages), list(story_of(other).pages)) == ([PAGE], [PAGE_2])
    assert story_of(other).split_from == emergency.public_id
    record(sightings=[acknowledged("16:50", page=PAGE_2)], now=NOW)  # what names the ticket is not tied again by itself
    assert list(story_of(emergency).pages) == [PAGE]
    actions.link(emergency=emergency, by=engineer, now=clock("17:05"), subject=PAGE_2)
    other.refresh_from_db()
    assert (other.stage, other.ended, other.joined_into) == ("closed", "joined", emergency.public_id)
    after = _told(emergency)
    assert after.pop("pages")[PAGE_2].status == "acknowledged"
    assert before.pop("pages").keys() == {PAGE, PAGE_2}
    assert after["tickets"] == before["tickets"]
    call_command("project", "--check", stdout=StringIO())


def _told(emergency):
    story = story_of(emergency)
    return {"pages": dict(story.pages), "tickets": story.tickets, "customers": story.customers}


@pytest.mark.rule("PAGE-14")
def test_the_last_of_an_emergency_is_not_taken_out(engineer):
    record(sightings=[rings("16:20", tickets=())], now=NOW)
    with pytest.raises(Refused, match="all that the emergency has"):
        actions.unlink(emergency=models.Emergency.objects.get(), by=engineer, now=NOW, subject=PAGE)


@pytest.mark.rule("PAGE-14", "DRI-3")
def test_joining_keeps_the_older_ones_dri(engineer):
    record(sightings=[rings("16:20", tickets=()), acknowledged("16:40")], now=NOW)
    record(
        sightings=[rings("16:25", page=PAGE_2, tickets=()), acknowledged("16:30", "theo@demo.example", PAGE_2)], now=NOW
    )
    older, younger = models.Emergency.objects.order_by("began_at")
    actions.join(emergency=older, into=younger, by=engineer, now=NOW)
    older.refresh_from_db()
    younger.refresh_from_db()
    assert (younger.joined_into, older.pages, older.dri) == (older.public_id, 2, MIRA)
    with pytest.raises(Refused, match="went into another one"):
        actions.note(emergency=younger, by=engineer, now=NOW, text="x")


@pytest.mark.rule("PAGE-14")
def test_splitting_a_ticket_that_is_no_emergency_by_itself(engineer):
    emergency = begun(created("16:26", ticket=TICKET_2, priority="normal", pages=(PAGE,)))
    actions.split(emergency=emergency, by=engineer, now=NOW, subject=TICKET_2)
    other = models.Emergency.objects.exclude(pk=emergency.pk).get()
    assert list(story_of(other).tickets) == [TICKET_2]
    assert TICKET_2 not in story_of(emergency).tickets


def test_a_page_by_hand_is_tied_to_a_ticket_from_the_tray(engineer):
    record(sightings=[rings("16:20", tickets=(), by_hand=True), created("16:10", ticket=TICKET_2)], now=NOW)
    actions.tie_waiting(page=PAGE, ticket=TICKET_2, by=engineer, now=NOW)
    emergency = models.Emergency.objects.get()
    assert (emergency.pages, emergency.tickets) == (1, 1)
    assert not models.Subject.objects.get(key=PAGE).waiting


def test_only_a_cleared_person_opens_an_unmapped_page_to_the_global_account(engineer, viewer_of_role):
    record(sightings=[rings("16:20", tickets=(), portal=None, klass="us_gov"), created("16:21")], now=NOW)
    closed = models.Emergency.objects.get(page_key=PAGE)
    ticket_home = models.Emergency.objects.get(ticket_key=TICKET)
    with pytest.raises(Refused, match="Nothing is known here by that name"):
        actions.link(emergency=ticket_home, by=engineer, now=NOW, subject=PAGE)
    actions.link(emergency=ticket_home, by=viewer_of_role("cleared"), now=NOW, subject=PAGE)
    ticket_home.refresh_from_db()
    closed.refresh_from_db()
    open_one = ticket_home if not ticket_home.joined_into else closed
    assert (open_one.klass, open_one.pages, open_one.tickets) == ("global", 1, 1)
    record(sightings=[seen(PAGE, k.PageAcknowledged(), "16:40", MIRA, klass="us_gov")], now=NOW)
    open_one.refresh_from_db()
    assert open_one.klass == "global"


def test_us_government_and_global_are_never_tied_by_anybody(viewer_of_role):
    gov = "ticket:us_gov:77"
    record(sightings=[rings("16:20", portal="us_gov", tickets=(gov,), klass="us_gov"), created("16:21")], now=NOW)
    cleared = viewer_of_role("cleared")
    home = models.Emergency.objects.get(ticket_key=TICKET)
    with pytest.raises(Refused, match="never tied together"):
        actions.link(emergency=home, by=cleared, now=NOW, subject=PAGE)
    with pytest.raises(Refused, match="never tied together"):
        actions.link(emergency=home, by=cleared, now=NOW, subject=gov)


@pytest.mark.parametrize("subject", [PAGE_2, "thread:C01:103.1", "ticket:us_gov:77"])
@pytest.mark.parametrize("is_there", [True, False], ids=["there", "unheard of"])
def test_what_may_be_us_governments_is_unknown_to_the_uncleared_and_changes_nothing(engineer, subject, is_there):
    emergency = begun()
    if is_there:
        fact = {"page": k.PageTriggered(portal="us_gov"), "thread": k.ThreadStarted(channel="C01")}.get(
            subject.partition(":")[0], k.TicketCreated(priority="urgent")
        )
        record(sightings=[seen(subject, fact, "16:30", klass="us_gov")], now=NOW)
    with pytest.raises(Refused, match="Nothing is known here by that name"):
        actions.link(emergency=emergency, by=engineer, now=NOW, subject=subject)
    emergency.refresh_from_db()
    assert emergency.klass == "global"


@pytest.mark.parametrize("is_there", [True, False], ids=["there", "unheard of"])
def test_a_page_that_waits_is_not_tied_to_a_ticket_that_may_not_be_seen(engineer, is_there):
    record(sightings=[rings("16:20", tickets=(), by_hand=True)], now=NOW)
    if is_there:
        urgent = k.TicketCreated(priority="urgent")
        record(sightings=[seen("ticket:us_gov:77", urgent, "16:30", klass="us_gov")], now=NOW)
    with pytest.raises(Refused, match="Nothing is known here by that name"):
        actions.tie_waiting(page=PAGE, ticket="ticket:us_gov:77", by=engineer, now=NOW)
    assert models.Subject.objects.get(key=PAGE).waiting


@pytest.mark.rule("PAGE-14")
def test_a_page_without_a_ticket_is_put_aside_with_a_reason(engineer):
    record(sightings=[rings("16:20", tickets=())], now=NOW)
    emergency = models.Emergency.objects.get()
    with pytest.raises(Refused, match="still rings"):
        actions.dismiss_page(emergency=emergency, by=engineer, now=NOW, why="a test page")
    record(sightings=[acknowledged("16:21"), resolved("16:22")], now=NOW)
    with pytest.raises(Refused, match="Say in a few words why"):
        actions.dismiss_page(emergency=emergency, by=engineer, now=NOW, why=" ")
    actions.dismiss_page(emergency=emergency, by=engineer, now=NOW, why="a test page")
    emergency.refresh_from_db()
    assert (emergency.stage, emergency.ended) == ("closed", "withdrawn")


def test_a_waiting_page_that_calls_a_colleague_is_put_aside_until_it_rings_again(engineer):
    record(sightings=[rings("16:20", tickets=(), by_hand=True)], now=NOW)
    with pytest.raises(Refused, match="Say in a few words why"):
        actions.put_aside(page=PAGE, by=engineer, now=NOW, why="")
    actions.put_aside(page=PAGE, by=engineer, now=NOW, why="It calls Theo")
    assert not models.Subject.objects.get(key=PAGE).waiting
    with pytest.raises(Refused, match="does not wait any more"):
        actions.put_aside(page=PAGE, by=engineer, now=NOW, why="again")
    record(sightings=[acknowledged("17:01"), seen(PAGE, k.PageUnacknowledged(), "17:31")], now=clock("17:32"))
    assert models.Subject.objects.get(key=PAGE).waiting


def test_nobody_puts_aside_what_they_may_not_see(engineer):
    record(sightings=[rings("16:20", tickets=(), by_hand=True, portal=None, klass="us_gov")], now=NOW)
    with pytest.raises(Refused, match="does not wait any more"):
        actions.put_aside(page=PAGE, by=engineer, now=NOW, why="none of ours")


@pytest.mark.rule("PAGE-14")
def test_a_ticket_tied_by_hand_before_anybody_read_it_is_shown_as_unknown_and_owed_a_read(engineer):
    emergency = begun()
    actions.link(emergency=emergency, by=engineer, now=NOW, subject=TICKET_2)
    story = story_of(emergency)
    assert (set(story.tickets), story.tickets[TICKET_2].known) == ({TICKET, TICKET_2}, False)
    assert models.Subject.objects.get(key=TICKET_2).read_due_at is not None
    actions.unlink(emergency=emergency, by=engineer, now=clock("17:01"), subject=TICKET_2)
    assert set(story_of(emergency).tickets) == {TICKET}
