"""Any one process is killed while a customer pages and an acknowledgement is under way: nothing is lost or doubled."""

from __future__ import annotations

import threading
import time
from contextlib import suppress

import pytest
import requests

from tests.scenarios.running import Running
from tests.whole_system import COMES_BACK_WITHIN, NAMES

pytestmark = [pytest.mark.runner, pytest.mark.timeout(240)]

NOT_YET = (requests.ConnectionError, requests.Timeout)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_killed_process_costs_nothing(quiet: Running, name: str) -> None:
    rung, first = quiet.page()
    quiet.settled()
    row = quiet.on_board(first)
    came, second = quiet.page()  # its webhooks are on their way now
    pressing = threading.Thread(target=press_until_taken, args=(quiet, row.id))
    before = quiet.system.processes()[name]

    pressing.start()
    quiet.kill(name)

    pressing.join(COMES_BACK_WITHIN)
    assert not pressing.is_alive(), "the press was never answered"
    quiet.until(lambda: quiet.system.processes().get(name) not in {None, before}, COMES_BACK_WITHIN, f"{name} again")
    quiet.until(quiet.system.is_up, COMES_BACK_WITHIN, "everything up")
    assert "Triggered" in quiet.on_board(second, within=30).words, "the page that came was not lost"
    quiet.until(lambda: quiet.box.incident(rung["page"])["status"] == "acknowledged", 150, "acknowledged in PagerDuty")
    quiet.settled()
    once_only(quiet, rung["page"], first)
    assert quiet.box.incident(came["page"])["status"] == "triggered"
    assert len(quiet.visitor("engineer").rows(second)) == 1


def test_after_all_of_it_the_projection_is_what_the_timelines_say(quiet: Running) -> None:
    quiet.checked()


def press_until_taken(live: Running, row: str) -> None:
    """Presses acknowledge as a person does who sees an error: again, until the answer says that it is taken."""
    mira, until = live.visitor("engineer"), time.monotonic() + COMES_BACK_WITHIN
    while time.monotonic() < until:
        with suppress(*NOT_YET):
            if mira.post(f"/emergencies/{row}/acknowledge/").status_code == 302:
                return
        time.sleep(0.2)


def once_only(live: Running, page: str, subject: str) -> None:
    """The page was acknowledged by one person, once, wherever one looks."""
    incident = live.box.incident(page)
    acts = [entry["agent"]["summary"] for entry in incident["log_entries"] if entry["type"] == "acknowledge_log_entry"]
    assert acts == ["Mira Okafor"]
    assert live.told(page, "page_acknowledged") == 1
    found = live.visitor("engineer").row(subject).words
    assert "Acknowledged" in found
    assert "Mira Okafor" in found
