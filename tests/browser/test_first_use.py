"""What somebody stumbles over who uses the pages for the first time, in Chromium."""

from __future__ import annotations

import re
import signal
import time

import pytest
from django.db import transaction
from playwright.sync_api import expect

from ceoc import clock
from ceoc.access.classes import GLOBAL
from ceoc.demo import resets, shared_clock
from ceoc.demo.models import DemoClock
from ceoc.live.announce import announce
from tests.browser.conftest import running_server
from tests.emergencies.world import Trouble

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAID = """
window.said = []
document.addEventListener("DOMContentLoaded", () => {
  const status = document.getElementById("live-status")
  new MutationObserver(() => window.said.push(status.textContent)).observe(status, { childList: true })
})
"""
HELD = "Held for ten seconds"
OF_AN_EMERGENCY = "#e-facts, main [data-own], #own-composer, #own-dialogs, #own-looked, .dialog:not(#palette, #keys)"
"""What goes with an emergency that is not there any more; what every page has stays."""


@pytest.fixture
def halden(server, transactional_db):
    return Trouble("Halden Bank", 1).pages(3, "All web nodes answer 502")


@pytest.fixture
def opened(page_as, server):
    def open_page(name, path, address=server, **options):
        page = page_as(name, address, **options)
        page.goto(path)
        expect(page.locator("#live-status")).to_have_text("Live")
        return page

    return open_page


def address(trouble):
    return f"/emergencies/{trouble.row.public_id}/"


def test_a_dialog_closes_when_it_is_done_and_gives_the_focus_back(opened, halden):
    page = opened("engineer", address(halden))
    opener = page.locator("[popovertarget=d-tie]:visible").first
    opener.click()
    dialog = page.locator("#d-tie")
    dialog.locator("[name=kind]").select_option("ticket")
    dialog.locator("[name=id]").fill("512999")
    dialog.get_by_role("button", name=re.compile("^Tie")).click()
    expect(page.locator("#toasts").get_by_role("button", name="Undo")).to_be_visible()
    expect(dialog).to_be_hidden()
    expect(opener).to_be_focused()
    assert dialog.locator("[name=id]").input_value() == ""


def test_a_refusal_is_read_in_the_dialog_that_stays(opened, halden):
    page = opened("engineer", address(halden))
    page.locator("[popovertarget=d-tie]:visible").first.click()
    dialog = page.locator("#d-tie")
    dialog.locator("[name=kind]").select_option("ticket")
    dialog.locator("[name=id]").fill("no number")
    dialog.get_by_role("button", name=re.compile("^Tie")).click()
    expect(dialog.locator("[data-form-state]")).to_contain_text("Write the ticket")
    expect(dialog).to_be_visible()
    assert dialog.locator("[name=id]").input_value() == "no number"


def test_open_pages_follow_the_clock_that_somebody_else_sets_and_agree(opened, halden):
    pages = [opened(name, "/") for name in ("engineer", "second")]
    try:
        for rate in (60, 10):
            shared_clock.draw(at=clock.now(), rate=rate, wall=clock.wall())  # in this process, not in the server's
            for page in pages:
                expect(page.locator(f".demo-pace [value='{rate}']")).to_have_attribute(
                    "aria-pressed", "true", timeout=3_000
                )
        ask = "async () => (await import('/static/js/page/times.js')).now() - Date.now() * 10"
        page_seconds = [page.evaluate(ask) / 1_000 for page in pages]
        assert abs(page_seconds[0] - page_seconds[1]) < 1
        wall = clock.wall()
        assert abs(page_seconds[0] - (shared_clock.read().at(wall).timestamp() - wall.timestamp() * 10)) < 2
    finally:
        DemoClock.objects.all().delete()
        shared_clock.forget()
        with transaction.atomic():
            announce(["clock"], GLOBAL)


def test_a_new_scenario_leaves_a_calm_page_and_a_fresh_board(opened, halden):
    page, board = opened("engineer", address(halden)), opened("second", "/")
    page.wait_for_timeout(300)
    resets.empty()
    with transaction.atomic():
        announce(["reset"], GLOBAL)
    Trouble("Northwind Robotics", 2).pages(1, "Gitaly storage full")
    expect(page.get_by_role("heading", name="This emergency is not here any more")).to_be_visible()
    assert page.locator("main").evaluate("main => getComputedStyle(main).gridTemplateColumns.split(' ').length") == 1
    assert page.locator(OF_AN_EMERGENCY).count() == 0
    expect(board.locator("#queue [data-row]")).to_have_count(1)
    expect(board.locator("#queue")).to_contain_text("Northwind")
    page.get_by_role("link", name="Go to the board").click()
    expect(page.locator("#queue")).to_contain_text("Northwind")


def test_a_toast_gives_way_to_the_next_about_the_same_act(opened, halden):
    page = opened("engineer", address(halden))
    page.locator("#reply-public").fill("Dear Dana, we are on it.")
    page.get_by_role("button", name="Send to the customer").click()
    expect(page.locator("#toasts")).to_contain_text(HELD)
    assert page.evaluate("scrollY") == 0, "what one reads stays where it is"
    page.locator("#e-commands").get_by_role("button", name="Take back").click()
    expect(page.locator("#toasts")).to_contain_text("taken back")
    expect(page.locator("#toasts")).not_to_contain_text(HELD)


def test_a_refusal_is_not_repeated_and_leaves_at_the_next_press(opened, halden):
    page = opened("engineer", address(halden))
    refusal = '<p class="notice" role="alert"><span>Nobody may do this now.</span></p>'
    page.route("**/acknowledge/", lambda route: route.fulfill(status=409, content_type="text/html", body=refusal))
    acknowledge = page.locator("#e-next").get_by_role("button", name="Acknowledge")
    for _ in range(3):
        acknowledge.click()
        expect(page.get_by_role("alert")).to_have_count(1)
    page.unroute("**/acknowledge/")
    acknowledge.click()
    expect(page.locator("#toasts")).to_contain_text("asked to acknowledge")
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1000, 700), (390, 844)])
def test_toasts_are_three_at_most_and_cover_neither_bar_nor_navigation(opened, halden, width, height):
    page = opened("engineer", "/", viewport={"width": width, "height": height})
    page.evaluate("""() => { for (const word of ["one", "two", "three", "x".repeat(90)])
        document.getElementById("toasts").insertAdjacentHTML("beforeend",
            `<p class="notice" role="status"><span>Said ${word}</span></p>`) }""")
    toasts = page.locator("#toasts > *")
    expect(toasts).to_have_count(3)
    for bottom in (False, True):
        page.evaluate("bottom => scrollTo(0, bottom ? document.body.scrollHeight : 0)", bottom)
        boxes = [one.bounding_box() for one in toasts.all()]
        covered = [one.bounding_box() for one in page.locator(".demo-body, .places").all() if one.is_visible()]
        for box in boxes:
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert not [other for other in covered if overlap(box, other)], (box, covered)


def overlap(one, other):
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"] - 1
        and other["y"] < one["y"] + one["height"] - 1
    )


def test_no_page_load_says_that_it_was_lost(page_as, server, halden):
    page = page_as("engineer", server)
    page.add_init_script(SAID)
    for path in ("/", address(halden), "/"):
        page.goto(path)
        expect(page.locator("#live-status")).to_have_text("Live")
        assert page.evaluate("window.said") == ["Live"]


def test_a_frozen_server_is_noticed_and_what_one_writes_is_safe(page_as, transactional_db):
    halden = Trouble("Halden Bank", 1).pages(3, "All web nodes answer 502")
    with running_server() as (own, process):
        page = page_as("engineer", own)
        page.goto(address(halden))
        expect(page.locator("#live-status")).to_have_text("Live")
        process.send_signal(signal.SIGSTOP)
        try:
            begun = time.monotonic()
            page.locator("#reply-public").fill("Dear Dana, we are on it.")
            page.keyboard.press("Control+Enter")
            expect(page.locator("#panel-public [data-form-state]")).to_have_text("Sending…", timeout=1_000)
            expect(page.locator("#live-status")).to_have_text("Reconnecting", timeout=16_000)
            assert time.monotonic() - begun < 16
            expect(page.locator("#panel-public [data-form-state]")).to_contain_text("does not answer", timeout=15_000)
            expect(page.locator("#panel-public [data-draft-state]")).to_contain_text("Draft kept here", timeout=15_000)
            assert page.locator("#reply-public").input_value() == "Dear Dana, we are on it."
        finally:
            process.send_signal(signal.SIGCONT)
        expect(page.locator("#live-status")).to_have_text("Live", timeout=20_000)


def test_escape_leaves_the_composer_and_keys_work_again(opened, halden):
    page = opened("engineer", address(halden))
    page.keyboard.press("r")
    page.keyboard.type("Half a reply")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement === document.body")
    page.keyboard.press("i")
    expect(page.locator("#reply-internal")).to_be_focused()
    assert page.locator("#reply-public").input_value() == "Half a reply"


def test_what_was_typed_is_not_left_for_the_next_person(opened, halden):
    page = opened("engineer", address(halden))
    page.route("**/draft/", lambda route: route.abort())
    page.locator("#reply-public").fill("Words for the customer")
    expect(page.locator("#panel-public [data-draft-state]")).to_contain_text("Draft kept here")
    stored = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"
    assert "Words for the customer" in page.evaluate(stored)
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.wait_for_timeout(300)
    assert "Words for the customer" not in page.evaluate(stored)


def test_what_is_not_known_yet_is_waited_for_and_said_once(opened, halden):
    page = opened("engineer", "/")
    page.evaluate("""async () => {
        const { arrived } = await import("/static/js/live/morph.js")
        document.querySelector("main").insertAdjacentHTML("beforeend",
            '<p id="row-x" data-unsettled data-say="Customer not known yet: Acknowledge">x</p>')
        window.heard = []
        const region = document.getElementById("live-say")
        new MutationObserver(() => window.heard.push(region.textContent)).observe(region, { childList: true })
        const row = document.getElementById("row-x")
        arrived(row)
        setTimeout(() => { row.dataset.say = "Halden Bank: Acknowledge"; row.removeAttribute("data-unsettled") }, 700)
    }""")
    page.wait_for_timeout(4_500)
    assert page.evaluate("window.heard.filter(one => one)") == ["Halden Bank: Acknowledge"]


def test_a_shadow_looks_on_and_sends_nothing(opened, halden):
    page = opened("shadow", address(halden))
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    page.wait_for_timeout(9_000)
    assert sent == []


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/nowhere/"])
def test_every_page_has_its_icon(page_as, server, path):
    page = page_as("engineer", server)
    missing = []
    page.on(
        "response", lambda answer: answer.status == 404 and answer.url != server + path and missing.append(answer.url)
    )
    page.goto(path)
    icon = page.locator("link[rel=icon]").get_attribute("href")
    assert page.request.get(icon).headers["content-type"] == "image/svg+xml"
    page.wait_for_timeout(200)
    assert missing == []
