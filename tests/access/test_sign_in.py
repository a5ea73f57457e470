"""Signing in as a persona, signing out, sessions, and where one is sent afterwards."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import Client

from ceoc.access import clearance
from ceoc.access.models import AccessLog, Person
from ceoc.clock import wall
from ceoc.demo.people import settle_people

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def people(db: None) -> None:
    settle_people()


def press(client: Client, persona: str = "engineer@demo.example", **more: str):
    return client.post("/demo/persona/", {"persona": persona, **more})


def test_the_page_offers_the_six_personas_each_by_a_form(stranger) -> None:
    page = stranger.get("/sign-in/").content.decode()

    offered = re.findall(r'name="persona" value="([^"]+)"', page)
    assert offered == [
        f"{word}@demo.example" for word in ("engineer", "second", "manager", "shadow", "cleared", "admin")
    ]
    assert page.count('<form method="post" action="/demo/persona/">') == 7  # and the bar's


def test_one_press_signs_in(stranger) -> None:
    answer = press(stranger, next="/closed/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/closed/")
    assert b"Mira Okafor" in stranger.get("/sign-in/").content


def test_signing_in_needs_a_post(stranger) -> None:
    assert stranger.get("/demo/persona/?persona=engineer@demo.example").status_code == 405
    assert stranger.get("/").status_code == 302


@pytest.mark.parametrize("persona", ["", "lena@demo.example", "nobody@demo.example", "' OR 1=1"])
def test_only_personas_are_offered(stranger, persona: str) -> None:
    press(stranger, persona)

    assert stranger.get("/").status_code == 302


def test_outside_the_demo_there_is_no_persona_and_the_page_says_what_is_missing(stranger, settings) -> None:
    settings.DEMO = False

    assert press(stranger).status_code == 404
    page = stranger.get("/sign-in/").content.decode()
    assert "OpenID Connect" in page
    assert "persona" not in page


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "", "board"]
)
def test_one_is_never_sent_elsewhere(stranger, wanted: str) -> None:
    assert press(stranger, next=wanted).headers["Location"] == "/"


class TestOrigin:
    """A change comes from our own pages: form token and origin."""

    @pytest.fixture
    def browser(self) -> Client:
        client = Client(enforce_csrf_checks=True)
        client.get("/sign-in/")
        return client

    def token(self, browser: Client) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get("/sign-in/").content.decode())
        assert found
        return found[1]

    def test_with_token_from_here_it_works(self, browser) -> None:
        answer = browser.post(
            "/demo/persona/",
            {"persona": "engineer@demo.example", "csrfmiddlewaretoken": self.token(browser)},
            headers={"Origin": "http://testserver"},
        )

        assert answer.status_code == 302
        assert browser.get("/").status_code == 200

    @pytest.mark.parametrize(
        "origin", ["http://evil.example", "null", "http://testserver.evil.example", "http://testserver:1"]
    )
    def test_from_another_origin_it_does_not(self, browser, origin: str) -> None:
        answer = browser.post(
            "/demo/persona/",
            {"persona": "engineer@demo.example", "csrfmiddlewaretoken": self.token(browser)},
            headers={"Origin": origin},
        )

        assert answer.status_code == 403
        assert browser.get("/").status_code == 302

    def test_without_token_it_does_not(self, browser) -> None:
        answer = browser.post("/demo/persona/", {"persona": "engineer@demo.example"})

        assert answer.status_code == 403
        assert b"Load the page again" in answer.content


class TestSession:
    """It begins fresh, lasts while it is used, and ends."""

    def test_a_change_of_persona_leaves_nothing_of_the_one_before(self, stranger) -> None:
        press(stranger)
        before = stranger.session.session_key
        session = stranger.session
        session["left"] = "behind"
        session.save()
        press(stranger, "shadow@demo.example")

        assert stranger.session.session_key != before
        assert "left" not in stranger.session
        assert not Session.objects.filter(session_key=before).exists()
        assert b"Ayo Bright" in stranger.get("/sign-in/").content

    def test_it_slides_through_a_shift_and_ends_twelve_hours_after_its_last_use(self, stranger) -> None:
        start = wall()
        with time_machine.travel(start, tick=False) as time:
            press(stranger)
            for _ in range(3):
                time.shift(timedelta(hours=11))
                assert stranger.get("/").status_code == 200
            time.shift(timedelta(hours=12, minutes=1))
            assert stranger.get("/").status_code == 302

    def test_it_is_written_at_most_every_ten_minutes(self, stranger, django_assert_num_queries) -> None:
        press(stranger)
        stranger.get("/healthz")
        with django_assert_num_queries(3):  # session, person, role: no write
            stranger.get("/healthz")

    def test_signing_out_ends_it(self, stranger) -> None:
        press(stranger)
        answer = stranger.post("/sign-out/")

        assert answer.headers["Location"] == "/sign-in/"
        assert stranger.get("/").status_code == 302
        assert stranger.get("/sign-out/").status_code == 405

    def test_being_deactivated_ends_it(self, stranger) -> None:
        press(stranger)
        Person.objects.filter(email="engineer@demo.example").update(is_active=False)

        assert stranger.get("/").headers["Location"].startswith("/sign-in/")

    def test_another_role_or_clearance_counts_at_once_and_ends_none(self, stranger) -> None:
        press(stranger)
        mira = Person.objects.get(email="engineer@demo.example")
        mira.groups.set(Group.objects.filter(name="manager"))
        clearance.put(mira, cleared=True, by="test")

        viewer = stranger.get("/").wsgi_request.viewer
        assert (viewer.role, viewer.cleared) == ("manager", True)

    def test_sessions_that_are_over_are_removed_when_somebody_signs_in(self, stranger) -> None:
        with time_machine.travel(wall() - timedelta(days=2), tick=False):
            press(Client())
        press(stranger)

        assert Session.objects.count() == 1

    def test_a_shadow_signs_out_too(self, shadow) -> None:
        assert shadow.post("/sign-out/").status_code == 302

    def test_the_cookies_are_out_of_reach_of_scripts(self, stranger) -> None:
        stranger.get("/sign-in/")
        press(stranger)

        assert stranger.cookies["sessionid"]["httponly"]
        assert stranger.cookies["csrftoken"]["httponly"]
        assert stranger.cookies["sessionid"]["samesite"] == "Lax"


def test_coming_and_going_is_audited(stranger) -> None:
    press(stranger)
    press(stranger, "admin@demo.example")
    stranger.post("/sign-out/")

    told = list(AccessLog.objects.order_by("id").exclude(kind="cleared").values_list("kind", "email", "by", "klass"))
    assert told == [
        ("signed_in", "engineer@demo.example", "", "global"),
        ("signed_in", "admin@demo.example", "engineer@demo.example", "global"),
        ("signed_out", "admin@demo.example", "", "global"),
    ]
