"""Bad days of others: Redis, Slack, PagerDuty or Zendesk down or slow. What can be done is done, the rest waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.scenarios.running import Running
from tests.scenarios.visitor import words

pytestmark = [pytest.mark.runner, pytest.mark.timeout(240)]

MIRA = "engineer@demo.example"


def acknowledged_by(live: Running, page: str) -> list[str]:
    """Who PagerDuty says has acknowledged a page: names."""
    incident = live.box.incident(page)
    assert incident["status"] in ("triggered", "acknowledged")
    return [one["acknowledger"]["summary"] for one in incident["acknowledgements"]]


def acknowledge(live: Running, page: str, row: str, within: float) -> float:
    """Presses acknowledge and waits until PagerDuty has it; the seconds from the press."""
    began = time.monotonic()
    live.visitor("engineer").press(row, "acknowledge")
    live.until(lambda: acknowledged_by(live, page) == ["Mira Okafor"], within, f"{page} acknowledged in PagerDuty")
    return time.monotonic() - began


def trouble_in_slack(live: Running) -> tuple[str, str]:
    """A page that is on the board with a Slack thread of its own; PagerDuty's id and ours."""
    made, subject = live.page()
    live.settled()
    live.box.act("slack_message", page=made["page"], by="theo", text="I know that setup.")
    row, mira = live.on_board(subject), live.visitor("engineer")
    live.until(lambda: "I know that setup." in mira.text(f"/emergencies/{row.id}/"), 20, "the thread")
    return made["page"], row.id


@pytest.mark.parametrize("mode", ["down", "slow"])
def test_with_slack_down_or_slow_an_acknowledgement_is_in_pagerduty_within_two_seconds(
    quiet: Running, mode: str
) -> None:
    page, row = trouble_in_slack(quiet)
    texts = [f"First while Slack is {mode}.", f"Second while Slack is {mode}."]
    with quiet.fault("slack", mode):
        for text in texts:
            quiet.visitor("engineer").press(row, "reply", audience="thread", text=text)
        quiet.until(lambda: unfinished(quiet, "slack"), 10, "the reply tried")
        assert acknowledge(quiet, page, row, within=2) < 2
        assert unfinished(quiet, "slack") == 2
    quiet.until(lambda: not unfinished(quiet, "slack"), 60, "Slack's commands delivered after the outage")
    assert [message["text"] for message in quiet.box.state()["slack"] if message["text"] in texts] == texts


def unfinished(live: Running, vendor: str) -> int:
    """Commands of a vendor that are on their way."""
    states = ["queued", "sending", "checking", "will_retry"]
    count = "SELECT count(*) FROM outbox_command WHERE vendor = %s AND state = ANY(%s)"
    return live.asked(count, vendor, states)[0][0]


def test_with_pagerduty_down_the_board_works_commands_wait_and_are_delivered_after(quiet: Running) -> None:
    made, subject = quiet.page()
    quiet.settled()
    row = quiet.on_board(subject)
    mira = quiet.visitor("engineer")
    with quiet.fault("pagerduty", "down"):
        mira.press(row.id, "acknowledge")
        quiet.until(lambda: "PagerDuty down since" in mira_reads(quiet, "/"), 10, "the outage said on the board")
        assert acknowledged_by(quiet, made["page"]) == []
        assert "Acknowledged" not in mira.row(subject).words, "nothing is shown as done that is not"
        quiet.until(lambda: quiet.asked(WAITING, row.id) == [("will_retry",)], 10, "the command waits")

        ticket = made["ticket"]  # nobody else waits behind PagerDuty
        mira.press(row.id, "reply", audience="internal", text=f"Others go on: {subject}")
        quiet.until(lambda: written(quiet, ticket, f"Others go on: {subject}"), 5, "Zendesk's note")
        other, unread = quiet.page(customer="cinder")
        assert "Triggered" in quiet.on_board(unread).words, "a webhook alone brings a page onto the board"
        assert "degraded" in mira.text("/readyz")
    quiet.until(lambda: acknowledged_by(quiet, made["page"]) == ["Mira Okafor"], 30, "delivered after the outage")
    quiet.until(lambda: "PagerDuty heard" in mira_reads(quiet, "/"), 30, "the outage's end said")
    quiet.until(lambda: "Acknowledged" in mira.row(subject).words, 10, "shown as acknowledged")
    assert acknowledged_by(quiet, other["page"]) == []
    quiet.checked()


WAITING = "SELECT state FROM outbox_command WHERE \"group\" = %s AND kind = 'acknowledge'"


def written(live: Running, ticket: int, text: str) -> int:
    """How often a text stands in a ticket."""
    return [comment["body"] for comment in live.box.ticket(ticket)["comments"]].count(text)


def mira_reads(live: Running, path: str) -> str:
    """The words of a page."""
    return words(live.visitor("engineer").text(path))


def test_with_zendesk_down_pages_come_and_are_worked(quiet: Running) -> None:
    mira = quiet.visitor("engineer")
    with quiet.fault("zendesk_global", "down"):
        made, subject = quiet.page()
        row = quiet.on_board(subject)
        quiet.until(lambda: "Zendesk down since" in mira_reads(quiet, "/"), 20, "the outage said on the board")
        row = quiet.on_board(subject)
        assert acknowledge(quiet, made["page"], row.id, within=10) < 10
        mira.press(row.id, "reply", audience="internal", text=f"Kept: {subject}")
    quiet.until(lambda: written(quiet, made["ticket"], f"Kept: {subject}"), 60, "the note after the outage")
    quiet.until(lambda: "Northwind Robotics" in mira.row(subject).words, 60, "the customer completed later")
    assert written(quiet, made["ticket"], f"Kept: {subject}") == 1
    quiet.checked()


@pytest.mark.parametrize("how", ["silent", "gone"])
def test_with_redis_down_everything_still_happens_within_seconds(quiet: Running, how: str) -> None:
    down: Callable[[str], AbstractContextManager[None]] = getattr(quiet, how)
    with down("redis"):
        began = time.monotonic()
        made, subject = quiet.page()
        quiet.on_board(subject, within=15)
        arrived = time.monotonic() - began
        quiet.settled()
        row = quiet.on_board(subject)
        delivered = acknowledge(quiet, made["page"], row.id, within=15)
        quiet.until(lambda: "Acknowledged" in quiet.visitor("engineer").row(subject).words, 15, "shown")
        health = quiet.visitor("stranger").get("/readyz")
        assert (health.status_code, health.json()["redis"]) == (200, "down")
    assert (arrived < 15, delivered < 15) == (True, True)
    quiet.until(quiet.system.is_up, 30, "everything up again")
    quiet.checked()
