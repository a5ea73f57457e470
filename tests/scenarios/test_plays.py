"""The six scenarios, each played through on a fast clock: they lead to what their texts promise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.scenarios.running import Running

pytestmark = [pytest.mark.runner, pytest.mark.timeout(240)]

FAST = "60"

Standing = tuple[str, str, str, str]
"""Class, stage, DRI, state of the page at PagerDuty."""


@pytest.fixture
def played(live: Running, request: pytest.FixtureRequest) -> Iterator[Running]:
    """The system after the whole scenario of that name, everything read; left as it should be, at real time's pace."""
    mira, name = live.visitor("engineer"), request.param
    assert mira.post("/demo/scenario/", scenario=name).status_code == 302
    assert mira.post("/demo/clock/", rate=FAST).status_code == 302
    live.until(lambda: not live.box.get("/")["acts_to_come"], 40, f"{name} played to its end")
    assert mira.post("/demo/clock/", rate="1").status_code == 302
    state = live.box.state()
    assert [(run["name"], run["problems"]) for run in state["runs"]] == [(name, [])]
    live.settled(60)
    yield live
    live.checked()


def standing(live: Running) -> dict[str, Standing]:
    """How each customer's emergency stands. Fails where a customer has two, those aside that went into another."""
    rows = live.asked(
        "SELECT customer_name, klass, stage, dri, page_status FROM emergencies_emergency WHERE joined_into = ''"
    )
    assert len({row[0] for row in rows}) == len(rows), rows
    return {customer: (klass, stage, dri.partition("@")[0], page) for customer, klass, stage, dri, page in rows}


def seen(live: Running, name: str) -> int:
    """How many emergencies a person has on the board."""
    return len(live.visitor(name).board())


@pytest.mark.parametrize("played", ["quiet-day"], indirect=True)
def test_on_a_quiet_day_nothing_rings_and_one_of_the_morning_is_closed(played: Running) -> None:
    assert standing(played) == {"Cinder Labs": ("global", "closed", "engineer", "resolved")}
    assert seen(played, "engineer") == 0


@pytest.mark.parametrize("played", ["single-page"], indirect=True)
def test_a_single_page_is_one_emergency_of_the_colleague_who_steps_in(played: Running) -> None:
    assert standing(played) == {"Northwind Robotics": ("global", "working", "second", "acknowledged")}
    assert seen(played, "engineer") == 1
    told = played.visitor("engineer").text(f"/emergencies/{played.visitor('engineer').board()[0].id}/")
    for said in ("Now cloning fails as well.", "Removing the oldest first.", "Space is coming back"):
        assert said in told, "the customer's word, an internal note, a note in PagerDuty"


@pytest.mark.parametrize("played", ["two-at-once"], indirect=True)
def test_two_at_once_have_a_dri_each(played: Running) -> None:
    assert standing(played) == {
        "Halcyon Freight": ("global", "working", "engineer", "acknowledged"),
        "Tidewater Analytics": ("global", "working", "second", "acknowledged"),
    }
    assert seen(played, "engineer") == 2


@pytest.mark.parametrize("played", ["apac-weekend"], indirect=True)
def test_at_a_weekend_in_apac_the_backup_pool_takes_the_second(played: Running) -> None:
    assert standing(played) == {
        "Sakura Maritime": ("global", "working", "kenji", "acknowledged"),
        "Banksia Energy": ("global", "working", "arjun", "acknowledged"),
    }
    assert seen(played, "manager") == 2


@pytest.mark.parametrize("played", ["us-gov-off-hours"], indirect=True)
def test_off_hours_only_the_cleared_see_who_is_served_now_and_who_waits(played: Running) -> None:
    found = standing(played)
    assert found.pop("") == ("us_gov", "ringing", "", "triggered"), "unmapped: a cleared person ties it by hand"
    assert found == {
        "Granite State Records Office": ("us_gov", "deferred", "", "triggered"),
        "Agency for Harbor Safety": ("us_gov", "working", "dana", "acknowledged"),
        "Prairie Water Authority": ("us_gov", "ringing", "", ""),
    }
    assert {name: seen(played, name) for name in ("engineer", "manager", "shadow")} == dict.fromkeys(
        ("engineer", "manager", "shadow"), 0
    )
    assert {name: seen(played, name) for name in ("cleared", "admin")} == {"cleared": 4, "admin": 4}


@pytest.mark.parametrize("played", ["burst"], indirect=True)
def test_of_a_burst_of_forty_and_two_unrelated_none_is_lost(played: Running) -> None:
    pages = {page["id"]: page["title"] for page in played.box.state()["incidents"]}
    tied = played.asked("SELECT page_key, pages, tickets FROM emergencies_emergency WHERE joined_into = ''")
    assert len(pages) == 42
    assert sorted(tied) == sorted((f"page:{page}", 1, 1) for page in pages)
    found = standing(played)
    assert {customer: row for customer, row in found.items() if row[2]} == {
        "Alder Press": ("global", "reviewing", "second", "acknowledged"),
        "Northwind Robotics": ("global", "reviewing", "lena", "acknowledged"),
    }
    assert found["Lumen Games"] == ("global", "ringing", "", "triggered")
    assert seen(played, "engineer") == 42
