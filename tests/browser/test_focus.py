"""The focus goes on to what stands in the place of what left, in Chromium; never to nowhere."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from ceoc.access.classes import GLOBAL
from ceoc.demo import resets
from ceoc.live.announce import announce
from tests.emergencies.world import Trouble

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def halden(server, transactional_db) -> Trouble:
    return Trouble("Halden Bank", 1).pages(3, "All web nodes answer 502")


@pytest.fixture
def opened(page_as, server):
    """A page that is live, as a name of the cast."""

    def open_page(path: str, name: str = "engineer") -> Page:
        page = page_as(name, server)
        page.goto(path)
        expect(page.locator("#live-status")).to_have_text("Live")
        return page

    return open_page


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """What comes by the stream may take its time on a busy machine."""
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


def address(trouble: Trouble) -> str:
    return f"/emergencies/{trouble.row.public_id}/"


def test_when_the_next_step_is_done_the_focus_is_on_the_one_after_it(opened, halden):
    page = opened(address(halden))
    page.keyboard.press("n")
    expect(page.locator("#toasts")).to_contain_text("asked to acknowledge")
    halden.acknowledged(2)
    expect(page.locator("#e-next").get_by_role("link", name="Write to the customer")).to_be_focused()
    halden.replied(1)
    expect(page.locator("#e-next").get_by_role("button", name="Resolve in PagerDuty")).to_be_focused()
    halden.resolved(0.5)
    expect(page.locator("#e-step")).to_be_focused()


def test_an_act_that_left_its_list_gives_the_focus_to_its_heading_not_to_the_next_act(opened, halden):
    page = opened(address(halden))
    page.locator("#e-facts").get_by_role("button", name="Acknowledge").focus()
    halden.acknowledged(2)
    expect(page.locator("#f-links")).to_be_focused()


def test_a_row_that_leaves_gives_the_focus_to_the_next_and_the_last_one_to_the_one_before(opened, halden):
    others = [Trouble("Corvid Payments", 7).pages(2, "Trouble"), Trouble("Lumen Schools", 8).pages(1.5, "Trouble")]
    page = opened("/")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Halden Bank", exact=True)).to_be_focused()
    halden.acknowledged(2).replied(1.8).resolved(1.5).solved(1)
    expect(page.get_by_role("link", name="Corvid Payments", exact=True)).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="Lumen Schools", exact=True)).to_be_focused()
    others[1].acknowledged(1.2).replied(1.1).resolved(1.05).solved(1)
    expect(page.get_by_role("link", name="Corvid Payments", exact=True)).to_be_focused()


def test_the_row_whose_button_left_keeps_the_focus(opened, halden):
    page = opened("/")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(page.locator("#toasts")).to_contain_text("asked to acknowledge")
    halden.acknowledged(2)
    expect(page.get_by_role("link", name="Halden Bank", exact=True)).to_be_focused()


def test_what_was_sent_leaves_the_focus_beside_its_field_so_that_keys_work(opened, halden):
    halden.acknowledged(2)
    page = opened(address(halden))
    page.keyboard.press("i")
    page.keyboard.type("The disk is full.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#e-commands")).to_contain_text("The disk is full.")
    expect(page.get_by_role("tab", name="Internal note")).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator("#reply-public")).to_be_focused()


def test_a_field_that_was_left_on_purpose_stays_left(opened, halden):
    page = opened(address(halden))
    page.keyboard.press("r")
    page.keyboard.press("Escape")
    halden.acknowledged(2)
    expect(page.locator("#e-next")).to_contain_text("Write to the customer")
    assert page.evaluate("document.activeElement === document.body")


def test_a_dialog_whose_button_is_gone_gives_the_focus_to_what_stands_there(opened, halden):
    page = opened(address(halden))
    button = page.locator("#e-facts [popovertarget=d-take]")
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#d-take [name=why]")).to_be_focused()
    button.evaluate("button => button.remove()")
    page.keyboard.press("Escape")
    expect(page.locator("#f-people")).to_be_focused()


def test_what_is_gone_leaves_the_focus_on_the_heading_that_says_so(opened, halden):
    page = opened(address(halden))
    page.keyboard.press("r")
    resets.empty()
    with transaction.atomic():
        announce(["reset"], GLOBAL)
    expect(page.get_by_role("heading", name="This emergency is not here any more")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#palette-words")).to_be_focused()
    assert "Halden" not in page.content()
