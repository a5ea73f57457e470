"""Who is beside whom, live: faces on the board and on the emergency, and a shadow whose browser goes along."""

from __future__ import annotations

import pytest
from django.urls import resolve
from playwright.sync_api import Page, expect

from ceoc.access.gate import gate_of
from ceoc.live import following, memory, presence
from tests.browser.conftest import running_server
from tests.browser.test_pages import PHONE, WIDE, address, broken_rules
from tests.browser.test_ringing import HIDE, SHOW
from tests.emergencies.world import Trouble

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MIRA, AYO = "Mira Okafor", "Ayo Bright"
PATIENCE = 20_000


@pytest.fixture(autouse=True)
def nobody_here(transactional_db):
    yield
    memory.ask(lambda client: client.delete(presence.KEY, following.KEY))


@pytest.fixture
def northwind(transactional_db):
    return Trouble("Northwind Robotics", 1).pages(5, "Gitaly storage full").acknowledged(4)


@pytest.fixture
def halden(transactional_db):
    return Trouble("Halden Bank", 2).pages(3, "All web nodes answer 502").acknowledged(2)


@pytest.fixture
def opened(page_as, server):
    def open_page(name: str, path: str, at: str = server, **options) -> Page:
        page = page_as(name, at, **options)
        page.context.set_default_timeout(PATIENCE)
        page.goto(path)
        expect(page.locator("#live-status")).to_have_text("Live", timeout=PATIENCE)
        return page

    return open_page


def faces(page: Page, trouble: Trouble):
    return page.locator(f"#at-{trouble.row.public_id} .along")


def test_who_looks_is_seen_on_the_board_and_on_the_emergency_and_leaves_with_the_page(opened, northwind):
    board, theo = opened("manager", "/"), opened("second", address(northwind))
    mira = opened("engineer", address(northwind))
    expect(faces(board, northwind)).to_have_text(
        [f"MO{MIRA} looks at it", "TLTheo Lindqvist looks at it"], timeout=PATIENCE
    )
    expect(faces(theo, northwind)).to_have_text([f"MO{MIRA} looks at it"])  # and not oneself
    mira.goto("/closed/")
    expect(faces(theo, northwind)).to_have_count(0, timeout=PATIENCE)
    expect(faces(board, northwind)).to_have_count(1)


def test_who_writes_is_seen_with_their_audience_and_not_the_text(opened, northwind):
    theo, mira = opened("second", address(northwind)), opened("engineer", address(northwind))
    mira.locator("#reply-public").press_sequentially("Dear Dana")
    expect(faces(theo, northwind)).to_contain_text(f"{MIRA} writes to the customer", timeout=PATIENCE)
    mira.get_by_role("tab", name="Internal note").click()
    mira.locator("#reply-internal").press_sequentially("Look")
    expect(faces(theo, northwind)).to_contain_text(f"{MIRA} writes an internal note", timeout=PATIENCE)
    assert "Dear Dana" not in theo.content()


def test_faces_stand_while_the_row_and_the_head_change(opened, northwind):
    board, mira = opened("second", "/"), opened("engineer", address(northwind))
    expect(faces(board, northwind)).to_have_count(1, timeout=PATIENCE)
    northwind.replied(1)
    expect(board.locator("#queue [data-row]")).to_contain_text("Pending", timeout=PATIENCE)
    expect(faces(board, northwind)).to_have_count(1)
    expect(mira.locator("#e-timeline")).to_contain_text("We are here", timeout=PATIENCE)


def test_a_tab_out_of_sight_looks_at_nothing(opened, northwind):
    board, mira = opened("second", "/"), opened("engineer", address(northwind))
    expect(faces(board, northwind)).to_have_count(1, timeout=PATIENCE)
    mira.evaluate(HIDE)
    expect(faces(board, northwind)).to_have_count(0, timeout=PATIENCE)
    mira.evaluate(SHOW)
    expect(faces(board, northwind)).to_have_count(1, timeout=PATIENCE)


def test_a_look_at_us_gov_is_none_for_the_uncleared(opened, northwind):
    tides = Trouble("Bureau of Tides", 9, klass="us_gov").pages(3, "Nobody can sign in")
    board, cleared = opened("second", "/"), opened("admin", "/")
    sam = opened("cleared", address(tides))
    sam.locator("#reply-internal").evaluate("field => field.closest('[role=tabpanel]').hidden = false")
    sam.locator("#reply-internal").press_sequentially("Secret")
    expect(faces(cleared, tides)).to_contain_text("Sam Whitford writes", timeout=PATIENCE)
    opened("engineer", address(northwind))
    expect(faces(board, northwind)).to_have_count(1, timeout=PATIENCE)
    assert "Sam Whitford" not in board.locator("#here").inner_html()
    assert tides.row.public_id not in board.content()


def test_a_shadow_goes_where_the_engineer_goes_and_both_know(opened, northwind, halden):
    mira, ayo = opened("engineer", address(northwind)), opened("shadow", "/follow/")
    ayo.get_by_role("button", name="Follow Mira").click()
    ayo.wait_for_url(f"**{address(northwind)}")
    expect(ayo.locator("#own-follow")).to_contain_text(f"Following {MIRA}")
    expect(ayo.locator("#follow-where")).to_have_text("looks at this too", timeout=PATIENCE)
    expect(mira.locator("#along")).to_have_text(f"{AYO} follows along and sees what you see.", timeout=PATIENCE)
    expect(faces(mira, northwind)).to_contain_text(f"{AYO} follows along", timeout=PATIENCE)
    mira.goto(address(halden))
    ayo.wait_for_url(f"**{address(halden)}", timeout=PATIENCE)
    ayo.get_by_role("button", name="Stop").click()
    expect(ayo.get_by_role("link", name="Follow an engineer…")).to_be_visible(timeout=PATIENCE)
    expect(mira.locator("#along")).to_be_hidden(timeout=PATIENCE)
    mira.goto(address(northwind))
    ayo.wait_for_timeout(800)
    assert ayo.url.endswith(address(halden))


def test_who_looks_around_meanwhile_is_taken_along_at_the_next_turn_and_not_before(opened, northwind, halden):
    mira, ayo = opened("engineer", address(northwind)), opened("shadow", "/follow/")
    ayo.get_by_role("button", name="Follow Mira").click()
    ayo.wait_for_url(f"**{address(northwind)}")
    expect(ayo.locator("#follow-where")).to_have_text("looks at this too", timeout=PATIENCE)
    ayo.goto("/")
    expect(ayo.locator("#follow-there")).to_be_visible(timeout=PATIENCE)
    assert ayo.url.endswith("/")
    mira.goto(address(halden))
    ayo.wait_for_url(f"**{address(halden)}", timeout=PATIENCE)


def test_paused_it_stays_and_goes_along_again_when_told_to(opened, northwind, halden):
    mira, ayo = opened("engineer", address(northwind)), opened("shadow", "/follow/")
    ayo.get_by_role("button", name="Follow Mira").click()
    ayo.wait_for_url(f"**{address(northwind)}")
    ayo.get_by_role("button", name="Pause").click()
    expect(ayo.locator("#own-follow")).to_contain_text("paused", timeout=PATIENCE)
    mira.goto(address(halden))
    expect(ayo.locator("#follow-where")).to_have_text("looks at another emergency", timeout=PATIENCE)
    assert ayo.url.endswith(address(northwind))
    ayo.get_by_role("button", name="Go on").click()
    ayo.wait_for_url(f"**{address(halden)}", timeout=PATIENCE)


def test_an_uncleared_shadow_cannot_tell_us_gov_from_nothing(opened, northwind):
    tides = Trouble("Bureau of Tides", 9, klass="us_gov").pages(3, "Nobody can sign in")
    sam, ayo = opened("cleared", address(northwind)), opened("shadow", "/follow/")
    ayo.get_by_role("button", name="Follow Sam").click()
    ayo.wait_for_url(f"**{address(northwind)}")
    said = {}
    expect(ayo.locator("#here")).to_contain_text(AYO, timeout=PATIENCE, use_inner_text=False)
    for name, path in (("nothing", "/closed/"), ("gov", address(tides))):
        sam.goto(path)
        expect(ayo.locator("#follow-where")).to_have_text("looks at no emergency now", timeout=PATIENCE)
        said[name] = (ayo.url, ayo.locator("#own-follow").inner_text(), ayo.locator("#here").text_content())
        sam.goto(address(northwind))
        expect(ayo.locator("#follow-where")).to_have_text("looks at this too", timeout=PATIENCE)
    assert said["gov"] == said["nothing"]


def test_a_shadow_meets_no_control_that_would_be_refused(opened, northwind, halden):
    ayo = opened("shadow", "/")
    for path in ("/", "/closed/", "/commands/", "/follow/", "/ringing/", "/?q=Northwind", address(northwind)):
        ayo.goto(path)
        expect(ayo.locator(".along-line")).to_contain_text("You follow along")
        targets = ayo.evaluate(
            """() => [...document.querySelectorAll("form[method=post], [formaction]")]
                .filter((one) => one.checkVisibility())
                .filter((one) => one.matches(":enabled") || one.querySelector("button:enabled"))
                .map((one) => new URL(one.getAttribute("formaction") ?? one.action, location.href).pathname)"""
        )
        refused = [one for one in targets if not gate_of(resolve(one).func).own_rows]
        assert refused == [], path
        assert ayo.locator("main [contenteditable], main textarea:enabled").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_rule_of_axe_is_broken_with_company(opened, northwind, size, scheme):
    mira, ayo = opened("engineer", address(northwind)), opened("shadow", "/follow/", **size, color_scheme=scheme)
    mira.locator("#reply-public").press_sequentially("D")
    found = {"/follow/": broken_rules(ayo)}
    ayo.get_by_role("button", name="Follow Mira").click()
    for path in (address(northwind), "/"):
        ayo.goto(path)
        expect(faces(ayo, northwind)).to_have_count(1, timeout=PATIENCE)
        found[path] = broken_rules(ayo)
        assert ayo.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
    expect(mira.locator("#along")).to_be_visible(timeout=PATIENCE)
    found["followed"] = broken_rules(mira)
    assert not {path: rules for path, rules in found.items() if rules}


def test_without_redis_pages_work_and_show_nobody(opened, northwind, monkeypatch):
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    with running_server() as (alone, _process):
        ayo, mira = opened("shadow", "/", alone), opened("engineer", address(northwind), alone)
        mira.locator("#reply-public").press_sequentially("Dear Dana")
        northwind.replied(1)
        expect(mira.locator("#e-timeline")).to_contain_text("We are here", timeout=PATIENCE)
        expect(ayo.locator("#queue [data-row]")).to_contain_text("Pending", timeout=PATIENCE)
        expect(faces(ayo, northwind)).to_have_count(0)
        expect(ayo.get_by_role("link", name="Follow an engineer…")).to_be_visible()
