"""Clearance on the person page: by a cleared person, for somebody else, with a reason; both are told."""

from __future__ import annotations

import pytest

from ceoc.access import clearance
from ceoc.access.models import AccessLog, Notice, Person

pytestmark = pytest.mark.django_db

MIRA = "engineer@demo.example"


def press(client, person: Person, what: str, **form: str) -> str:
    form = {"back": f"/people/{person.public_id}/"} | form
    answer = client.post(f"/people/{person.public_id}/{what}/", form, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def is_cleared(person: Person) -> bool:
    return Person.objects.get(pk=person.pk).us_gov_cleared


def test_is_granted_and_ended_with_a_reason_audited_and_both_are_told(admin, engineer, person_of):
    mira = person_of("engineer")
    html = press(admin, mira, "clear", reason="Joins the US Gov team")
    assert is_cleared(mira)
    assert "You cleared Mira Okafor for US Government. Reason: Joins the US Gov team" in html
    line = AccessLog.objects.get(kind="cleared", email=MIRA)
    assert (line.by, line.reason, line.klass) == ("admin@demo.example", "Joins the US Gov team", "us_gov")
    assert "Noor Haddad cleared you for US Government." in engineer.get("/").content.decode()

    press(admin, mira, "end-clearance", reason="Moves on")
    assert not is_cleared(mira)
    assert AccessLog.objects.get(kind="clearance_ended", email=MIRA).reason == "Moves on"
    assert "Noor Haddad ended your clearance for US Government. Reason: Moves on" in engineer.get("/").content.decode()


def test_what_was_told_stays_until_it_is_read_and_then_in_ones_history(admin, engineer, person_of):
    mira = person_of("engineer")
    press(admin, mira, "clear", reason="Joins")
    for _ in range(2):
        assert "cleared you" in engineer.get("/closed/").content.decode()
    until = Notice.objects.filter(person=mira).latest("at").at.isoformat()
    engineer.post("/me/notices/seen/", {"until": until})
    assert "cleared you" not in engineer.get("/closed/").content.decode()
    assert "cleared you" in engineer.get("/me/").content.decode()
    assert not Person.objects.get(pk=mira.pk).has_notices


@pytest.mark.parametrize("until", ["", "yesterday", "2020-01-01", "2020-01-01T00:00:00+00:00"])
def test_what_came_later_still_waits(admin, engineer, person_of, until):
    press(admin, person_of("engineer"), "clear", reason="Joins")
    engineer.post("/me/notices/seen/", {"until": until})
    assert "cleared you" in engineer.get("/").content.decode()


def test_a_page_without_notices_asks_for_none(engineer, django_assert_num_queries):
    engineer.get("/me/notices/")
    with django_assert_num_queries(3):  # session, person, role
        engineer.get("/me/notices/")


@pytest.mark.parametrize(
    ("who", "press_of", "form", "sentence"),
    [
        pytest.param("admin", "engineer clear", {}, "Say in a few words why", id="without a reason"),
        pytest.param("admin", "admin end-clearance", {"reason": "x"}, "their own clearance", id="ones own"),
        pytest.param("admin", "cleared clear", {"reason": "x"}, "cleared already", id="twice"),
        pytest.param("admin", "second end-clearance", {"reason": "x"}, "is not cleared", id="what is not there"),
        pytest.param("manager", "engineer clear", {"reason": "x"}, "a cleared person", id="by somebody uncleared"),
        pytest.param("manager", "manager clear", {"reason": "x"}, "a cleared person", id="uncleared for oneself"),
    ],
)
def test_what_is_refused(client_of, person_of, who, press_of, form, sentence):
    about, what = press_of.split()
    person_of("cleared")
    person, before = person_of(about), person_of(about).us_gov_cleared
    html = press(client_of(who), person, what, **form)
    assert sentence in html
    assert is_cleared(person) == before


def test_while_nobody_is_cleared_no_page_clears_anybody(manager, person_of):
    mira = person_of("engineer")
    assert "is not cleared" in press(manager, mira, "clear", reason="x")
    assert not is_cleared(mira)


def test_the_page_offers_it_to_the_cleared_alone_and_never_for_oneself(admin, client, person_of):
    mira, noor = person_of("engineer"), person_of("admin")
    boss = Person.objects.welcome("boss@demo.example", name="Una Boss", role="administrator")
    client.force_login(boss)
    assert "Clear Mira Okafor" in admin.get(f"/people/{mira.public_id}/").content.decode()
    assert "Clear Mira Okafor" not in client.get(f"/people/{mira.public_id}/").content.decode()
    assert "A cleared person can change it." in client.get(f"/people/{mira.public_id}/").content.decode()
    assert "Nobody changes their own clearance" in admin.get(f"/people/{noor.public_id}/").content.decode()


def test_ending_it_is_announced_to_open_streams(admin, person_of, monkeypatch):
    mira = person_of("engineer")
    clearance.put(mira, cleared=True, by="admin@demo.example")
    heard: list[tuple[list[str], str]] = []
    monkeypatch.setattr(clearance, "announce", lambda topics, klass: heard.append((list(topics), klass)))
    press(admin, mira, "end-clearance", reason="Moves on")
    assert heard == [(["access"], "global")]


def test_the_demo_tells_nobody(person_of):
    person_of("cleared")
    assert not Notice.objects.exists()
