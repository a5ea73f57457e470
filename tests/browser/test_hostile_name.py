"""Hostile names in Chromium: they run nothing, and widen no page, wide or on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from ceoc.outbox.models import Command
from tests.attacks.hostile import NAMES, Customer, delivered, named, waiting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SIZES = {"wide": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@pytest.fixture
def customers(server, transactional_db) -> list[str]:
    """A customer of each hostile name; the addresses of their emergencies."""
    told = [Customer(named(kind), 900 + place).told() for place, kind in enumerate(NAMES)]
    return [f"/emergencies/{customer.row.public_id}/" for customer in told]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("size", SIZES)
def test_no_name_runs_anything_or_widens_a_page(server, customers, page_as, size):
    waits, delivery = waiting(named("length")), delivered(named("markup"))
    page = page_as("admin", server, viewport=SIZES[size])
    ran: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    lists = ["/", "/?q=Wolfram", "/commands/", f"/tray/{waits}/", "/deliveries/", f"/deliveries/{delivery}/"]
    too_wide = {}
    for address in (*lists, *customers):
        page.goto(address)
        expect(page.locator("h1")).to_have_count(1)
        too_wide[address] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert page.locator("#hostile, main img[src=x], [onfocus]").count() == 0, address
    assert {address: by for address, by in too_wide.items() if by > 0} == {}
    assert ran == []


def test_a_name_that_comes_by_the_stream_is_a_name(server, transactional_db, page_as):
    page = page_as("engineer", server, viewport=SIZES["wide"])
    page.goto("/")
    expect(page.locator("#live-status")).to_have_text("Live")
    customer = Customer(named("markup"), 901).pages(3, named("attributes"))
    row = page.locator(f"#row-{customer.row.public_id}")
    expect(row).to_contain_text(named("markup"))
    assert page.locator("#hostile, main img[src=x], [onfocus]").count() == 0
    assert not Command.objects.exists()
