"""What follows from a change of settings: open emergencies are judged anew, pages are closed, none is opened."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from msgspec.structs import replace

from ceoc.access.models import AccessLog
from ceoc.team import change, kinds, store
from ceoc.team.change import Refused
from ceoc.team.consequences import follow
from emergencies.actions import Refused as ActionRefused
from emergencies.actions import membership
from emergencies.models import Emergency, Entry, Subject
from emergencies.policy.judgement import Thresholds
from emergencies.policy.services import SERVICES, Policy, Service
from emergencies.story import kinds as k
from emergencies.timeline import closing, resettle
from emergencies.timeline.record import record
from tests.emergencies.saying import acknowledged, created, rings, seen
from tests.emergencies.telling import MIRA, PAGE, TICKET, clock

pytestmark = pytest.mark.django_db
NOW = clock("16:30")
GLOBAL, GOV = Service(name="Customer Support", portal="global"), Service(name="Customer Support", portal="us_gov")


@pytest.fixture
def noor(viewer_of_role):
    return viewer_of_role("admin")


@pytest.fixture
def ines(viewer_of_role):
    return viewer_of_role("manager")


def begin(*more):
    record(sightings=[created("16:20"), rings("16:20", service="Customer Support"), *more], now=clock("16:20:30"))
    return the_emergency()


def the_emergency():
    return Emergency.objects.get(joined_into="")


def save(name, value, by, now=NOW):
    kind = kinds.get(name)
    return change.change(kind, value, base=change.standing(kind).number, by=by, why="We agreed.", now=now)


def services(*some, gov=SERVICES.services[1:], **more):
    """Services as given, beside the one of US Government."""
    return replace(SERVICES, services=(*some, *gov), **more)


def checks_clean():
    out = StringIO()
    call_command("project", "--check", stdout=out)
    return "0 differ" in out.getvalue()


def due():
    return {act["kind"]: act["due_at"][11:16] for act in the_emergency().owed}


def test_a_running_clock_keeps_its_times_and_the_next_one_runs_by_the_new(ines):
    begin()
    save("thresholds", Thresholds(at_once=timedelta(minutes=9), first_reply=timedelta(minutes=60)), ines)
    follow(NOW)
    assert due() == {"acknowledge": "16:22"}
    assert checks_clean()
    record(sightings=[acknowledged("16:31")], now=clock("16:31:05"))
    assert due() == {"first_public_reply": "16:50"}
    lapsed = seen(PAGE, k.PageUnacknowledged(), "16:40")
    record(sightings=[lapsed], now=clock("16:40:05"))
    assert due()["acknowledge"] == "16:49"
    assert checks_clean()


def test_what_comes_late_is_judged_by_what_stood_when_it_happened(ines):
    save("thresholds", Thresholds(at_once=timedelta(minutes=9)), ines)
    begin()  # its webhooks were lost and it is read after the change
    assert due() == {"acknowledge": "16:22"}
    assert checks_clean()


def test_the_check_does_not_depend_on_when_it_is_made(ines, time_machine):
    begin()
    save("thresholds", Thresholds(at_once=timedelta(minutes=9)), ines)
    follow(NOW)
    for at in ("16:30", "18:00", "2026-08-01 12:00"):
        time_machine.move_to(clock(at))
        assert checks_clean()


def test_whoever_writes_does_not_trust_what_it_kept(ines):
    begin()
    save("thresholds", Thresholds(at_once=timedelta(minutes=9)), ines, now=clock("16:20"))
    store.remember([], 60)  # a process that has not heard of the change
    record(sightings=[acknowledged("16:21"), seen(PAGE, k.PageUnacknowledged(), "16:22")], now=clock("16:22:05"))
    assert due()["acknowledge"] == "16:31"
    assert checks_clean()


def test_a_policy_that_is_told_its_region_moves_open_emergencies_and_leaves_closed_ones(ines):
    open_one = begin()
    closed_one = record(
        sightings=[
            created("15:00", "ticket:global:1"), rings("15:00", "page:QOLD", tickets=("ticket:global:1",)),
            acknowledged("15:01", page="page:QOLD"), *ended("15:20"),
        ],
        now=clock("15:30"),
    ).emergencies  # fmt: skip
    asia = (Policy(name="Customer Emergencies AMER", region="APAC"),)
    save("services", services(GLOBAL, policies=asia), ines)
    assert the_emergency_of(open_one.public_id).region == "AMER"
    assert follow(NOW) > 0
    assert the_emergency_of(open_one.public_id).region == "APAC"
    assert [the_emergency_of(id).region for id in closed_one - {open_one.public_id}] == ["AMER"]
    assert checks_clean()


def ended(at):
    """The older page is resolved and its ticket solved."""
    resolved = seen("page:QOLD", k.PageResolved(), at, MIRA)
    return [resolved, seen("ticket:global:1", k.TicketSolved(), at, MIRA)]


def the_emergency_of(public_id):
    return Emergency.objects.get(public_id=public_id)


def test_a_service_that_is_us_governments_now_closes_its_pages_and_their_emergencies(ines, engineer, cleared):
    emergency = begin()
    address = f"/emergencies/{emergency.public_id}/"
    assert engineer.get(address).status_code == 200
    save("services", services(GOV), ines)
    follow(NOW)
    page = Subject.objects.get(key=PAGE)
    assert (page.klass, the_emergency().klass) == ("us_gov", "us_gov")
    assert set(Entry.objects.filter(subject=page).values_list("klass", flat=True)) == {"us_gov"}
    assert (engineer.get(address).status_code, cleared.get(address).status_code) == (404, 200)
    assert Subject.objects.get(key=TICKET).klass == "global", "the ticket's account says what it is"
    assert checks_clean()


def test_a_service_that_nobody_maps_any_more_closes_too_but_for_what_a_cleared_person_opened(ines, noor):
    begin()
    page = Subject.objects.get(key=PAGE)
    closing.reclass_subject(page, "global", said=True)
    save("services", services(), ines)
    follow(NOW)
    assert Subject.objects.get(key=PAGE).klass == "global"
    save("services", services(GOV), ines)
    follow(NOW)
    assert Subject.objects.get(key=PAGE).klass == "us_gov", "said to be US Government's: whatever is linked"


def test_a_service_that_becomes_global_opens_no_page_that_there_was(noor):
    record(sightings=[rings("16:20", service="Other", portal=None, klass="us_gov")], now=clock("16:20:30"))
    save("services", services(GLOBAL, Service(name="Other", portal="global")), noor)
    follow(NOW)
    again = rings("16:20", service="Other", portal="global")  # read again in full: the mapping says global now
    record(sightings=[again, acknowledged("16:25")], now=NOW)
    assert Subject.objects.get(key=PAGE).klass == "us_gov"
    assert the_emergency().klass == "us_gov"
    fresh = rings("16:35", "page:QNEW", service="Other", tickets=())
    record(sightings=[fresh], now=clock("16:35:05"))
    assert Subject.objects.get(key="page:QNEW").klass == "global"


def test_a_page_that_was_only_named_opens_when_it_is_understood():
    record(sightings=[created("16:20", pages=(PAGE,))], now=clock("16:20:05"))
    assert Subject.objects.get(key=PAGE).klass == "us_gov"
    record(sightings=[rings("16:20", service="Customer Support")], now=clock("16:20:30"))
    assert Subject.objects.get(key=PAGE).klass == "global"


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(services(GLOBAL, Service(name="New", portal="global")), id="a new one is global"),
        pytest.param(
            services(GLOBAL, gov=(Service(name="US Government Support", portal="global"),)), id="US Gov's is global"
        ),
        pytest.param(services(GLOBAL, gov=(Service(name="US Government Support"),)), id="US Gov's is taken back"),
        pytest.param(services(GLOBAL, gov=()), id="US Gov's is taken off the list"),
    ],
)
def test_only_the_cleared_open_anything(ines, noor, after):
    with pytest.raises(Refused, match="cleared for US Government"):
        save("services", after, ines)
    save("services", after, noor)


def test_undoing_does_not_go_round_it(ines, noor):
    save("services", services(GOV), ines)
    with pytest.raises(Refused, match="cleared for US Government"):
        change.undo(kinds.get("services"), 1, by=ines, now=NOW)
    change.undo(kinds.get("services"), 1, by=noor, now=NOW)
    assert store.current("services") == SERVICES


def test_many_are_judged_a_batch_at_a_time(ines, monkeypatch):
    monkeypatch.setattr(resettle, "BATCH", 2)
    for number in range(5):
        ticket = f"ticket:global:{number}"
        record(sightings=[created("16:20", ticket), rings("16:20", f"page:Q{number}", tickets=(ticket,))], now=NOW)
    save("thresholds", Thresholds(at_once=timedelta(minutes=9)), ines)
    Emergency.objects.update(judged_at=clock("16:00"))
    assert follow(NOW) == 3
    assert set(Emergency.objects.values_list("judged_at", flat=True)) == {NOW}
    assert follow(NOW) == 0


def test_what_a_mistake_closed_is_opened_again_on_the_word_of_a_cleared_person(ines, noor, engineer):
    address = f"/emergencies/{begin().public_id}/"
    save("services", services(GOV), ines)
    follow(NOW)
    out = StringIO()
    call_command("open_pages", "Customer Support", by=noor.email, stdout=out)
    assert "0 pages" in out.getvalue(), "it is still mapped to US Government"
    change.undo(kinds.get("services"), 1, by=noor, now=NOW)
    follow(NOW)
    assert engineer.get(address).status_code == 404, "undoing opens nothing by itself"
    with pytest.raises(CommandError, match="is not cleared"):
        call_command("open_pages", "Customer Support", by=ines.email)
    call_command("open_pages", "Customer Support", by=noor.email, stdout=out)
    assert "1 pages of Customer Support are global again." in out.getvalue()
    assert AccessLog.objects.filter(kind="setting_changed", reason="opened 1 pages of Customer Support").count() == 1
    assert engineer.get(address).status_code == 200
    assert checks_clean()


def test_a_page_whose_service_is_us_governments_now_is_tied_to_no_global_ticket(cleared, noor):
    record(sightings=[rings("16:20", service="Other", portal=None, klass="us_gov", tickets=())], now=NOW)
    save("services", services(GLOBAL, Service(name="Other", portal="us_gov")), noor)
    record(sightings=[created("16:20")], now=NOW)
    emergency = Emergency.objects.get(ticket_key=TICKET)
    with pytest.raises(ActionRefused, match="never tied together"):
        membership.link(emergency=emergency, by=noor, now=NOW, subject=PAGE)
