"""The bar at the foot of every page: who one is, what plays, how fast; and who may change it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from ceoc import clock
from ceoc.demo import shared_clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_time")]

JULY = datetime(2026, 7, 11, 2, 30, tzinfo=UTC)


def bar(client, path: str = "/sign-in/") -> str:
    page = client.get(path).content.decode()
    found = re.search(r'<aside class="demo-bar".*?</aside>', page, re.DOTALL)
    assert found, "the page has no bar"
    return found[0]


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/nowhere/"])
def test_it_stands_on_every_page_and_says_that_this_is_a_demo(engineer, control, path: str) -> None:
    shown = bar(engineer, path)

    assert "<strong>DEMO</strong>" in shown
    assert '<option value="engineer@demo.example" selected>' in shown


def test_outside_the_demo_there_is_none(engineer, control, settings) -> None:
    settings.DEMO = False

    assert b"demo-bar" not in engineer.get("/sign-in/").content


def test_it_shows_new_yorks_time_and_the_pace(engineer, control) -> None:
    shared_clock.draw(at=JULY, rate=10, wall=clock.wall(), scenario="apac-weekend")
    shown = bar(engineer)

    assert re.search(r"Fri 10 Jul, 22:3\d", shown)
    assert re.findall(r'value="(\d+)" aria-pressed="true"', shown) == ["10"]
    assert '<option value="apac-weekend" selected' in shown


def test_a_press_changes_the_pace_and_comes_back(engineer, control) -> None:
    answer = engineer.post("/demo/clock/", {"rate": "60", "next": "/closed/"})

    assert answer.headers["Location"] == "/closed/"
    assert clock.rate() == 60


@pytest.mark.parametrize("rate", ["", "fast", "0", "-3", "nan", "1e9"])
def test_a_pace_that_makes_no_sense_changes_nothing(engineer, control, rate: str) -> None:
    engineer.post("/demo/clock/", {"rate": rate})

    assert clock.rate() == 1
    assert control.changes() == []


def test_a_press_plays_a_scenario_and_leads_to_the_board(engineer, control, emptied) -> None:
    answer = engineer.post("/demo/scenario/", {"scenario": "apac-weekend", "next": "/emergencies/aaaaaaaaaaaa/"})

    assert answer.headers["Location"] == "/"
    assert emptied
    assert "It is Friday, 10 July 2026, 22:30 in New York." in engineer.get("/sign-in/").content.decode()


def test_an_unknown_scenario_is_said_on_the_page(engineer, control, emptied) -> None:
    engineer.post("/demo/scenario/", {"scenario": "nonsense", "next": "/sign-in/"})

    assert "There is no scenario nonsense" in engineer.get("/sign-in/").content.decode()
    assert emptied == []


def test_while_the_sandbox_is_away_the_bar_says_so_and_the_page_comes_up(engineer, settings) -> None:
    settings.SANDBOX_URL = "http://127.0.0.1:1"
    shown = bar(engineer)

    assert "the sandbox does not answer" in shown
    assert 'name="scenario" disabled' in shown


def test_the_offer_is_asked_for_once_a_minute(engineer, control) -> None:
    for _ in range(5):
        bar(engineer)

    assert [path for _, path, _ in control.asked] == ["/scenarios"]


@pytest.mark.parametrize("who", ["shadow", "stranger"])
def test_who_may_change_nothing_is_shown_nothing_to_change_but_the_person(
    client_of, control, emptied, who: str
) -> None:
    client = client_of(who)
    shown = bar(client)

    assert 'name="scenario" disabled' in shown
    assert '<fieldset class="demo-pace" disabled>' in shown
    assert "Change person" in shown
    assert client.post("/demo/clock/", {"rate": "60"}).status_code == 403
    assert client.post("/demo/scenario/", {"scenario": "quiet-day"}).status_code == 403
    assert (clock.rate(), emptied) == (1, [])


def test_every_control_has_a_name_and_is_a_button_or_a_select(engineer, control) -> None:
    shown = bar(engineer)

    for field in re.findall(r'<select id="([\w-]+)"', shown):
        assert f'<label for="{field}">' in shown
    assert "<legend>" in shown
    assert "tabindex" not in shown
    assert "href" not in shown
    assert shown.count('method="post"') == 3
