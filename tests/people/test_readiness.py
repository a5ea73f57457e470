"""What somebody needs and whether they have it, as a table: no vendor, no database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ceoc.people.places import PAGERDUTY, SLACK, ZENDESK, ZENDESK_US_GOV
from ceoc.people.readiness import Read, Who, has_seat, items, summary
from tests.people.told import FACTS, READ_AT

MIRA = "engineer@demo.example"
NOW = READ_AT + timedelta(hours=1)


def found(place, **facts) -> Read:
    return Read(state="found", email=MIRA, facts=FACTS[place] | facts, read_at=READ_AT)


ABSENT = Read(state="absent", read_at=READ_AT)
ALL = {place.key: found(place) for place in (PAGERDUTY, ZENDESK, SLACK)}


def needs(role="engineer", *, cleared=False, zone="Europe/Lisbon", now=NOW, **reads: Read):
    known = ALL | {key.replace("_", ":", 1): read for key, read in reads.items()}
    return {item.name: item for item in items(Who(MIRA, role, cleared, zone), known, now)}


@pytest.mark.parametrize(
    ("role", "cleared", "needed"),
    [
        pytest.param("none", False, [], id="without a role nothing"),
        pytest.param("shadow", True, ["Slack", "Time zone"], id="who watches writes nowhere"),
        pytest.param("engineer", False, ["Seat in Zendesk", "Reached by PagerDuty", "Slack", "Time zone"], id="a seat"),
        pytest.param(
            "manager", True,
            ["Seat in Zendesk", "Seat in Zendesk US Gov", "Reached by PagerDuty", "Slack", "Time zone"],
            id="the cleared a second seat",
        ),
    ],
)  # fmt: skip
def test_what_is_needed_in_a_role(role, cleared, needed):
    assert list(needs(role, cleared=cleared)) == needed


@pytest.mark.parametrize(
    ("name", "key", "read", "state", "words"),
    [
        pytest.param("Seat in Zendesk", ZENDESK, found(ZENDESK, role="admin"), "ready", "Admin, as", id="an admin"),
        pytest.param("Seat in Zendesk", ZENDESK, found(ZENDESK, role="end-user"), "missing", "no agent", id="user"),
        pytest.param("Seat in Zendesk", ZENDESK, found(ZENDESK, suspended=True), "missing", "Suspended", id="barred"),
        pytest.param("Seat in Zendesk", ZENDESK, found(ZENDESK, active=False), "missing", "no agent", id="deleted"),
        pytest.param("Seat in Zendesk", ZENDESK, ABSENT, "missing", "does not know", id="not in Zendesk"),
        pytest.param("Seat in Zendesk", ZENDESK, Read(), "unknown", "Not read yet", id="never read"),
        pytest.param(
            "Reached by PagerDuty", PAGERDUTY, found(PAGERDUTY, ways=["email"], rung=["email"]), "missing",
            "No phone, SMS or push", id="an e-mail wakes nobody",
        ),
        pytest.param(
            "Reached by PagerDuty", PAGERDUTY, found(PAGERDUTY, ways=["sms", "phone"], rung=["email"]), "missing",
            "Phone and SMS: there, and no rule rings it", id="a phone that no rule rings",
        ),
        pytest.param(
            "Reached by PagerDuty", PAGERDUTY, found(PAGERDUTY, rung=["push", "phone", "email"]), "ready",
            "By phone and push", id="two ways that ring",
        ),
        pytest.param("Slack", SLACK, ABSENT, "missing", "does not know", id="not in Slack"),
        pytest.param("Slack", SLACK, found(SLACK, active=False), "missing", "Deactivated", id="deactivated in Slack"),
        pytest.param(
            "Slack", SLACK, Read(state="absent", facts={"taken": True}), "missing", "another of us", id="somebody else"
        ),
    ],
)  # fmt: skip
def test_a_state_with_what_to_do(name, key, read, state, words):
    item = needs(**{key.key.replace(":", "_", 1): read})[name]
    assert item.state == state
    assert words in item.words
    assert bool(item.todo) == (state == "missing")
    assert item.source == key.name


@pytest.mark.parametrize("state", ["found", "absent"])
def test_a_vendor_that_is_down_makes_it_old_and_leaves_the_state(state):
    down = "Zendesk cannot be reached."
    before = Read(state=state, facts=FACTS[ZENDESK], read_at=READ_AT)
    after = Read(state=state, facts=FACTS[ZENDESK], read_at=READ_AT, failed_at=NOW, reason=down)
    then, now = (needs(zendesk_global=read)["Seat in Zendesk"] for read in (before, after))
    assert (then.state, then.old) == (now.state, "")
    assert (now.at, now.old) == (READ_AT, down)


def test_a_vendor_that_was_never_reached_is_unknown_and_says_why():
    item = needs(slack_=Read(failed_at=NOW, reason="Slack did not answer in time."))["Slack"]
    assert (item.state, item.old) == ("unknown", "Slack did not answer in time.")


def test_after_a_week_an_answer_may_be_old():
    week = READ_AT + timedelta(days=7)
    assert needs(now=week)["Slack"].old == ""
    assert needs(now=week + timedelta(seconds=1))["Slack"].old == "It was read a while ago."


def test_a_zone_that_nobody_chose_is_missing():
    assert needs(zone="UTC")["Time zone"].state == "missing"
    assert needs(zone="America/New_York")["Time zone"].words == "America/New York"


@pytest.mark.parametrize(
    ("reads", "said"),
    [
        pytest.param({}, ("ready", "Ready"), id="all there"),
        pytest.param({"slack_": Read()}, ("unknown", "Not known yet"), id="one unknown"),
        pytest.param({"slack_": Read(), "zendesk_global": ABSENT}, ("missing", "1 missing"), id="missing outweighs"),
    ],
)
def test_all_of_it_in_a_word(reads, said):
    assert summary(tuple(needs(**reads).values())) == said


@pytest.mark.parametrize(
    ("read", "seat"),
    [
        pytest.param(Read(), None, id="not knowing is no answer"),
        pytest.param(found(ZENDESK), True, id="an agent"),
        pytest.param(ABSENT, False, id="nobody there"),
        pytest.param(found(ZENDESK, suspended=True), False, id="suspended"),
    ],
)
def test_whether_somebody_has_a_seat(read, seat):
    assert has_seat(read) is seat


def test_the_second_seat_is_read_in_its_own_account():
    item = needs(cleared=True, zendesk_us_gov=found(ZENDESK_US_GOV))["Seat in Zendesk US Gov"]
    assert (item.state, item.source) == ("ready", "Zendesk US Gov")
