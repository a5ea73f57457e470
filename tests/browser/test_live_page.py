"""A tiny live page in Chromium: what a person types, opens and points at survives what the server sends."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from playwright.sync_api import expect

from ceoc import clock
from ceoc.live.door import COME_AGAIN
from ceoc.live.hub import AGAIN
from tests.browser.conftest import wait_for
from tests.live import site as tiny
from tests.live.site import put, serving, take

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(transactional_db):
    with serving() as served:
        tiny.drafts.clear()
        tiny.drafts_fail.clear()
        yield served


@pytest.fixture
def page(site, page_as):
    for number in range(3):
        put(f"r{number}", f"Row {number}", place=number)
    page = page_as("engineer", site[0])
    page.goto("/")
    expect(page.locator("#live-status")).to_have_text("Live")
    page.wait_for_timeout(300)
    return page


def rows(page):
    return page.locator("#list [data-row]").evaluate_all("rows => rows.map(row => row.id)")


def fifty_updates(page):
    for number in range(50):
        put("r1", f"Row 1, update {number}", place=1)
        time.sleep(0.06)
    expect(page.locator("#row-r1")).to_contain_text("update 49")
    expect(page.locator("#facts")).to_contain_text("update 49")


def test_typed_text_and_an_open_menu_survive_50_updates(page):
    page.locator("#words").fill("Hello Dana, we are on it")
    page.locator("#public").fill("half a reply")
    page.locator("#pick").select_option("two")
    page.locator("#menu summary").click()
    fifty_updates(page)
    expect(page.get_by_text("Inside the menu")).to_be_visible()
    assert page.locator("#words").input_value() == "Hello Dana, we are on it"
    assert page.locator("#public").input_value() == "half a reply"
    assert page.locator("#pick").input_value() == "two"
    assert page.evaluate("document.activeElement.parentElement.id") == "menu"


def test_focus_caret_selection_and_scroll_survive_50_updates(page):
    words = page.locator("#words")
    words.fill("one\n" * 20)
    words.evaluate("field => { field.setSelectionRange(6, 10); field.scrollTop = 40 }")
    scroll = words.evaluate("field => field.scrollTop")
    fifty_updates(page)
    now = words.evaluate("f => [document.activeElement === f, f.selectionStart, f.selectionEnd, f.scrollTop, f.value]")
    assert now == [True, 6, 10, scroll, "one\n" * 20]


def test_typing_goes_on_while_updates_come(page):
    words = page.locator("#words")
    words.click()
    for number, letter in enumerate("the quick brown fox"):
        page.keyboard.type(letter)
        put("r2", f"Row 2, {number}", place=2)
    expect(page.locator("#row-r2")).to_contain_text("18")
    assert words.input_value() == "the quick brown fox"


def test_a_new_row_arrives_is_tinted_and_said_once(page):
    put("new", "Halden Bank pages", place=9)
    row = page.locator("#row-new")
    expect(row).to_be_visible()
    expect(row).to_have_class("row arrived")
    expect(page.locator("#live-say")).to_have_text("New: Halden Bank pages")
    expect(row).to_have_class("row", timeout=4_000)
    expect(page.locator("[data-count=all]")).to_have_text("4")


def test_nothing_is_tinted_under_reduced_motion(site, page_as):
    page = page_as("engineer", site[0], reduced_motion="reduce")
    page.goto("/")
    expect(page.locator("#live-status")).to_have_text("Live")
    put("new", "Halden Bank")
    expect(page.locator("#row-new")).to_be_visible()
    assert page.locator(".arrived").count() == 0


def test_rows_come_in_order_and_leave(page):
    put("r0", "Row 0", place=7)
    expect(page.locator("#list [data-row]").last).to_have_attribute("id", "row-r0")
    assert rows(page) == ["row-r1", "row-r2", "row-r0"]
    put("r0", "Row 0", place=7, section="later")
    expect(page.locator("[data-section=later] [data-row]")).to_have_count(1)
    expect(page.locator("[data-section=later] [data-section-count]")).to_have_text("1")
    take("r0")
    expect(page.locator("#row-r0")).to_have_count(0)
    expect(page.locator("[data-section=later]")).to_be_hidden()


def test_the_order_waits_under_a_focus_and_is_shown_by_a_key(page):
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('[data-row]').id") == "row-r1"
    top = page.locator("#row-r1").bounding_box()["y"]
    put("r1", "Row 1 is late", place=-1)
    expect(page.locator("#live-order")).to_be_visible()
    expect(page.locator("#row-r1")).to_contain_text("late")
    assert rows(page) == ["row-r0", "row-r1", "row-r2"]
    put("new", "New on top", place=-5)
    expect(page.locator("#row-new")).to_be_visible()
    assert page.locator("#row-r1").bounding_box()["y"] == pytest.approx(top, abs=1)
    page.keyboard.press(".")
    expect(page.locator("#live-order")).to_be_hidden()
    assert rows(page) == ["row-new", "row-r1", "row-r0", "row-r2"]
    assert page.evaluate("document.activeElement.closest('[data-row]').id") == "row-r1"


def test_the_order_waits_under_the_pointer_and_is_shown_when_it_leaves(page):
    page.locator("#row-r2").hover()
    put("r2", "Row 2 first", place=-1)
    expect(page.locator("#live-order")).to_be_visible()
    assert rows(page) == ["row-r0", "row-r1", "row-r2"]
    page.mouse.move(5, 5)
    expect(page.locator("#live-order")).to_be_hidden()
    assert rows(page) == ["row-r2", "row-r0", "row-r1"]


def test_a_row_that_leaves_under_the_pointer_moves_nothing_and_shows_nothing(page):
    page.locator("#row-r0").hover()
    below = page.locator("#row-r1").bounding_box()["y"]
    take("r0")
    expect(page.get_by_text("Left this list")).to_be_visible()
    assert page.get_by_text("Row 0").count() == 0
    assert page.locator("#row-r1").bounding_box()["y"] == pytest.approx(below, abs=1)
    page.mouse.move(5, 5)
    expect(page.get_by_text("Left this list")).to_have_count(0)


def test_what_is_read_does_not_move_when_something_comes_above_it(page):
    for number in range(40):
        put(f"x{number:02}", f"Extra {number}", place=10 + number)
    expect(page.locator("#list [data-row]")).to_have_count(43)
    page.locator("#words").scroll_into_view_if_needed()
    page.locator("#words").click()
    top = page.locator("#words").bounding_box()["y"]
    for number in range(5):
        put(f"y{number}", f"Above {number}", place=0)
    expect(page.locator("#row-y4")).to_have_count(1)
    page.wait_for_timeout(200)
    assert page.locator("#words").bounding_box()["y"] == pytest.approx(top, abs=2)


def test_ones_own_part_is_fetched_again_after_a_nudge(page, site):
    expect(page.locator("#own")).to_have_text("Nothing of one's own yet")
    put("r9", "One more", place=9)
    person = Session.objects.get().get_decoded()["_auth_user_id"]
    tiny.announce([f"person:{person}"], "global")
    expect(page.locator("#own")).to_contain_text("Own of engineer@demo.example, 4")


def test_a_second_tab_shares_the_stream_and_eight_of_them_work(page, site):
    tabs = [page.context.new_page() for _ in range(7)]
    for tab in tabs:
        tab.goto("/")
        expect(tab.locator("#live-status")).to_have_text("Live")
    put("r1", "Told to all tabs", place=1)
    for tab in [page, *tabs]:
        expect(tab.locator("#row-r1")).to_contain_text("Told to all tabs")
    wait_for(lambda: len(site[1]._hub.streams) == 1)


def test_without_shared_workers_a_page_has_a_stream_of_its_own(site, page_as):
    page = page_as("engineer", site[0])
    page.add_init_script("delete window.SharedWorker")
    page.goto("/")
    expect(page.locator("#live-status")).to_have_text("Live")
    put("a", "Heard alone")
    expect(page.locator("#row-a")).to_contain_text("Heard alone")


def test_a_server_that_comes_back_is_joined_again_and_what_was_missed_is_shown(page, site):
    hub = site[1]._hub
    hub.loop.call_soon_threadsafe(hub.end_streams)
    expect(page.locator("#live-status")).to_have_text("Reconnecting")
    put("r0", "Changed meanwhile", place=0)
    hub.closing = False
    expect(page.locator("#live-status")).to_have_text("Live", timeout=15_000)
    expect(page.locator("#row-r0")).to_contain_text("Changed meanwhile")
    expect(page.locator("#own")).to_contain_text("Own of engineer@demo.example, 3")


def test_without_a_stream_the_page_says_so_and_polls(page, site):
    hub = site[1]._hub
    hub.loop.call_soon_threadsafe(hub.end_streams)  # and it takes no more
    expect(page.locator("#live-status")).to_have_text("Polling every 10 s", timeout=15_000)
    put("r0", "By plain HTTP", place=0)
    expect(page.locator("#row-r0")).to_contain_text("By plain HTTP", timeout=15_000)
    expect(page.locator("#live-status")).to_have_text("Polling every 10 s")


def test_a_page_of_somebody_who_may_see_less_now_keeps_nothing(site, page_as):
    put("g", "Bureau of Tides", klass="us_gov")
    page = page_as("cleared", site[0])
    page.goto("/")
    expect(page.locator("#row-g")).to_be_visible()
    expect(page.locator("#live-status")).to_have_text("Live")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE access_person SET us_gov_cleared = false")
    tiny.announce(["access"], "global")
    expect(page.locator("#row-g")).to_have_count(0)
    assert "Tides" not in page.content()


def test_what_is_gone_leaves_nothing_behind(site, page_as):
    page = page_as("engineer", site[0])
    page.goto("/?on=nothing:abc")
    expect(page.get_by_text("This is not here any more")).to_be_visible()
    assert page.locator("#facts").count() == 0


def test_a_draft_is_kept_while_typing_and_no_text_goes_to_the_other_audience(page):
    page.locator("#public").click()
    page.keyboard.type("Hello Dana")
    expect(page.locator("[data-draft-state]")).to_have_text(re.compile(r"Draft kept \d\d:\d\d"))
    assert tiny.drafts[-1] == ("public", "Hello Dana")
    assert page.evaluate("localStorage.length") == 0
    page.locator("#tab-note").click()
    expect(page.locator("#note")).to_be_visible()
    expect(page.locator("#public")).to_be_hidden()
    assert page.locator("#note").input_value() == ""
    page.locator("#tab-public").click()
    assert page.locator("#public").input_value() == "Hello Dana"


def test_a_draft_survives_a_lost_server_and_a_reload(page):
    tiny.drafts_fail.append(True)
    page.locator("#public").click()
    page.keyboard.type("Nobody hears me")
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft kept here")
    page.reload()
    assert page.locator("#public").input_value() == "Nobody hears me"
    tiny.drafts_fail.clear()
    expect(page.locator("[data-draft-state]")).to_contain_text("Draft kept", timeout=12_000)
    assert tiny.drafts[-1] == ("public", "Nobody hears me")


def test_keys_move_open_and_focus_but_rest_while_one_types(page):
    page.keyboard.press("j")
    expect(page.locator("#row-r0")).to_have_attribute("aria-current", "true")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    assert page.url.endswith("#r0")
    page.keyboard.press("r")
    expect(page.locator("#public")).to_be_focused()
    page.keyboard.type("j k ? a r i")
    assert page.locator("#public").input_value() == "j k ? a r i"
    assert page.locator("dialog[open]").count() == 0


def test_the_keys_are_listed_and_can_be_switched_off(page):
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("Public reply")
    dialog.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.keyboard.press("j")
    assert page.locator("[aria-current]").count() == 0


def test_times_stand_in_the_viewers_zone_and_clocks_count(page):
    expect(page.locator("#at")).to_have_text("4 Jul 2026 12:20")
    assert page.locator("#at").get_attribute("title").endswith("UTC")
    assert re.fullmatch(r"\d+ d", page.locator("#clock span").inner_text())
    expect(page.locator("#clock small")).to_have_text("left")


def test_the_title_shows_ones_own_nearest_clock(page):
    page.evaluate("document.getElementById('clock').dataset.who = 'engineer@demo.example'")
    expect(page).to_have_title(re.compile(r"^\d+ h \d+ m Northwind Robotics · CEOC$"))


def test_a_press_is_shown_at_once_and_a_lost_one_is_said(page):
    page.route("**/draft/", lambda route: (time.sleep(0.4), route.continue_()))
    page.locator("#keep").click()
    expect(page.locator("#hx")).to_have_attribute("data-state", "queued")
    expect(page.locator("#hx [data-form-state]")).to_have_text("Keeping…")
    expect(page.locator("#hx")).not_to_have_attribute("data-state", "queued")
    assert tiny.drafts == [("note", "by htmx")]
    page.unroute("**/draft/")
    page.route("**/draft/", lambda route: route.abort())
    page.locator("#keep").click()
    expect(page.locator("#hx")).to_have_attribute("data-state", "failed")
    expect(page.locator("#hx [data-form-state]")).to_contain_text("Not sent")


def test_a_demo_clock_that_runs_faster_counts_faster_here_too(site, page_as):
    wall = clock.wall()
    clock.read_from(lambda: clock.Line(wall, wall, 60.0))
    page = page_as("engineer", site[0])
    page.goto("/")
    expect(page.locator("#live-status")).to_have_text("Live")
    page.evaluate("document.getElementById('clock').dataset.due = new Date(Date.now() + 50 * 60000).toISOString()")
    seen = []
    for _ in range(2):
        page.wait_for_timeout(1_500)
        minutes, seconds = page.locator("#clock span").inner_text().split(":")
        seen.append(int(minutes) * 60 + int(seconds))
    assert 60 <= seen[0] - seen[1] <= 240, seen


def test_a_tab_in_the_background_goes_on_hearing(page):
    page.evaluate("""() => {
        Object.defineProperty(document, "visibilityState", { value: "hidden" })
        Object.defineProperty(document, "hidden", { value: true })
        document.dispatchEvent(new Event("visibilitychange"))
    }""")
    put("r0", "Heard in the background", place=0)
    expect(page.locator("#row-r0")).to_contain_text("Heard in the background")


def test_menus_close_on_escape_and_outside(page):
    page.locator("#menu summary").click()
    page.keyboard.press("Escape")
    expect(page.locator("#menu")).not_to_have_attribute("open", "")
    page.locator("#menu summary").click()
    page.locator("h1").click()
    expect(page.locator("#menu")).not_to_have_attribute("open", "")


def test_a_server_that_has_too_much_to_do_is_asked_again_when_it_said_and_not_before(page, site, monkeypatch):
    hub, asked = site[1]._hub, []
    admit, room = hub.door.admit, hub.door.most

    async def noted(cookies):
        asked.append(time.monotonic())
        return await admit(cookies)

    monkeypatch.setattr(hub.door, "admit", noted)
    hub.door.most = 0
    hub.loop.call_soon_threadsafe(lambda: [stream.end(AGAIN) for stream in list(hub.streams)])
    expect(page.locator("#live-status")).to_have_text("Polling every 10 s", timeout=20_000)
    wait_for(lambda: len(asked) >= 3)
    assert min(later - earlier for earlier, later in pairwise(asked)) >= COME_AGAIN
    hub.door.most = room
    expect(page.locator("#live-status")).to_have_text("Live", timeout=30_000)
    put("r1", "Told after the rush", place=1)
    expect(page.locator("#row-r1")).to_contain_text("Told after the rush")
