"""Leaving: what is open is handed over first, US Government's by the cleared alone; then every access ends at once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ceoc.access import backend
from ceoc.access.breakglass import codes
from ceoc.access.models import AccessLog, Notice, Person
from ceoc.access.sessions import viewer_of_session
from ceoc.access.viewer import viewer_of
from ceoc.outbox.models import Command
from ceoc.people import leaving
from emergencies import actions
from emergencies.models import Emergency, Entry
from tests.emergencies.world import NOW, SAM, Trouble
from tests.people.told import main

pytestmark = pytest.mark.django_db

MIRA, THEO, NOOR = "engineer@demo.example", "second@demo.example", "admin@demo.example"


@pytest.fixture(autouse=True)
def stopped() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def northwind(person_of) -> Trouble:
    """Mira is its DRI."""
    for name in ("engineer", "second", "admin"):
        person_of(name)
    return Trouble("Northwind Robotics", 1).pages(30, "Gitaly storage full").acknowledged(29)


@pytest.fixture
def tides(person_of) -> Trouble:
    """Of US Government; Sam is its DRI."""
    for name in ("cleared", "second", "admin"):
        person_of(name)
    return Trouble("Bureau of Tides", 2, klass="us_gov").pages(30, "Sign-in fails").acknowledged(29, SAM)


@pytest.fixture
def boss(client) -> Client:
    """An administrator who is not cleared."""
    person = Person.objects.welcome("boss@demo.example", name="Una Boss", role="administrator", zone="Europe/Berlin")
    client.force_login(person, backend=backend.PATH)
    return client


def address(email: str) -> str:
    return f"/people/{Person.objects.get(email=email).public_id}/leave/"


def page(client: Client, email: str) -> str:
    answer = client.get(address(email))
    assert answer.status_code == 200
    return main(answer.content.decode())


def leave(client: Client, email: str, **form: str) -> tuple[int, str]:
    answer = client.post(address(email), {"reason": "Changes teams"} | form, follow=True)
    return answer.status_code, answer.content.decode()


def key(trouble: Trouble) -> str:
    return f"emergency:{trouble.row.public_id}"


def is_here(email: str) -> bool:
    return Person.objects.get(email=email).is_active


class TestHandingOver:
    def test_lists_what_is_open_and_asks_who_takes_it(self, admin, northwind):
        html = page(admin, MIRA)
        assert "Northwind Robotics" in html
        assert "Who takes it over?" in html
        assert 'value="second@demo.example"' in html
        assert 'value="engineer@demo.example"' not in html

    def test_each_is_taken_over_and_then_the_person_leaves(self, admin, northwind):
        status, html = leave(admin, MIRA, **{key(northwind): THEO})
        assert (status, is_here(MIRA)) == (200, False)
        assert "Mira Okafor has left." in html
        assert (northwind.row.dri, northwind.row.dri_why) == (THEO, "changed")
        entry = Entry.objects.get(kind="dri_changed")
        assert entry.actor == NOOR
        line = AccessLog.objects.get(kind="left")
        assert (line.email, line.by, line.reason) == (MIRA, NOOR, "Changes teams")

    @pytest.mark.parametrize(
        ("form", "sentence"),
        [
            pytest.param({}, "Who takes it over?", id="nobody chosen"),
            pytest.param({"choice": "nobody@demo.example"}, "Who takes it over?", id="somebody unknown"),
            pytest.param({"choice": MIRA}, "Who takes it over?", id="the one who leaves"),
            pytest.param({"choice": "shadow@demo.example"}, "Who takes it over?", id="a shadow"),
            pytest.param({"choice": THEO, "reason": " "}, "Say in a few words why", id="without a reason"),
        ],
    )
    def test_otherwise_nothing_happens(self, admin, northwind, person_of, form, sentence):
        person_of("shadow")
        choice = {key(northwind): form["choice"]} if "choice" in form else {}
        status, html = leave(admin, MIRA, **choice, **{name: form[name] for name in form if name != "choice"})
        assert status == 409
        assert sentence in html
        assert is_here(MIRA)
        assert northwind.row.dri == MIRA
        assert not AccessLog.objects.filter(kind="left").exists()

    def test_what_came_meanwhile_is_asked_for_too(self, admin, northwind):
        page(admin, MIRA)
        later = Trouble("Halden Bank", 3).pages(5, "502").acknowledged(4)
        status, html = leave(admin, MIRA, **{key(northwind): THEO})
        assert (status, is_here(MIRA)) == (409, True)
        assert "Halden Bank" in html
        assert f'<option value="{THEO}" selected>' in html  # what was chosen stays chosen
        assert northwind.row.dri == MIRA
        assert leave(admin, MIRA, **{key(northwind): THEO, key(later): THEO})[0] == 200

    def test_a_closed_emergency_asks_for_nobody(self, admin, northwind):
        northwind.replied(20).resolved(19).solved(10)
        assert "Nothing that you may see is open" in page(admin, MIRA)

    @pytest.mark.parametrize(("choice", "state"), [("goes", "queued"), ("aside", "dismissed")])
    def test_a_command_under_way_goes_out_or_is_put_aside(self, admin, northwind, choice, state):
        mira = viewer_of(Person.objects.get(email=MIRA))
        actions.page_note(emergency=northwind.row, by=mira, now=NOW, text="Looking")
        command = Command.objects.get()
        assert "What becomes of it?" in page(admin, MIRA)
        form = {key(northwind): THEO, f"command:{command.public_id}": choice}
        assert leave(admin, MIRA, **form)[0] == 200
        assert Command.objects.get().state == state


class TestTheEndOfAccess:
    def test_sessions_and_streams_end_at_once_and_do_not_come_back(self, admin, engineer, northwind, monkeypatch):
        session = engineer.session.session_key
        heard: list[str] = []
        monkeypatch.setattr(leaving, "announce", lambda topics, klass: heard.extend(topics))
        leave(admin, MIRA, **{key(northwind): THEO})
        assert engineer.get("/").status_code == 302
        assert viewer_of_session(session) is None
        assert "access" in heard
        path = f"/people/{Person.objects.get(email=MIRA).public_id}/come-back/"
        admin.post(path, {"reason": "Is back"})
        assert is_here(MIRA)
        assert engineer.get("/").status_code == 302
        line = AccessLog.objects.get(kind="came_back")
        assert (line.email, line.by, line.reason) == (MIRA, NOOR, "Is back")

    def test_clearance_ends_and_does_not_come_back(self, admin, person_of):
        sam = person_of("cleared")
        assert leave(admin, SAM)[0] == 200
        assert AccessLog.objects.filter(kind="clearance_ended", email=SAM, by=NOOR).exists()
        admin.post(f"/people/{sam.public_id}/come-back/", {"reason": "Is back"})
        sam.refresh_from_db()
        assert (sam.is_active, sam.us_gov_cleared) == (True, False)

    def test_codes_on_paper_open_nothing_any_more_not_even_when_they_come_back(self, admin, northwind, person_of):
        printed = codes.make(MIRA, by=NOOR, cleared=True, now=NOW)
        assert leave(admin, MIRA, **{key(northwind): THEO})[0] == 200
        admin.post(f"/people/{person_of('engineer').public_id}/come-back/", {"reason": "Is back"})
        assert codes.take(MIRA, printed.codes[0], now=NOW) is None

    def test_nobody_lets_themselves_leave(self, admin, person_of):
        person_of("admin")
        assert "That is you" in page(admin, NOOR)
        assert leave(admin, NOOR)[0] == 409
        assert is_here(NOOR)

    def test_nobody_leaves_or_comes_back_twice(self, admin, person_of):
        theo = person_of("second")
        path = f"/people/{theo.public_id}/come-back/"
        back = {"reason": "x", "back": f"/people/{theo.public_id}/"}
        assert "has not left" in admin.post(path, back, follow=True).content.decode()
        assert "Say in a few words why" in admin.post(path, {"back": back["back"]}, follow=True).content.decode()
        assert leave(admin, THEO)[0] == 200
        assert "Nothing is left" in page(admin, THEO)


class TestUsGovernment:
    def test_is_handed_to_the_cleared_alone(self, admin, tides, person_of):
        dana = Person.objects.welcome("dana@demo.example", name="Dana Reyes", role="engineer")
        Person.objects.filter(pk=dana.pk).update(us_gov_cleared=True)
        html = page(admin, SAM)
        assert 'value="dana@demo.example"' in html
        assert f'value="{THEO}"' not in html
        assert leave(admin, SAM, **{key(tides): THEO})[0] == 409
        assert leave(admin, SAM, **{key(tides): "dana@demo.example"})[0] == 200
        assert tides.row.dri == "dana@demo.example"

    def test_an_uncleared_administrator_sees_the_same_with_and_without_it(self, boss, person_of):
        for name in ("cleared", "second", "admin"):
            person_of(name)
        without = page(boss, SAM)
        assert "a cleared administrator has to look at this page afterwards, whether or not" in without
        Trouble("Bureau of Tides", 2, klass="us_gov").pages(30, "Sign-in fails").acknowledged(29, SAM)
        assert strip(page(boss, SAM)) == strip(without)

    def test_who_leaves_by_an_uncleared_hand_leaves_it_to_the_cleared_who_are_told(self, boss, admin, tides, person_of):
        person_of("manager")
        assert leave(boss, SAM)[0] == 200
        assert not is_here(SAM)
        assert tides.row.dri == SAM
        told = Notice.objects.filter(text__contains="is still theirs").values_list("person__email", flat=True)
        assert list(told) == [NOOR]
        assert "Bureau" not in page(boss, SAM)
        assert "Bureau of Tides" in page(admin, SAM)
        assert leave(admin, SAM, **{key(tides): NOOR})[0] == 200
        assert tides.row.dri == NOOR

    def test_what_turned_out_to_be_us_government_is_left_to_the_cleared_too(self, boss, northwind, person_of):
        Emergency.objects.filter(pk=northwind.row.pk).update(klass="us_gov")
        html = page(boss, MIRA)
        assert "Northwind" not in html
        assert "whether or not anything is left" not in html
        assert leave(boss, MIRA)[0] == 200
        assert Notice.objects.filter(person__email=NOOR, text__contains="Mira Okafor has left").exists()


def strip(html: str) -> str:
    """The page without its form tokens."""
    return "\n".join(line for line in html.splitlines() if "csrf" not in line)


def test_the_queries_do_not_grow_with_what_is_open(admin, northwind, django_assert_num_queries):
    page(admin, MIRA)
    with CaptureQueriesContext(connection) as once:
        page(admin, MIRA)
    for number in range(5):
        Trouble(f"Customer {number}", 20 + number).pages(9, "Down").acknowledged(8)
    with django_assert_num_queries(len(once)):
        assert "Customer 4" in page(admin, MIRA)


class TestTakingOver:
    """The action itself, which others use too."""

    @pytest.mark.parametrize(
        ("to", "sentence"),
        [
            pytest.param("nobody@demo.example", "Nobody active has the e-mail", id="nobody"),
            pytest.param("shadow@demo.example", "may not work on this emergency", id="a shadow"),
        ],
    )
    def test_only_who_may_work_becomes_dri(self, northwind, person_of, to, sentence):
        person_of("shadow")
        by = viewer_of(Person.objects.get(email=THEO))
        with pytest.raises(actions.Refused, match=sentence):
            actions.take_over(emergency=northwind.row, by=by, now=NOW, to=to, why="x")

    def test_of_us_government_only_the_cleared(self, tides, person_of):
        by = viewer_of(person_of("admin"))
        with pytest.raises(actions.Refused, match="may not work on this emergency"):
            actions.take_over(emergency=tides.row, by=by, now=NOW, to=THEO, why="x")
