"""Scenarios: each on a date of its own, played by the demo clock to its end, without an act that fails."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sandbox.scenarios import SCENARIOS
from tests.sandbox.conftest import Listener, zenpy_as
from tests.sandbox_process import SandboxProcess, running_sandbox

NEW_YORK = ZoneInfo("America/New_York")
FAST = 400
NAMES = ["quiet-day", "single-page", "two-at-once", "apac-weekend", "us-gov-off-hours", "burst"]


def begin(box: SandboxProcess, name: str, rate: float) -> dict[str, Any]:
    """Set the clock to the scenario's own date and play it."""
    starts_at = next(one["starts_at"] for one in box.get("/scenarios") if one["name"] == name)
    box.post("/clock", real_start=time.time(), demo_start=starts_at, rate=rate)
    return box.post(f"/scenarios/{name}", at=starts_at, reset=True)


def played(box: SandboxProcess, name: str) -> dict[str, Any]:
    """The state after the whole scenario."""
    begin(box, name, FAST)
    end = time.monotonic() + 20
    while box.get("/")["acts_to_come"]:
        assert time.monotonic() < end, "the scenario does not end"
        time.sleep(0.05)
    state = box.state()
    assert [run["problems"] for run in state["runs"]] == [[]]
    return state


def test_the_names_are_the_agreed_ones(box: SandboxProcess) -> None:
    assert [one["name"] for one in box.get("/scenarios")] == NAMES


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("now", ["2027-03-14T07:30:00+00:00", "2027-07-30T23:59:00+00:00", "2028-01-01T05:00:00+00:00"])
def test_it_starts_on_the_next_date_of_its_own(name: str, now: str) -> None:
    moment = datetime.fromisoformat(now)
    start = SCENARIOS[name].starts_at(moment).astimezone(NEW_YORK)
    assert moment < start < moment + timedelta(days=370)
    assert start.month in (1, 7)
    assert (start.month, start.strftime("%H:%M")) == (SCENARIOS[name].month, SCENARIOS[name].at)
    assert start.weekday() in SCENARIOS[name].weekdays


@pytest.mark.parametrize("name", NAMES[1:])
def test_the_first_page_rings_within_ten_seconds(name: str) -> None:
    first = min(step.after for step in SCENARIOS[name].steps if step.act == "page")
    assert 5 <= first <= 10


def test_nothing_rings_on_a_quiet_day(box: SandboxProcess) -> None:
    state = played(box, "quiet-day")
    assert [(doc["status"], doc["created_at"] < doc["resolved_at"]) for doc in state["incidents"]] == [
        ("resolved", True)
    ]
    emergency = next(doc for doc in state["tickets"]["global"] if doc["priority"] == "urgent")
    assert emergency["status"] == "solved"
    assert emergency["created_at"] < state["runs"][0]["starts_at"]


def test_two_customers_page_while_one_engineer_is_on_call(box: SandboxProcess) -> None:
    state = played(box, "two-at-once")
    rung = [
        [entry["assignees"][0]["summary"] for entry in doc["log_entries"] if entry["type"] == "assign_log_entry"]
        for doc in state["incidents"]
    ]
    assert rung == [["Mira Okafor"], ["Mira Okafor"]]
    assert len({doc["organization_id"] for doc in state["tickets"]["global"]}) == 2


def test_at_a_weekend_in_apac_the_second_page_climbs_to_the_pool(box: SandboxProcess) -> None:
    state = played(box, "apac-weekend")
    second = state["incidents"][1]
    kinds = [entry["type"].removesuffix("_log_entry") for entry in second["log_entries"]]
    assert [kind for kind in kinds if kind != "notify"] == ["trigger", "assign", "escalate", "delegate", "acknowledge"]
    assert second["escalation_policy"]["summary"] == "APAC Backup Engineers"


def test_off_hours_the_us_government_pages_stay_in_their_account(box: SandboxProcess) -> None:
    state = played(box, "us-gov-off-hours")
    assert state["tickets"]["global"] == []
    assert [doc["service"]["summary"] for doc in state["incidents"]] == [
        "US Government Support",
        "US Government Support",
        "Unsorted",
    ]
    assert {doc["channel_name"] for doc in state["slack"]} == {"spt_us-government"}


def test_a_burst_is_forty_pages_and_two(box: SandboxProcess) -> None:
    state = played(box, "burst")
    products = [doc["alerts"][0]["body"]["details"]["product"] for doc in state["incidents"] if doc["alerts"]]
    assert len(state["incidents"]) == len(state["tickets"]["global"]) == 42
    assert products.count("self_managed") == 1
    assert len({doc["title"] for doc in state["incidents"]}) == 42


def test_a_colleague_steps_in_only_where_nobody_did(box: SandboxProcess) -> None:
    start = datetime.fromisoformat(begin(box, "single-page", 1)["starts_at"])
    ahead(box, start + timedelta(seconds=6), until=lambda: box.state()["tickets"]["global"])
    page, ticket = box.state()["incidents"][0]["id"], box.state()["tickets"]["global"][0]["id"]
    box.act("acknowledge", page=page, by="mira")
    box.act("agent_reply", ticket=ticket, by="mira", text="Mira here")
    ahead(box, start + timedelta(seconds=1000), until=lambda: not box.get("/")["acts_to_come"])
    held = [held["acknowledger"]["summary"] for held in box.incident(page)["acknowledgements"]]
    assert held == ["Mira Okafor"]
    theo = box.act("internal_note", ticket=ticket, by="theo")["comment"]
    by_theo = next(one["author_id"] for one in box.ticket(ticket)["comments"] if one["id"] == theo)
    assert not [one for one in box.ticket(ticket)["comments"] if one["public"] and one["author_id"] == by_theo]


def ahead(box: SandboxProcess, moment: datetime, until: Callable[[], object]) -> None:
    """Move the clock, and wait for what comes of it."""
    box.post("/clock", real_start=time.time(), demo_start=moment.isoformat(), rate=1)
    end = time.monotonic() + 8
    while not until():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_ids_are_never_used_again_after_a_reset(box: SandboxProcess) -> None:
    before = box.act("page")
    box.post("/reset")
    after = box.act("page")
    assert before["page"] != after["page"]
    assert after["ticket"] > before["ticket"]


def test_bought_today_is_said_of_the_scenarios_own_day(box: SandboxProcess) -> None:
    run = begin(box, "single-page", 1)
    zendesk = zenpy_as(box, "GLOBAL", "engineer@demo.example")
    ticket = zendesk.tickets(id=box.act("new_ticket", customer="solo")["ticket"])
    fields = zendesk.organizations(id=ticket.organization_id).organization_fields
    assert fields["subscription_start"][:10] == run["starts_at"][:10]
    box.act("change_customer", customer="solo", fields={"subscription_start": "2026-01-02T00:00:00+00:00"})
    box.post("/scenarios/burst")
    fields = zendesk.organizations(id=ticket.organization_id).organization_fields
    assert fields["subscription_start"][:10] == "2026-01-02"


def test_the_first_start_plays_what_the_environment_asks_for_once_the_product_answers() -> None:
    product = Listener()
    with running_sandbox(product.url, SANDBOX_AUTOPLAY="single-page") as box:
        time.sleep(0.6)
        assert box.get("/")["scenario"] is None
        product.start()
        end = time.monotonic() + 8
        while box.get("/")["scenario"] is None and time.monotonic() < end:
            time.sleep(0.05)
        assert box.get("/")["scenario"] == "single-page"
        box.kill()
        box.start()
        time.sleep(0.6)
        assert len(box.state()["runs"]) == 1
        product.stop()


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("/acts/dance", {}, "There is no act"),
        ("/acts/acknowledge", {"page": "QX"}, "There is no page QX"),
        ("/acts/page", {"customer": "nobody"}, "There is no customer"),
        ("/acts/agent_reply", {}, "'ticket' is missing"),
        ("/acts/acknowledge", {"page": "QX", "by": "zoe"}, "There is no page"),
        ("/scenarios/none", {}, "There is no scenario"),
        ("/clock", {"real_start": 0, "demo_start": 0, "rate": 0}, "'rate'"),
        ("/clock", {"real_start": "x", "demo_start": 0, "rate": 1}, "must be a time"),
        ("/faults", {"vendor": "fax", "mode": "down"}, "'vendor' is one of"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(box: SandboxProcess, path: str, body: dict, sentence: str) -> None:
    with pytest.raises(AssertionError, match=sentence):
        box.post(path, **body)


def test_the_clock_is_one_line(box: SandboxProcess) -> None:
    start = datetime(2027, 7, 7, 16, 20, tzinfo=UTC)
    box.post("/clock", real_start=time.time() - 10, demo_start=start.isoformat(), rate=60)
    now = datetime.fromisoformat(box.get("/")["now"])
    assert timedelta(minutes=9, seconds=55) < now - start < timedelta(minutes=15)
