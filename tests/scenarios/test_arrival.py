"""A fresh start: emergencies come by themselves, one person acknowledges, another one sees it, PagerDuty knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.scenarios.conftest import Fresh
from tests.scenarios.running import Running

pytestmark = [pytest.mark.runner, pytest.mark.timeout(240)]

SECONDS = 1000  # playwright counts milliseconds


@pytest.fixture
def window(live: Running, browser: Browser) -> Iterator[Callable[[str], Page]]:
    """`window("engineer")`: a page in a browser of its own, where that person has signed in by one press."""
    opened: list[BrowserContext] = []

    def open_window(name: str) -> Page:
        context = browser.new_context(base_url=live.system.address, viewport={"width": 1280, "height": 900})
        context.set_default_timeout(20 * SECONDS)
        opened.append(context)
        page = context.new_page()
        page.goto("/sign-in/")
        page.locator(f"form:has(input[value='{name}@demo.example']) button").first.click()
        page.wait_for_url("**/")
        return page

    yield open_window
    for context in opened:
        context.close()


def test_emergencies_arrive_within_twenty_seconds_of_a_first_start(fresh: Fresh) -> None:
    assert fresh.first_after < 20
    assert "Database primary lost" in fresh.first  # its customer is read a moment later


def test_they_came_by_webhooks_alone(fresh: Fresh) -> None:
    fresh.running.settled()
    sent = [(hook["vendor"], hook["state"]) for hook in fresh.running.box.state()["webhooks"]]
    assert ("pagerduty", "delivered") in sent
    assert ("zendesk_global", "delivered") in sent
    read = fresh.running.asked("SELECT DISTINCT vendor FROM inbox_delivery WHERE state = 'processed'")
    assert {vendor for (vendor,) in read} >= {"pagerduty", "zendesk"}


@pytest.mark.browser
def test_what_one_acknowledges_another_sees_without_reload_and_pagerduty_knows(
    quiet: Running, window: Callable[[str], Page]
) -> None:
    mira, theo = window("engineer"), window("second")
    theo.evaluate("window.neverReloaded = true")
    made, subject = quiet.page()
    quiet.settled()  # until page and ticket are read they stand as two
    row = theo.locator("#queue .row", has_text=subject)
    expect(row).to_be_visible(timeout=20 * SECONDS)
    expect(row).to_contain_text("Triggered")

    mira.locator("#queue .row", has_text=subject).locator("a[data-open]").click()
    mira.get_by_role("button", name="Acknowledge").first.click()

    expect(row).to_contain_text("Acknowledged", timeout=10 * SECONDS)
    expect(row).to_contain_text("Mira Okafor")
    expect(mira.locator("#e-next")).to_contain_text("public reply", timeout=10 * SECONDS)
    assert theo.evaluate("window.neverReloaded") is True
    incident = quiet.box.incident(made["page"])
    assert incident["status"] == "acknowledged"
    assert [who["acknowledger"]["summary"] for who in incident["acknowledgements"]] == ["Mira Okafor"]
    assert quiet.told(made["page"], "page_acknowledged") == 1
