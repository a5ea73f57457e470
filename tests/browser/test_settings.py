"""The settings' pages in Chromium: no rule of axe is broken, keys are enough, and a change reaches open pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from ceoc.team import change, consequences, forms, kinds, store
from ceoc.team.models import Version
from emergencies.models import Emergency
from emergencies.policy.services import SERVICES
from tests import cast
from tests.browser.conftest import wait_for
from tests.browser.test_pages import SIZES, SMALLEST, WIDE, broken_rules
from tests.emergencies.world import NOW, Trouble

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ("", "thresholds/", "services/", "channels/", "links/", "bots/", "freshness/")
THRESHOLDS = "/settings/thresholds/"


def viewer(name: str):
    return cast.viewer_of(cast.people.settle(cast.CAST[name]))


def save(name: str, value, *, by: str = "admin", why: str = "We agreed on it in the weekly."):
    """As another process saves it: what this one keeps is forgotten."""
    kind = kinds.get(name)
    change.change(kind, value, base=change.standing(kind).number, by=viewer(by), why=why, now=NOW)


def at_once(minutes: int):
    kind = kinds.get("thresholds")
    return forms.value_of(kind, forms.typed_of(kind, store.current("thresholds")) | {"at_once": str(minutes)})[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_rule_of_axe_is_broken(server, page_as, size, scheme):
    save("thresholds", at_once(3))
    Version.objects.create(
        kind="bots", number=1, shape=1, value={"bots": 5}, valid_from=NOW, by="x@y.example", why="Odd"
    )
    found = {}
    read = page_as("engineer", server, **SIZES[size], color_scheme=scheme)
    page = page_as("manager", server, **SIZES[size], color_scheme=scheme)
    for who, each in ((read, "services/"), *((page, each) for each in PAGES)):
        who.goto(f"/settings/{each}")
        who.wait_for_timeout(100)
        found[who is read, each] = broken_rules(who)
        assert who.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, each
        assert who.locator("h1").count() == 1
        assert who.locator("main .button[data-kind=primary]").count() <= 1
    page.goto("/settings/services/")
    page.locator("#in-services-0-portal").select_option("us_gov")
    page.get_by_role("button", name="Look at what changes").click()
    found["look"] = broken_rules(page)
    page.get_by_role("button", name="Change it again").click()
    page.locator("#in-services-0-name").fill("")
    page.get_by_role("button", name="Look at what changes").click()
    expect(page.get_by_role("alert")).to_contain_text("one thing below must be put right")
    found["wrong"] = broken_rules(page)
    assert not {each: rules for each, rules in found.items() if rules}


def test_targets_are_large_enough_for_a_finger(server, page_as):
    page = page_as("manager", server, **SIZES["phone"])
    for each in PAGES:
        page.goto(f"/settings/{each}")
        small = page.evaluate(
            """smallest =>
                [...document.querySelectorAll("main :is(button, select, .tick, input[type=text], input[type=number])")]
                .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < smallest - .5)
                .map(one => one.outerHTML.slice(0, 120) + one.getBoundingClientRect().height)""",
            SMALLEST,
        )
        assert small == [], each


def test_the_keyboard_alone_changes_and_undoes(server, page_as):
    page = page_as("manager", server, **WIDE)
    page.goto("/settings/")
    page.get_by_role("link", name="Thresholds").focus()
    page.keyboard.press("Enter")
    page.get_by_label("At once means within").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thresholds: what changes")).to_be_visible()
    expect(page.get_by_label("Why")).to_be_focused()
    page.keyboard.type("Two minutes were too short at night.")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Save for the team")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Thresholds: saved.")).to_be_visible()
    undo = page.get_by_role("button", name="Undo version 1")
    undo.focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Version 1 is undone.")
    assert [one.undoes for one in Version.objects.order_by("number")] == [None, 1]
    expect(page.get_by_label("At once means within")).to_have_value("2")


def test_it_all_works_without_a_script(server, page_as):
    page = page_as("manager", server, **WIDE, java_script_enabled=False)
    page.goto("/settings/bots/")
    page.locator("#in-bots-1-name").fill("Night Bot")
    page.get_by_role("button", name="Look at what changes").click()
    page.get_by_label("Why").fill("It writes at night.")
    page.get_by_role("button", name="Save for the team").click()
    expect(page.locator("#setting-history")).to_contain_text("It writes at night.")
    page.get_by_role("button", name="Undo version 1").click()
    expect(page.locator("#setting-history")).to_contain_text("Undoes version 1")


def test_somebody_elses_change_arrives_while_one_types_and_takes_nothing_away(server, page_as):
    page = page_as("manager", server, **WIDE)
    page.goto(THRESHOLDS)
    expect(page.locator("#live-status")).to_have_attribute("data-state", "live")
    page.get_by_label("First public reply within").fill("25")
    save("thresholds", at_once(5), why="Nights are slow.")
    expect(page.locator("#setting-history")).to_contain_text("Nights are slow.")
    expect(page.get_by_label("First public reply within")).to_have_value("25")
    page.get_by_role("button", name="Look at what changes").click()
    expect(page.get_by_role("alert")).to_contain_text("Noor Haddad changed this meanwhile")
    expect(page.get_by_label("First public reply within")).to_have_value("25")
    page.get_by_role("button", name="Look at what changes").click()
    expect(page.locator("main")).to_contain_text("5 minutes")
    page.get_by_label("Why").fill("Mine after theirs.")
    page.get_by_role("button", name="Save for the team").click()
    wait_for(lambda: Version.objects.filter(kind="thresholds").count() == 2)


def test_a_change_of_names_reaches_an_open_board(server, page_as):
    trouble = Trouble("Halden Bank", 1).pages(3, "All web nodes answer 502", policy="Brand New Policy")
    page = page_as("engineer", server, **WIDE)
    page.goto("/?region=APAC")
    row = page.locator(f"#row-{trouble.row.public_id}")
    expect(page.locator("#live-status")).to_have_attribute("data-state", "live")
    expect(row).to_have_count(0)
    kind = kinds.get("services")
    typed = forms.typed_of(kind, SERVICES) | {"policies-9-name": "Brand New Policy", "policies-9-region": "APAC"}
    save("services", forms.value_of(kind, typed)[0])
    consequences.follow(NOW)
    assert Emergency.objects.get().region == "APAC"
    expect(row).to_be_visible()


def test_links_of_the_team_stand_beside_an_open_emergency_as_soon_as_they_are_saved(server, page_as):
    trouble = Trouble("Halden Bank", 1).pages(3, "All web nodes answer 502")
    page = page_as("engineer", server, **WIDE)
    page.goto(f"/emergencies/{trouble.row.public_id}/")
    expect(page.locator("#live-status")).to_have_attribute("data-state", "live")
    kind = kinds.get("links")
    typed = forms.typed_of(kind, kind.default) | {
        "links-7-name": "Our wiki",
        "links-7-address": "https://w.example/{ticket}",
    }
    save("links", forms.value_of(kind, typed)[0])
    consequences.follow(NOW)
    expect(page.locator("#e-facts").get_by_role("link", name="Our wiki")).to_have_attribute(
        "href", "https://w.example/512001"
    )
