"""The palette in Chromium: it finds emergencies, people, pages and acts, and does nothing that nobody has chosen."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from ceoc.outbox.models import Command
from emergencies.models import Look
from tests import cast
from tests.browser.conftest import wait_for
from tests.browser.test_pages import PHONE, WIDE, broken_rules
from tests.emergencies.world import NOW, THEO, Trouble

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def northwind(server, transactional_db) -> Trouble:
    """A customer whose page is acknowledged, and in whose ticket something was said."""
    return Trouble("Northwind Robotics", 102).pages(34, "Gitaly storage full").acknowledged(32).noted(20)


@pytest.fixture
def halden(northwind) -> Trouble:
    """Another customer, whose page rings."""
    return Trouble("Halden Bank", 101).pages(3, "All web nodes answer 502")


@pytest.fixture
def opened(page_as, server, northwind):
    """A page that is live, as a name of the cast."""

    def open_page(name: str = "engineer", path: str = "/", **options: object) -> Page:
        page = page_as(name, server, **{**WIDE, **options})
        page.goto(path)
        expect(page.locator("#live-status")).to_have_text("Live")
        return page

    return open_page


def address(trouble: Trouble) -> str:
    return f"/emergencies/{trouble.row.public_id}/"


def chosen(page: Page) -> Locator:
    return page.locator("#palette [aria-selected=true]")


def find(page: Page, words: str) -> list[str]:
    """Opens the palette, types, and gives what can be chosen once the server has answered."""
    asked = f"?q={quote(words)}"
    with page.expect_response(lambda answer: answer.url.endswith(asked)):
        if not page.locator("#palette").is_visible():
            page.keyboard.press("Control+k")
        page.locator("#palette-words").fill(words)
    wait_for(lambda: page.locator("#palette-found").get_attribute("data-old") is None)
    return page.locator("#palette [role=option]").all_inner_texts()


def test_an_emergency_is_found_by_customer_ticket_or_words_and_opened(opened, northwind):
    Trouble("Marl Retail", 107).pages(200, "Pages deploy nothing").acknowledged(199).replied(190).resolved(189).solved(
        120
    )
    page = opened()
    for words in ("north rob", "#512102", "cruft"):
        assert find(page, words)[0].startswith("Northwind Robotics Gitaly storage full"), words
    assert find(page, "marl")[0].startswith("Marl Retail Pages deploy nothing")
    assert find(page, "cruft")[-1] == "All emergencies with “cruft”, as a list"
    expect(page.locator("#palette mark")).to_have_text("cruft")
    page.keyboard.press("Enter")
    expect(page.locator("#e-head h1")).to_contain_text("Northwind Robotics")


def test_nothing_of_us_gov_is_found_by_the_uncleared(opened):
    Trouble("Bureau of Tides", 103, klass="us_gov").pages(9, "Sign-in fails", "US Government Emergencies")
    page = opened()
    for words in ("", "tides", "512103", "sign-in fails"):
        assert "Tides" not in "".join(find(page, words))
    assert "Tides" not in page.content()
    cleared = opened("cleared")
    assert "US Gov" in find(cleared, "tides")[0]


def test_a_colleague_leads_to_what_they_are_the_dri_of_and_a_place_shows_its_keys(opened):
    cast.people.settle(cast.CAST["second"])
    Trouble("Atlas Freight", 105).pages(64, "Runner manager unreachable").acknowledged(63, THEO)
    page = opened()
    assert any("g e" in " ".join(one.split()) for one in find(page, "closed") if one.startswith("Closed"))
    expect(chosen(page)).to_contain_text("Closed")
    find(page, "lindq")
    theo = page.locator("#palette").get_by_role("option", name="Theo Lindqvist")
    expect(theo).to_contain_text("DRI of 1 open")
    theo.click()
    expect(page.locator("#queue")).to_contain_text("Atlas Freight")
    expect(page.locator("#queue")).not_to_contain_text("Northwind")


def test_before_one_types_the_emergencies_stand_there_that_one_was_at_last(opened, northwind, halden):
    person = cast.people.settle(cast.CAST["engineer"])
    Look.objects.create(person=person, emergency=northwind.row, at=NOW)
    page = opened()
    assert re.match("Northwind Robotics.* Halden Bank", " ".join(find(page, "")[:2]), re.DOTALL)
    expect(page.locator("#finds-emergencies")).to_have_text("Recent emergencies")
    expect(chosen(page)).to_have_count(0)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#e-head h1")).to_contain_text("Northwind Robotics")
    assert not any(one.startswith("Northwind") for one in find(page, "")), "one is there already"


def test_every_act_of_the_page_is_found(opened, northwind):
    page = opened("manager", address(northwind))
    acts = "\n".join(find(page, ""))
    for words in (
        "Do the next step: Write to the customer", "Public reply", "Internal note", "Slack thread", "Become the DRI",
        "Call a colleague", "Tie something to this emergency", "Take something out", "Join with another emergency",
        "Note in the timeline", "Note on the page in PagerDuty", "Resolve before contact", "Let the page ring again?",
    ):  # fmt: skip
        assert words in acts, words


def test_a_dialog_is_opened_and_both_give_the_focus_back(opened, northwind):
    page = opened("engineer", address(northwind))
    page.keyboard.press("r")
    page.keyboard.type("Half a ")
    find(page, "call col")
    page.keyboard.press("Escape")
    page.keyboard.type("reply")
    expect(page.locator("#reply-public")).to_have_value("Half a reply")
    find(page, "call col")
    page.keyboard.press("Enter")
    expect(page.locator("#d-call")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[popovertarget=d-call]:visible").first).to_be_focused()


def test_no_act_is_done_that_nobody_has_chosen_or_that_became_another(opened, halden):
    page = opened("engineer", address(halden))
    assert find(page, "ackn")[0].startswith("Do the next step: Acknowledge")
    expect(chosen(page)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(chosen(page)).to_contain_text("Acknowledge")
    page.evaluate("""() => { const button = document.querySelector("#e-next [data-key=n]")
        window.before = button.firstChild.data; button.firstChild.data = "Resolve in PagerDuty " }""")
    page.keyboard.press("Enter")
    expect(page.locator("#palette-state")).to_contain_text("That is not there any more")
    assert not Command.objects.exists()
    page.evaluate("document.querySelector('#e-next [data-key=n]').firstChild.data = window.before")
    find(page, "ackn")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("asked to acknowledge")
    assert Command.objects.get().kind == "acknowledge"


def test_a_row_of_the_board_is_acknowledged_by_its_customers_name(opened, halden):
    Trouble("Corvid Payments", 104).pages(2, "Database fail-over")
    page = opened()
    find(page, "ackn corvid")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("asked to acknowledge")
    assert "Corvid" in page.locator(f"#row-{Command.objects.get().group}").inner_text()


def test_an_old_answer_is_dropped_and_enter_waits_for_the_right_one(opened, halden):
    page = opened()
    waiting: list[Route] = []

    def keep_waiting(route: Route) -> None:
        waiting.append(route)

    page.route(re.compile("q=hald"), keep_waiting)
    page.keyboard.press("/")
    field = page.locator("#palette-words")
    field.fill("hald")
    wait_for(lambda: page.wait_for_timeout(20) or waiting)
    field.fill("north")
    page.keyboard.press("Enter")
    expect(page.locator("#e-head h1")).to_contain_text("Northwind Robotics")


def test_nothing_found_says_what_to_do_and_a_lost_server_leaves_what_is_here(opened):
    page = opened()
    assert find(page, "zzzz") == []
    expect(page.locator("#palette-state")).to_contain_text("Nothing found. Try how a customer’s name begins")
    page.keyboard.press("Enter")
    expect(page.locator("#palette")).to_be_visible()
    page.route(re.compile("/find/"), lambda route: route.abort())
    page.locator("#palette-words").fill("closed")
    expect(page.locator("#palette-state")).to_contain_text("The search does not answer")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/closed/$"))


def test_it_is_a_combobox_with_its_list(opened):
    page = opened()
    find(page, "o")
    field = page.get_by_role("combobox", name="Find an emergency")
    expect(field).to_have_attribute("aria-expanded", "true")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
        expect(field).to_be_focused()
        assert field.get_attribute("aria-activedescendant") == chosen(page).get_attribute("id")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    wait_for(lambda: page.evaluate("document.activeElement === document.body"))


def test_it_opens_from_the_bar_by_a_finger_and_by_typing(opened, northwind):
    page = opened("engineer", "/", **PHONE)
    page.locator("#find").tap()
    expect(page.locator("#palette-words")).to_be_focused()
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("nor", delay=100)
    expect(page.locator("#palette-words")).to_have_value("nor")
    page.get_by_role("option", name="Northwind Robotics").tap()
    expect(page.locator("#e-head h1")).to_contain_text("Northwind Robotics")


def test_without_a_script_the_bar_searches_as_before(page_as, server, northwind):
    page = page_as("engineer", server, **WIDE, java_script_enabled=False)
    page.goto("/")
    page.locator("#find").fill("cruft")
    page.locator("#find").press("Enter")
    expect(page.get_by_text("Found for “cruft”")).to_be_visible()
    assert page.locator("dialog:visible, [data-keys]:visible").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_rule_of_axe_is_broken_while_palette_or_help_is_open(opened, northwind, size, scheme):
    page = opened("cleared", address(northwind), **size, color_scheme=scheme)
    broken = {}
    for words in ("", "cruft", "zzzz"):
        find(page, words)
        broken[words] = broken_rules(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    broken["the help"] = broken_rules(page)
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("g")
    broken["the line of places"] = broken_rules(page)
    assert not {where: rules for where, rules in broken.items() if rules}
