"""The one door to write: what comes in by any way, in any order, twice or at once, is one story."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from ceoc.live.announce import CHANNEL
from emergencies import models
from emergencies.story import kinds as k
from emergencies.story.entries import Ref
from emergencies.timeline import locks
from emergencies.timeline.drafts import Draft
from emergencies.timeline.read import story_of
from emergencies.timeline.record import record
from tests.emergencies.saying import acknowledged, created, customer, organisation, replied, resolved, rings, seen
from tests.emergencies.telling import CUSTOMER, MIRA, PAGE, PAGE_2, TICKET, TICKET_2, clock

pytestmark = pytest.mark.django_db
NOW = clock("18:00")


def tell(*sightings, now=NOW):
    return record(sightings=sightings, now=now)


def the_emergency():
    return models.Emergency.objects.get(joined_into="")


@pytest.mark.rule("PAGE-14")
def test_a_page_and_its_ticket_are_one_emergency_whoever_comes_first():
    tell(rings("16:20"))
    tell(created("16:20"), organisation())
    emergency = the_emergency()
    assert (emergency.pages, emergency.tickets, emergency.stage, emergency.klass) == (1, 1, "ringing", "global")
    assert (emergency.customer_name, emergency.plan, emergency.title) == (
        "Northwind Robotics",
        "premium",
        "Gitaly storage full",
    )
    assert (emergency.owed_kind, emergency.owed_role, emergency.region) == ("acknowledge", "dispatch", "AMER")


@pytest.mark.rule("PAGE-14")
def test_the_ticket_first_then_the_page_is_the_same():
    tell(organisation())
    tell(created("16:20"))
    tell(rings("16:20"))
    emergency = the_emergency()
    assert (emergency.pages, emergency.tickets, emergency.customer_name) == (1, 1, "Northwind Robotics")


@pytest.mark.rule("PAGE-14")
def test_a_page_without_a_link_is_found_by_the_ticket_that_names_it():
    tell(rings("16:20", tickets=()))
    assert the_emergency().warnings[0]["kind"] == "no_ticket"
    tell(created("16:21", pages=(PAGE,)))
    emergency = the_emergency()
    assert (emergency.pages, emergency.tickets, emergency.warnings) == (1, 1, [])
    assert models.Emergency.objects.filter(stage="closed").count() == 0 or models.Emergency.objects.get(
        joined_into=emergency.public_id
    )


@pytest.mark.rule("PAGE-14", "CONC-6")
def test_two_pages_of_one_ticket_are_one_emergency():
    tell(rings("16:20"), created("16:20"))
    tell(rings("16:30", page=PAGE_2))
    emergency = the_emergency()
    assert emergency.pages == 2
    assert [warning["kind"] for warning in emergency.warnings] == ["two_pages_one_ticket"]


@pytest.mark.rule("PAGE-14")
def test_two_emergencies_join_when_a_ticket_turns_out_to_name_the_others_page():
    tell(rings("16:20", tickets=()))
    tell(created("16:22"))
    assert models.Emergency.objects.count() == 2
    tell(seen(TICKET, k.TicketChanged(field="pages", to=PAGE), "16:25", MIRA))
    older = the_emergency()
    younger = models.Emergency.objects.exclude(pk=older.pk).get()
    assert (older.pages, older.tickets) == (1, 1)
    assert (younger.stage, younger.ended, younger.joined_into) == ("closed", "joined", older.public_id)


def test_a_page_made_by_hand_waits_in_the_tray_until_a_ticket_names_it():
    tell(rings("16:20", tickets=(), by_hand=True))
    assert models.Emergency.objects.count() == 0
    assert models.Subject.objects.get(key=PAGE).waiting
    tell(created("16:21", pages=(PAGE,)))
    assert not models.Subject.objects.get(key=PAGE).waiting
    assert the_emergency().pages == 1


def test_a_page_of_an_unmapped_service_stays_us_government_and_follows_no_link():
    tell(created("16:19"))
    tell(rings("16:20", portal=None, klass="us_gov"))
    closed = models.Emergency.objects.get(page_key=PAGE)
    assert (closed.klass, closed.tickets) == ("us_gov", 0)
    assert models.Emergency.objects.get(ticket_key=TICKET).klass == "global"


def test_a_page_that_turns_out_to_be_us_government_takes_everything_of_it_along():
    tell(rings("16:20", tickets=()))
    assert the_emergency().klass == "global"
    tell(seen(PAGE, k.PageAcknowledged(), "16:21", MIRA, klass="us_gov"))
    assert the_emergency().klass == "us_gov"
    for model in (models.Entry, models.Sighting, models.Text, models.JudgementLog, models.SearchText):
        assert not model.objects.filter(klass="global").exists(), model


def test_repetition_adds_nothing_and_says_nothing(django_assert_max_num_queries):
    facts = [rings("16:20"), created("16:20"), acknowledged("16:21"), replied("16:25")]
    tell(*facts)
    rows = (models.Entry.objects.count(), models.Sighting.objects.count(), models.JudgementLog.objects.count())
    with django_assert_max_num_queries(11):
        assert tell(*facts).emergencies == frozenset()
    assert rows == (models.Entry.objects.count(), models.Sighting.objects.count(), models.JudgementLog.objects.count())


def test_a_webhooks_entry_gives_way_to_the_logs_and_what_was_known_then_stays():
    first, then = clock("16:21:01"), clock("16:21:09")
    tell(rings("16:20"), now=clock("16:20:02"))
    tell(seen(PAGE, k.PageAcknowledged(), "16:21:00", MIRA, "webhook"), now=first)
    tell(seen(PAGE, k.PageAcknowledged(), "16:21:00", MIRA, "log"), now=then)
    entries = models.Entry.objects.filter(kind="page_acknowledged").order_by("pk")
    assert [(e.told_by, e.known_until) for e in entries] == [("webhook", then), ("log", None)]
    assert entries[1].seen_at == first
    emergency = the_emergency()
    assert story_of(emergency, known_at=clock("16:20:30")).pages[PAGE].status == "triggered"
    assert story_of(emergency, known_at=first).pages[PAGE].status == "acknowledged"


@pytest.mark.rule("DRI-3", "PAGE-2")
def test_the_first_engineer_who_acknowledges_is_the_dri():
    tell(rings("16:20"), acknowledged("16:21"), acknowledged("16:22", by="theo@demo.example"))
    emergency = the_emergency()
    assert (emergency.dri, emergency.dri_since, emergency.dri_why) == (MIRA, clock("16:21"), "acknowledged")


def test_what_people_say_is_an_entry_and_can_be_taken_back():
    tell(rings("16:20"))
    emergency = the_emergency()
    me = Ref("emergency", emergency.public_id)
    change = Draft(subject=me, fact=k.DriChanged(to="theo@demo.example", why="swap"), at=NOW, key="d1", actor=MIRA)
    record(entries=[change], now=NOW)
    assert the_emergency().dri == "theo@demo.example"
    entry = models.Entry.objects.get(key="d1")
    back = Draft(subject=me, fact=k.Retracted(entry=entry.public_id), at=NOW, key="r1", actor=MIRA)
    record(entries=[back], now=NOW)
    assert the_emergency().dri == ""


def test_vendor_facts_are_not_retracted():
    tell(rings("16:20"), acknowledged("16:21"))
    emergency = the_emergency()
    entry = models.Entry.objects.get(kind="page_acknowledged")
    back = Draft(
        subject=Ref("emergency", emergency.public_id),
        fact=k.Retracted(entry=entry.public_id),
        at=NOW,
        key="r1",
        actor=MIRA,
    )
    record(entries=[back], now=NOW)
    assert the_emergency().page_status == "acknowledged"


def test_a_customer_read_later_completes_every_emergency_of_theirs():
    tell(created("16:20"), created("16:20", ticket=TICKET_2))
    assert {e.customer_name for e in models.Emergency.objects.all()} == {""}
    touched = tell(organisation()).emergencies
    assert len(touched) == 2
    assert {e.customer_name for e in models.Emergency.objects.all()} == {"Northwind Robotics"}
    tell(organisation("17:00", name="Northwind Ltd"))
    assert {e.customer_name for e in models.Emergency.objects.all()} == {"Northwind Ltd"}
    assert models.Link.objects.filter(subject__key=CUSTOMER, alone=False).count() == 2


def test_what_was_closed_when_it_was_first_read_is_history():
    tell(created("16:20"), seen(TICKET, k.TicketSolved(), "17:00", MIRA), now=clock("18:00"))
    assert (the_emergency().stage, the_emergency().historical) == ("closed", True)


def test_the_judgement_log_has_a_line_for_each_change():
    tell(rings("16:20"), created("16:20"), now=clock("16:20:05"))
    tell(acknowledged("16:21"), now=clock("16:21:05"))
    tell(customer("16:22"), now=clock("16:22:05"))  # before contact: nothing is judged otherwise
    tell(replied("16:25"), now=clock("16:25:05"))
    lines = models.JudgementLog.objects.order_by("at", "id").values_list("stage", "by")
    assert list(lines) == [("ringing", "record"), ("reviewing", "record"), ("waiting", "record")]


def test_the_database_refuses_to_change_or_delete_what_was_told():
    tell(rings("16:20"))
    for change in (
        lambda: models.Entry.objects.update(actor="somebody"),
        lambda: models.Entry.objects.all().delete(),
        lambda: models.Sighting.objects.update(data={}),
        lambda: connection.cursor().execute("DELETE FROM emergencies_sighting"),
    ):
        with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_an_announcement_is_heard_if_and_only_if_the_facts_stand():
    listener = psycopg.connect(settings.DATABASE_URL, dbname=connection.settings_dict["NAME"], autocommit=True)
    listener.execute(f"LISTEN {CHANNEL}")
    with transaction.atomic():
        tell(rings("16:20"))
        transaction.set_rollback(True)
    assert list(listener.notifies(timeout=0.2)) == []
    tell(rings("16:20"), created("16:20"))
    heard = [notice.payload for notice in listener.notifies(timeout=1, stop_after=1)]
    assert heard
    assert the_emergency().public_id in "".join(heard)
    listener.close()


@pytest.mark.django_db(transaction=True)
def test_two_connections_recording_at_once_lose_nothing():
    barrier = threading.Barrier(2)
    failures: list[BaseException] = []

    def work(facts):
        try:
            barrier.wait()
            for fact in facts:
                tell(fact)
        except BaseException as error:  # noqa: BLE001 — told to the test below
            failures.append(error)
        finally:
            connection.close()

    one = [rings("16:20"), acknowledged("16:21"), resolved("16:40"), *(customer(f"17:{n:02}") for n in range(20))]
    two = [created("16:20"), organisation(), replied("16:25"), *(replied(f"17:{n:02}:30") for n in range(20))]
    threads = [threading.Thread(target=work, args=(facts,)) for facts in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    emergency = the_emergency()
    assert (emergency.pages, emergency.tickets, emergency.page_status, emergency.customer_name) == (
        1,
        1,
        "resolved",
        "Northwind Robotics",
    )
    story = story_of(emergency)
    assert story.tickets[TICKET].contact_at == clock("16:25")
    assert story.tickets[TICKET].last_contact_at == clock("17:19:30")
    assert models.Sighting.objects.count() == len(one) + len(two)


@pytest.mark.django_db(transaction=True)
def test_a_customer_that_is_read_while_its_ticket_is_told_of_is_not_lost_and_nobody_waits_for_ever():
    """Both happened in a run: an emergency without its customer's name, and two that waited for each other."""
    failures: list[BaseException] = []

    def tell_of_the_ticket():
        try:
            tell(created("16:20"))
        except BaseException as error:  # noqa: BLE001 — told to the test below
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=tell_of_the_ticket)
    with transaction.atomic():
        locks.subjects({CUSTOMER, TICKET}, {})
    with transaction.atomic():
        tell(organisation())
        thread.start()
        wait_until_somebody_waits(thread)
        locks.subjects({CUSTOMER, TICKET}, {})
    thread.join(10)
    assert failures == []
    assert the_emergency().customer_name == "Northwind Robotics"


def wait_until_somebody_waits(thread: threading.Thread) -> None:
    """Until another connection waits for a lock, or has done without."""
    until = time.monotonic() + 5
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with connection.cursor() as cursor:
        while thread.is_alive() and time.monotonic() < until:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)


@pytest.mark.django_db(transaction=True)
def test_what_is_said_of_an_emergency_and_what_its_page_tells_never_wait_for_each_other():
    """An acknowledgement that was delivered while its webhook was read ended in a deadlock (seen in a run)."""
    tell(rings("16:20"))
    emergency = the_emergency()
    me, failures = Ref("emergency", emergency.public_id), []

    def say():
        try:
            record(entries=[Draft(subject=me, fact=k.Note(), at=NOW, key="n1", actor=MIRA)], now=NOW)
        except BaseException as error:  # noqa: BLE001 — told to the test below
            failures.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=say)
    with transaction.atomic():  # as a record of the page's sightings goes on
        locks.subjects({PAGE}, {})
        locks.emergencies({emergency.public_id})
        thread.start()
        wait_until_somebody_waits(thread)
        locks.subjects({me.key}, {})
    thread.join(10)
    assert failures == []
    assert models.Entry.objects.filter(kind="note").count() == 1
