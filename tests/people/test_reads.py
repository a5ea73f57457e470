"""People are read at the vendors when they are new, when they sign in and when somebody asks: against the sandbox."""

from __future__ import annotations

from datetime import timedelta

import pytest
import structlog
from django.test import Client

from ceoc import clock
from ceoc.access import backend
from ceoc.access.models import Person
from ceoc.demo import people as cast
from ceoc.people import reads
from ceoc.people.models import Listing, Match, Member
from ceoc.people.places import PAGERDUTY, PLACES, SLACK, ZENDESK, ZENDESK_US_GOV

pytestmark = pytest.mark.django_db

MIRA = "engineer@demo.example"


def colleague(name: str) -> Person:
    return cast.settle(next(one for one in cast.COLLEAGUES if one.email.startswith(name)))


def match_of(person: Person, place) -> Match:
    return Match.objects.get(person=person, vendor=place.vendor, account=place.account)


def told(person: Person, place) -> tuple[str, str]:
    match = match_of(person, place)
    return match.state, match.email


def test_who_is_new_is_read_once_in_every_place(person_of, read):
    mira = person_of("engineer")
    assert read() == len(PLACES) + 3  # and the three lists
    assert told(mira, PAGERDUTY) == told(mira, ZENDESK) == told(mira, SLACK) == ("found", MIRA)
    assert told(mira, ZENDESK_US_GOV) == ("absent", "")
    assert match_of(mira, PAGERDUTY).facts == {"ways": ["email", "phone", "push", "sms"], "rung": ["phone", "push"]}
    assert match_of(mira, ZENDESK).facts == {"role": "agent", "active": True, "suspended": False}
    assert read() == 0


def test_no_number_or_address_of_a_contact_is_kept(person_of, read):
    person_of("engineer")
    read()
    assert "2125550100" not in str(list(Match.objects.values()))


@pytest.mark.parametrize(
    ("name", "place", "state", "facts"),
    [
        pytest.param("hugo", PAGERDUTY, "found", {"ways": ["email"], "rung": ["email"]}, id="an e-mail alone"),
        pytest.param("grete", ZENDESK, "absent", {}, id="no seat"),
        pytest.param("tane", SLACK, "absent", {}, id="not in Slack"),
        pytest.param("agnes", SLACK, "absent", {}, id="another e-mail in Slack"),
    ],
)
def test_who_is_not_ready(read, name, place, state, facts):
    person = colleague(name)
    read()
    match = match_of(person, place)
    assert (match.state, match.facts) == (state, facts)


def test_the_class_of_what_is_read_is_the_accounts(person_of, read):
    person_of("cleared")
    read()
    assert dict(Match.objects.values_list("account", "klass")) == {"": "global", "global": "global", "us_gov": "us_gov"}
    assert set(Member.objects.filter(account="us_gov").values_list("klass", flat=True)) == {"us_gov"}


def test_signing_in_wants_a_read_and_waits_for_none(person_of, read, vendors):
    mira = person_of("engineer")
    read()
    for vendor in ("pagerduty", "zendesk_global", "zendesk_us_gov", "slack"):
        vendors.post("/faults", vendor=vendor, mode="down")
    client = Client()
    client.force_login(mira, backend=backend.PATH)
    assert client.get("/").status_code == 200
    assert not Match.objects.filter(person=mira, due_at__isnull=False).exists()
    reads.owe(clock.wall())
    assert Match.objects.filter(person=mira, due_at__isnull=False).count() == len(PLACES)
    for vendor in ("pagerduty", "zendesk_global", "zendesk_us_gov", "slack"):
        vendors.post("/faults", vendor=vendor, mode="ok")
    assert read() == len(PLACES)
    reads.owe(clock.wall())
    assert not Match.objects.filter(due_at__isnull=False).exists()


def test_a_vendor_that_is_down_keeps_what_was_known_and_says_why(person_of, read, vendors):
    mira, theo = person_of("engineer"), person_of("second")
    read()
    vendors.post("/faults", vendor="zendesk_global", mode="down")
    for person in (mira, theo):
        reads.ask(person.pk, clock.wall())
    read()
    for person in (mira, theo):  # one try tells for everybody who waits there
        match = match_of(person, ZENDESK)
        assert (match.state, match.email) == ("found", person.email)
        assert "Zendesk" in match.reason
        assert match.failed_at > match.read_at
        assert match.due_at > clock.wall()
    assert match_of(mira, SLACK).reason == ""
    vendors.post("/faults", vendor="zendesk_global", mode="ok")
    read()
    assert (match_of(mira, ZENDESK).reason, match_of(mira, ZENDESK).due_at) == ("", None)


def test_a_token_that_is_refused_is_no_missing_seat(person_of, read, settings):
    person_of("engineer")
    settings.SLACK_BOT_TOKEN = type(settings.SLACK_BOT_TOKEN)("xoxb-wrong")
    read()
    match = Match.objects.get(vendor="slack")
    assert (match.state, match.read_at) == ("unread", None)
    assert match.reason


def test_who_asks_while_it_is_being_read_is_read_once_more(person_of, read, monkeypatch):
    mira = person_of("engineer")
    reads.owe(clock.wall())
    seen = []

    def meanwhile(place, who):
        if not seen:
            reads.ask(mira.pk, clock.wall())
        seen.append(who)

    monkeypatch.setattr(reads.reading, "read", meanwhile)
    reads.read_due(SLACK)
    assert seen == [MIRA, MIRA]
    assert match_of(mira, SLACK).due_at is None


def test_reading_that_fails_here_is_logged_and_tried_again(person_of, db, monkeypatch):
    mira = person_of("engineer")
    reads.owe(clock.wall())

    def broken(place, who):
        raise KeyError("profile")

    monkeypatch.setattr(reads.reading, "read", broken)
    with structlog.testing.capture_logs() as logs:
        reads.read_due(SLACK)
    assert [line["event"] for line in logs] == ["people.read_failed"]
    assert match_of(mira, SLACK).reason == "Reading it failed here."
    assert match_of(mira, SLACK).due_at > clock.wall()


def test_the_lists_tell_whom_nobody_here_is(person_of, read):
    person_of("engineer")
    read()
    there = set(Member.objects.filter(email="bram@demo.example").values_list("vendor", "account"))
    assert there == {("pagerduty", ""), ("zendesk", "global")}
    assert not Member.objects.filter(vendor="slack").exists()


def test_who_is_gone_from_a_list_goes_and_who_was_put_aside_stays_so(person_of, read):
    person_of("engineer")
    read()
    Member.objects.create(vendor="pagerduty", vendor_id="PGONE", klass="global", name="Long Gone")
    Member.objects.filter(email="bram@demo.example").update(aside_by="admin@demo.example")
    Listing.objects.update(asked=True)
    read()
    assert not Member.objects.filter(vendor_id="PGONE").exists()
    assert set(Member.objects.filter(email="bram@demo.example").values_list("aside_by", flat=True)) == {
        "admin@demo.example"
    }


def test_a_list_is_read_again_after_a_day(person_of, read):
    person_of("engineer")
    read()
    for due in Listing.objects.values_list("due_at", flat=True):
        assert timedelta(hours=23) < due - clock.wall() <= reads.DAILY


def test_who_left_is_not_read(person_of, read):
    mira = person_of("engineer")
    mira.is_active = False
    mira.save()
    assert read() == 3
    assert not Match.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_sweep_starts_a_lane_for_each_place(person_of, vendors):
    mira = person_of("engineer")
    assert reads.sweep(clock.now()) == len(PLACES)
    for thread in [reads._lanes.start(place) for place in PLACES]:
        thread.join(30)
    assert told(mira, SLACK) == ("found", MIRA)
    assert reads.sweep(clock.now()) == 0
