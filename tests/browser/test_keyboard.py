"""Single keys, two in a row, their help, and the way back, in Chromium."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from ceoc.outbox.models import Command
from tests.browser.conftest import session_of, wait_for
from tests.emergencies.world import Trouble

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FOCUSED = "document.activeElement"


@pytest.fixture
def ringing(server, transactional_db):
    """Two customers whose pages ring; Halden is due first."""
    halden = Trouble("Halden Bank", 1).pages(3, "All web nodes answer 502")
    return halden, Trouble("Northwind Robotics", 2).pages(2, "Gitaly storage full")


@pytest.fixture
def opened(page_as, server):
    """A page that is live, as a name of the cast."""

    def open_page(name: str, path: str = "/", **options: object) -> Page:
        page = page_as(name, server, **options)
        page.goto(path)
        expect(page.locator("#live-status")).to_have_text("Live")
        return page

    return open_page


def address(trouble: Trouble) -> str:
    return f"/emergencies/{trouble.row.public_id}/"


def focused_row(page: Page) -> str:
    return page.evaluate(f"{FOCUSED}.closest('[data-row]')?.querySelector('h3 a').textContent ?? ''")


def test_the_chosen_row_is_acknowledged_and_no_other(opened, ringing):
    page = opened("engineer")
    page.keyboard.press("a")
    expect(page.locator("#key-hint")).to_contain_text("Choose a row first")
    assert not Command.objects.exists()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert focused_row(page) == "Northwind Robotics"
    page.keyboard.press("a")
    expect(page.locator("#toasts")).to_contain_text("PagerDuty is asked to acknowledge the page.")
    assert Command.objects.get().group == ringing[1].row.public_id


def test_a_shadow_has_nothing_to_acknowledge(opened, ringing):
    page = opened("shadow")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.keyboard.press("n")
    assert page.locator("[data-key=a], [data-key=n]").count() == 0
    expect(page.locator("#key-hint")).to_be_empty()


def test_a_key_that_is_held_down_acts_once(opened, ringing):
    page = opened("engineer", address(ringing[0]))
    sent = []
    page.on("request", lambda request: request.method == "POST" and sent.append(request.url))
    for _ in range(5):
        page.keyboard.down("a")
    page.keyboard.up("a")
    expect(page.locator("#toasts")).to_contain_text("asked to acknowledge")
    assert len(sent) == 1


@pytest.mark.parametrize("modifier", ["Control", "Alt", "Meta"])
def test_keys_rest_under_modifiers(opened, ringing, modifier):
    page = opened("engineer", address(ringing[0]))
    for key in "ar":
        page.keyboard.press(f"{modifier}+{key}")
    page.wait_for_timeout(200)
    assert page.evaluate(f"{FOCUSED} === document.body")
    assert not Command.objects.exists()


def test_keys_rest_in_fields_in_dialogs_and_under_an_input_method(opened, ringing):
    page = opened("engineer", address(ringing[0]))
    page.keyboard.press("r")
    page.keyboard.type("an? g/b.")
    expect(page.locator("#reply-public")).to_have_value("an? g/b.")
    page.keyboard.press("Escape")
    page.locator("[popovertarget=d-tie]:visible").first.click()
    page.keyboard.press("a")
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    page.evaluate("""() => { for (const told of [{ isComposing: true }, { keyCode: 229 }])
        document.body.dispatchEvent(new KeyboardEvent("keydown", { key: "a", bubbles: true, ...told })) }""")
    page.wait_for_timeout(200)
    assert page.locator("dialog[open]").count() == 0
    assert not Command.objects.exists()


def test_two_keys_lead_to_a_place_and_a_line_says_which_there_are(opened, ringing):
    page = opened("admin", address(ringing[0]))
    hint = page.locator("#key-hint")
    page.keyboard.press("g")
    for words in ("Board", "Closed", "Commands", "Deliveries"):
        expect(hint).to_contain_text(words)
    page.keyboard.press("a")
    expect(hint).to_be_empty()
    assert not Command.objects.exists(), "a second key that leads nowhere does nothing else"
    page.keyboard.press("g")
    page.keyboard.press("Escape")
    expect(hint).to_be_empty()
    page.keyboard.press("g")
    expect(hint).to_be_empty(timeout=15_000)
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile("/closed/$"))
    page.keyboard.press("g")
    page.keyboard.press("b")
    expect(page).to_have_url(re.compile(r":\d+/$"))


def test_who_may_not_go_somewhere_is_not_led_there(opened, ringing):
    page = opened("engineer")
    page.keyboard.press("g")
    expect(page.locator("#key-hint")).to_contain_text("Board")
    expect(page.locator("#key-hint")).not_to_contain_text("Deliveries")


def test_the_help_lists_every_key_of_this_page_in_groups(opened, ringing):
    page = opened("admin", address(ringing[0]))
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    assert keys.locator("h3").all_inner_texts() == ["On this page", "Go to", "Everywhere"]
    first = keys.locator("dl").first
    assert list(zip(first.locator("dt").all_inner_texts(), first.locator("dd").all_inner_texts(), strict=True)) == [
        ("n", "Do the next step: Acknowledge"), ("r", "Public reply"), ("i", "Internal note"), ("s", "Slack thread"),
        ("a", "Acknowledge"),
    ]  # fmt: skip
    assert ["g", "e"] in [row.locator("kbd").all_inner_texts() for row in keys.locator("dl > div").all()]
    page.keyboard.press("Escape")
    page.goto("/")
    page.keyboard.press("?")
    assert keys.locator("h3").all_inner_texts() == ["On this page", "In the list", "Go to", "Everywhere"]
    expect(keys).to_contain_text("Acknowledge the page of the row that you chose")


def test_single_keys_are_switched_off_from_the_menu_with_ones_name(opened, ringing):
    page = opened("engineer", address(ringing[0]))
    page.locator(".person summary").click()
    page.get_by_role("button", name="Keys…").click()
    page.get_by_label("Single keys are on in this browser").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    for key in "ar?gb/":
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert page.evaluate(f"{FOCUSED} === document.body")
    assert page.locator("dialog[open]").count() == 0
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-words")).to_be_focused()


def test_escape_leads_back_to_the_list_and_to_the_row_that_one_came_from(opened, ringing):
    page = opened("engineer", "/?region=AMER")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#e-head")).to_contain_text("Northwind")
    page.keyboard.press("i")
    page.keyboard.press("Escape")
    expect(page.locator("#e-head")).to_contain_text("Northwind")
    page.locator(".person summary").click()
    page.keyboard.press("Escape")
    expect(page.locator("#e-head")).to_contain_text("Northwind")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/\?region=AMER$"))
    wait_for(lambda: focused_row(page) == "Northwind Robotics")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r":\d+/$"))


def test_the_list_of_somebody_else_is_not_come_back_to(opened, ringing, server):
    page = opened("engineer", "/?q=halden")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#e-head")).to_contain_text("Halden")
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of("second"), "url": server}])
    page.reload()
    expect(page.locator(".person")).to_contain_text("Theo")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r":\d+/$"))
    assert "halden" not in page.evaluate("JSON.stringify({ ...sessionStorage })")


def test_the_next_step_leads_into_the_field_behind_another_tab(opened, ringing):
    ringing[0].acknowledged(1)
    page = opened("engineer", address(ringing[0]))
    page.keyboard.press("i")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(page.locator("#reply-public")).to_be_focused()


def test_what_was_done_is_undone_by_a_key(opened, ringing):
    page = opened("engineer", address(ringing[0]))
    page.locator("[popovertarget=d-tie]:visible").first.click()
    page.locator("#d-tie [name=id]").fill("512999")
    page.locator("#d-tie").get_by_role("button", name="Tie it").click()
    expect(page.locator("#toasts")).to_contain_text("Undo")
    page.keyboard.press("u")
    expect(page.locator("#toasts")).to_contain_text("Took ticket #512999 out.")
