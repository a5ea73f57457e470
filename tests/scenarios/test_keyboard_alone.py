"""With the keyboard alone, against real processes: take a page, write, resolve, and find another emergency."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from tests.scenarios.running import Running

pytestmark = [pytest.mark.runner, pytest.mark.browser, pytest.mark.timeout(300)]

PATIENCE = 40_000
"""Milliseconds for what goes to a vendor and comes back."""


@pytest.fixture
def mira(quiet: Running, browser: Browser):
    """An engineer's page whose mouse cannot be used."""
    context = browser.new_context(base_url=quiet.system.address, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    session = quiet.visitor("engineer").http.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": quiet.system.address}])
    page = context.new_page()
    page.add_init_script("addEventListener('pointerdown', () => { throw new Error('a pointer was used') }, true)")
    yield page
    context.close()


def test_a_page_is_taken_answered_and_resolved_and_another_emergency_found(quiet: Running, mira: Page) -> None:
    (first, subject), (_, other) = quiet.page(), quiet.page()
    quiet.settled()
    row = quiet.on_board(subject)
    quiet.on_board(other)
    mira.goto("/")
    expect(mira.locator("#live-status")).to_have_text("Live", timeout=PATIENCE)

    take(mira, row.id)
    quiet.until(lambda: quiet.box.incident(first["page"])["status"] == "acknowledged", 30, "an acknowledgement")
    mira.keyboard.press("Enter")
    expect(mira.locator("#e-head")).to_contain_text(subject)
    write(mira)
    quiet.until(lambda: quiet.box.incident(first["page"])["status"] == "resolved", 60, "a resolved page")
    find(mira, other)


def take(mira: Page, emergency: str) -> None:
    """To the row, and its page is acknowledged; the focus stays with the row."""
    link = mira.locator(f"#row-{emergency} [data-open]")
    for _ in range(10):
        mira.keyboard.press("j")
        if link.evaluate("link => link === document.activeElement"):
            break
    mira.keyboard.press("a")
    expect(mira.locator(f"#row-{emergency}")).to_contain_text("Acknowledged", timeout=PATIENCE)
    expect(link).to_be_focused(timeout=PATIENCE)


def write(mira: Page) -> None:
    """The next step leads into the reply; sent, the one after it resolves the page."""
    expect(mira.locator("#e-next")).to_contain_text("Write to the customer", timeout=PATIENCE)
    mira.keyboard.press("n")
    expect(mira.locator("#reply-public")).to_be_focused()
    mira.keyboard.type("We are here and work on it with you.")
    mira.keyboard.press("Control+Enter")
    expect(mira.get_by_role("tab", name="Public reply")).to_be_focused(timeout=PATIENCE)
    expect(mira.locator("#e-next")).to_contain_text("Resolve in PagerDuty", timeout=PATIENCE)
    mira.keyboard.press("n")
    expect(mira.locator("#e-facts")).to_contain_text("Contacted", timeout=PATIENCE)
    assert mira.evaluate("document.activeElement !== document.body"), "the focus is somewhere"


def find(mira: Page, subject: str) -> None:
    """By words of its subject, from where one is."""
    mira.keyboard.press("Control+k")
    mira.keyboard.type(subject)
    option = mira.locator("#palette [aria-selected=true]")
    expect(option).to_contain_text(subject, timeout=PATIENCE)
    mira.keyboard.press("Enter")
    expect(mira.locator("#e-head")).to_contain_text(subject)
    mira.keyboard.press("g")
    mira.keyboard.press("b")
    expect(mira).to_have_url(re.compile(r":\d+/$"))
