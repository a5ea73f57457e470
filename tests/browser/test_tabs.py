"""Many tabs of one browser share one stream, in whatever order they come and go; a list never moves under anybody."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import wait_for
from tests.emergencies.world import Trouble
from tests.live.site import put, serving

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PATIENCE = 20_000


@pytest.fixture
def site(transactional_db):
    with serving() as served:
        yield served


def live(page: Page) -> Page:
    page.goto("/")
    expect(page.locator("#live-status")).to_have_text("Live", timeout=PATIENCE)
    return page


@pytest.mark.parametrize("seed", [1, 2])
def test_eight_tabs_that_come_and_go_in_any_order_share_one_stream_and_the_last_one_ends_it(site, page_as, seed):
    address, root, _shelf = site
    streams = root._hub.streams
    put("r0", "Row 0")
    first = live(page_as("engineer", address))
    order = random.Random(seed)
    tabs, told = [first, *(live(first.context.new_page()) for _ in range(7))], 0
    wait_for(lambda: len(streams) == 1)
    while tabs:
        told += 1
        put("r0", f"Told {told} times")
        for tab in tabs:
            expect(tab.locator("#row-r0")).to_contain_text(f"Told {told} times", timeout=PATIENCE)
        assert len(streams) == 1
        tabs.pop(order.randrange(len(tabs))).close()
        if told == 4:
            tabs.append(live(first.context.new_page()))
            wait_for(lambda: len(streams) == 1)
    wait_for(lambda: not streams)


def tops(page: Page) -> dict[str, float]:
    """Where each row of the queue begins on the screen."""
    return page.evaluate(
        "() => Object.fromEntries([...document.querySelectorAll('#queue [data-row]')]"
        ".map((row) => [row.id, row.getBoundingClientRect().top]))"
    )


@pytest.fixture
def board(server, page_as, transactional_db):
    troubles = [
        Trouble(f"Customer {number}", number).pages(20 + number, "Trouble").acknowledged(9) for number in range(5)
    ]
    page = page_as("second", server, viewport={"width": 1440, "height": 1000})
    page.context.set_default_timeout(PATIENCE)
    live(page)
    expect(page.locator("#queue [data-row]")).to_have_count(5)
    page.wait_for_timeout(400)
    return page, troubles


def twenty_updates(page: Page, troubles: list[Trouble], held: str) -> list[float]:
    """What an evening brings; where the row that is held stood after each."""
    stood = []
    for number in range(20):
        trouble, step = troubles[number % 5], number // 5
        if step == 0:
            trouble.replied(8 - number / 10)
        elif step == 1:
            trouble.answered(5 - number / 10)
        elif step == 2:
            Trouble(f"New customer {number}", 100 + number).pages(60 - number, "Came meanwhile")
        else:
            trouble.noted(1)
        page.wait_for_timeout(120)
        stood.append(tops(page)[held])
    expect(page.locator("#queue")).to_contain_text("New customer 14")
    page.wait_for_timeout(400)
    return [*stood, tops(page)[held]]


@pytest.mark.parametrize("by", ["pointer", "focus"])
def test_a_row_never_moves_under_pointer_or_focus_while_20_updates_come(board, by):
    page, troubles = board
    row = page.locator("#queue [data-row]").nth(2)
    held = str(row.get_attribute("id"))
    if by == "pointer":
        row.hover()
    else:
        row.locator("[data-open]").focus()
    before = tops(page)
    stood = twenty_updates(page, troubles, held)
    assert [round(top - before[held]) for top in stood] == [0] * len(stood)
    expect(page.locator("#live-order")).to_be_visible()
    expect(page.locator("#live-order")).to_contain_text("Order changed · show")
    page.keyboard.press(".")
    expect(page.locator("#live-order")).to_be_hidden()
    first = page.locator("#queue [data-row]").first
    expect(first).to_contain_text("New customer")
    shown = page.locator("#queue [data-row]").evaluate_all("rows => rows.map((row) => row.id)")
    page.reload()
    expect(page.locator("#live-status")).to_have_text("Live")
    assert page.locator("#queue [data-row]").evaluate_all("rows => rows.map((row) => row.id)") == shown


def test_clocks_are_silent_and_one_sentence_is_said_for_a_change(board):
    page, _troubles = board
    page.evaluate(
        """() => {
            window.said = []
            const region = document.getElementById("live-say")
            const heard = () => region.textContent && window.said.push(region.textContent)
            new MutationObserver(heard).observe(region, { childList: true })
        }"""
    )
    page.wait_for_timeout(2_500)
    assert page.evaluate("window.said") == []
    assert page.locator("[role=timer][aria-live], [data-due][role=status]").count() == 0
    Trouble("Halden Bank", 77).pages(0.1, "All web nodes answer 502")
    expect(page.locator("#queue")).to_contain_text("Halden Bank")
    wait_for(lambda: bool(page.evaluate("window.said")))
    page.wait_for_timeout(2_500)
    assert [said for said in page.evaluate("window.said") if "Halden" not in said] == []
    assert len(page.evaluate("window.said")) == 1


def test_nothing_moves_by_itself_under_reduced_motion(server, page_as, transactional_db):
    page = live(page_as("engineer", server, reduced_motion="reduce"))
    Trouble("Halden Bank", 77).pages(0.1, "All web nodes answer 502")
    expect(page.locator("#queue")).to_contain_text("Halden Bank", timeout=PATIENCE)
    assert page.locator(".arrived").count() == 0
    assert page.evaluate("document.getAnimations().length") == 0
