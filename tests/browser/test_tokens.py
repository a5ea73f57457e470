"""The page of API tokens in Chromium: made, shown once, revoked; no rule of axe is broken."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from ceoc.access.models import ApiToken
from tests.browser.test_pages import SIZES, WIDE, broken_rules

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make(page, name: str = "the wall screen") -> None:
    page.goto("/tokens/")
    page.get_by_label("What it is for").fill(name)
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("heading", name="Your new token")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_a_new_token_is_shown_once_and_no_rule_is_broken(server, page_as, size, scheme):
    page = page_as("admin", server, **SIZES[size], color_scheme=scheme)
    make(page)
    assert page.get_by_label("The token").input_value().startswith("ceoc_")
    assert broken_rules(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.goto("/tokens/")
    expect(page.locator("main")).to_contain_text("the wall screen")
    expect(page.get_by_label("The token")).to_have_count(0)


def test_a_token_is_revoked_with_the_keyboard_alone(server, page_as):
    page = page_as("shadow", server, **WIDE)
    page.goto("/tokens/")
    expect(page.locator("main")).to_contain_text("You have no token")
    page.get_by_label("What it is for").focus()
    page.keyboard.type("my notes")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Your new token")).to_be_visible()
    page.get_by_role("button", name="Revoke my notes").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="is revoked")).to_be_visible()
    assert ApiToken.objects.get().revoked_by == "shadow@demo.example"
