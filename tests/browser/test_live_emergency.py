"""The product's own pages in Chromium, with the timeline written by its one door in another process."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from emergencies.models import Draft
from tests.browser.conftest import wait_for
from tests.emergencies.world import Trouble

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def northwind(transactional_db):
    return Trouble("Northwind Robotics", 1).pages(5, "Gitaly storage full").acknowledged(4)


def opened(page_as, server, name, path):
    page = page_as(name, server)
    page.goto(path)
    expect(page.locator("#live-status")).to_have_text("Live")
    page.wait_for_timeout(400)
    return page


def test_a_page_appears_on_the_board_by_itself(server, page_as):
    page = opened(page_as, server, "engineer", "/")
    Trouble("Halden Bank", 7).pages(0.1, "All web nodes answer 502")
    row = page.locator("#queue [data-row]", has_text="Halden Bank")
    expect(row).to_be_visible()
    expect(page.locator("#live-say")).not_to_be_empty()


def test_what_one_browser_sees_another_sees_without_a_reload(server, page_as, northwind):
    pages = [opened(page_as, server, name, "/") for name in ("engineer", "second")]
    northwind.replied(3)
    for page in pages:
        expect(page.locator("#queue [data-row]", has_text="Northwind")).to_contain_text("Pending")


def test_a_us_gov_page_is_on_no_board_but_of_the_cleared(server, page_as):
    uncleared, cleared = (opened(page_as, server, name, "/") for name in ("engineer", "cleared"))
    Trouble("Bureau of Tides", 9, klass="us_gov").pages(0.1, "Nobody can sign in")
    expect(cleared.locator("#queue")).to_contain_text("Bureau of Tides")
    Trouble("Halden Bank", 7).pages(0.1, "All web nodes answer 502")
    expect(uncleared.locator("#queue")).to_contain_text("Halden Bank")
    assert "Tides" not in uncleared.content()


def test_text_typed_in_the_composer_and_an_open_menu_survive_50_live_updates(server, page_as, northwind):
    page = opened(page_as, server, "engineer", f"/emergencies/{northwind.row.public_id}/")
    reply = page.locator("#reply-public")
    reply.fill("Hello Dana, this meets our definition of an emergency.")
    page.locator("details.person summary").click()
    for number in range(50):
        northwind.noted(3 - number / 20, body=f"Note number {number}")
        time.sleep(0.05)
    expect(page.locator("#e-timeline")).to_contain_text("Note number 49", timeout=15_000)
    expect(page.locator("#e-timeline li", has_text="Note number")).to_have_count(50, timeout=15_000)
    assert reply.input_value() == "Hello Dana, this meets our definition of an emergency."
    expect(page.locator("details.person .menu-body")).to_be_visible()
    wait_for(lambda: Draft.objects.filter(text__startswith="Hello Dana").exists())


def test_typing_keeps_focus_and_caret_while_the_timeline_grows(server, page_as, northwind):
    page = opened(page_as, server, "engineer", f"/emergencies/{northwind.row.public_id}/")
    reply = page.locator("#reply-public")
    reply.click()
    for number, letter in enumerate("we are looking into it now"):
        page.keyboard.type(letter)
        if number % 2 == 0:
            northwind.noted(3 - number / 20, body=f"Note number {number}")
    expect(page.locator("#e-timeline")).to_contain_text("Note number 24", timeout=15_000)
    assert reply.input_value() == "we are looking into it now"
    expect(reply).to_be_focused()
    assert reply.evaluate("field => field.selectionStart") == 26


def test_a_draft_survives_a_reload_and_stays_with_its_audience(server, page_as, northwind):
    page = opened(page_as, server, "engineer", f"/emergencies/{northwind.row.public_id}/")
    page.locator("#reply-public").fill("Half a reply")
    expect(page.locator("#panel-public [data-draft-state]")).to_have_text(re.compile(r"Draft kept \d\d:\d\d"))
    page.reload()
    assert page.locator("#reply-public").input_value() == "Half a reply"
    page.keyboard.press("i")
    expect(page.locator("#reply-internal")).to_be_focused()
    assert page.locator("#reply-internal").input_value() == ""


def test_a_sent_note_leaves_its_field_and_shows_as_on_its_way(server, page_as, northwind):
    page = opened(page_as, server, "engineer", f"/emergencies/{northwind.row.public_id}/")
    page.keyboard.press("i")
    page.keyboard.type("Seen: the disk is full.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#toasts")).to_contain_text("on its way")
    expect(page.locator("#e-commands")).to_contain_text("queued", ignore_case=True)
    expect(page.locator("#reply-internal")).to_have_value("")
    page.reload()
    expect(page.locator("#reply-internal")).to_have_value("")


def test_a_refused_or_lost_reply_keeps_its_text(server, page_as, northwind):
    page = opened(page_as, server, "engineer", f"/emergencies/{northwind.row.public_id}/")
    refusal = '<p class="notice" data-tone="late" role="alert">Nobody may do this now.</p>'
    answers = [
        {"status": 409, "content_type": "text/html", "body": refusal},
        {"status": 500, "body": "<h1>Trouble</h1>"},
    ]
    page.route("**/reply/", lambda route: route.fulfill(**answers.pop(0)))
    page.locator("#reply-internal").evaluate("field => field.closest('[role=tabpanel]').hidden = false")
    refused = page.locator("#toasts > *", has_text="Nobody may do this now.")
    for said in (refused, page.get_by_text("Not done: the server")):
        page.locator("#reply-internal").fill("Seen: the disk is full.")
        page.keyboard.press("Control+Enter")
        expect(said.first).to_be_visible()
        expect(page.locator("#reply-internal")).to_have_value("Seen: the disk is full.")
    assert page.get_by_text("Trouble", exact=True).count() == 0
    wait_for(lambda: Draft.objects.filter(text__startswith="Seen").exists())


def test_an_unknown_emergency_and_an_unseen_one_look_the_same_on_the_stream(server, page_as):
    tides = Trouble("Bureau of Tides", 9, klass="us_gov").pages(1, "Nobody can sign in")
    page = page_as("engineer", server)
    answers = [page.request.get(f"/fragments/?on=emergency:{key}") for key in (tides.row.public_id, "aaaaaaaaaaaa")]
    parts = [answer.json()["messages"][0]["parts"] for answer in answers]
    assert parts[0] == parts[1]
    assert [part[0] for part in parts[0]] == ["event"]
