"""The pages about people in Chromium: no rule of axe broken, nothing too wide, kept up to date while one looks."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from ceoc.access import clearance
from ceoc.access.models import Person
from ceoc.live.announce import announce
from ceoc.people.models import Listing, Match, Member
from ceoc.people.places import PAGERDUTY, SLACK, ZENDESK
from tests import cast
from tests.browser.test_pages import PHONE, SIZES, SMALLEST, WIDE, broken_rules
from tests.emergencies.world import Trouble
from tests.people.told import READ_AT, ready, told

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def team(server, transactional_db) -> dict[str, Person]:
    """Everybody of the cast; Theo is not ready, Ayo has left, and Bram is known to PagerDuty alone."""
    people = {name: cast.people.settle(one) for name, one in cast.CAST.items()}
    for person in people.values():
        ready(person)
    theo = people["second"]
    told(theo, ZENDESK, state="absent", facts={}, failed_at=READ_AT.replace(hour=18), reason="Zendesk is down.")
    told(theo, PAGERDUTY, facts={"ways": ["phone"], "rung": []})
    told(theo, SLACK, email="t@old.example", picked="t@old.example", picked_by="admin@demo.example")
    for key, name, aside_by in (("PB", "Bram Visser", ""), ("PA", "A Bot", "admin@demo.example")):
        Member.objects.create(vendor="pagerduty", vendor_id=key, klass="global", name=name, aside_by=aside_by)
    Listing.objects.create(vendor="pagerduty", klass="global", due_at=READ_AT, read_at=READ_AT, asked=False)
    Person.objects.filter(pk=people["shadow"].pk).update(is_active=False)
    clearance.grant("engineer@demo.example", by="admin@demo.example", reason="Joins the team")
    return people


def pages(team: dict[str, Person]) -> list[str]:
    theo, ayo, mira = (team[name].public_id for name in ("second", "shadow", "engineer"))
    some = [theo, ayo, f"{mira}/leave", f"{theo}/leave", f"{ayo}/leave"]
    lists = ["/people/", "/people/?show=left", "/people/?q=zzzz", "/people/unmatched/", "/me/"]
    return [*lists, *(f"/people/{one}/" for one in some)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_rule_of_axe_is_broken(team, server, page_as, size, scheme):
    Trouble("Northwind Robotics", 1).pages(30, "Gitaly storage full").acknowledged(29)
    page = page_as("admin", server, **SIZES[size], color_scheme=scheme)
    found = {}
    for each in pages(team):
        page.goto(each)
        page.wait_for_timeout(100)
        found[each] = broken_rules(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, each
        assert page.locator("h1").count() == 1
        assert page.locator("main .button[data-kind=primary]").count() <= 1, each
    assert not {each: rules for each, rules in found.items() if rules}


def test_targets_are_large_enough_for_a_finger(team, server, page_as):
    page = page_as("admin", server, **PHONE)
    for each in pages(team):
        page.goto(each)
        small = page.evaluate(
            """smallest => [...document.querySelectorAll("main :is(button, summary, select, input)")]
                .filter(one => one.type !== "hidden" && one.checkVisibility())
                .filter(one => one.getBoundingClientRect().height < smallest - .5)
                .map(one => one.outerHTML.slice(0, 120))""",
            SMALLEST,
        )
        assert small == [], each


def test_what_a_vendor_answers_shows_by_itself(team, server, page_as):
    page = page_as("manager", server, **WIDE)
    page.goto(f"/people/{team['second'].public_id}/")
    expect(page.locator("#live-status")).to_have_text("Live")
    page.get_by_role("button", name="Read again").click()
    expect(page.get_by_role("status").filter(has_text="is being read anew")).to_be_visible()
    expect(page.locator("#person-readiness")).to_contain_text("being read…")
    expect(page.locator("#live-status")).to_have_text("Live")
    told(team["second"], ZENDESK, due_at=None, reason="", failed_at=None)
    Match.objects.update(due_at=None)
    announce(["people"], "global")
    expect(page.locator("#person-readiness")).to_contain_text("Agent, as second@demo.example")
    expect(page.locator("#person-readiness")).not_to_contain_text("being read…")


def test_who_is_told_something_sees_it_at_once_and_says_when_it_is_read(team, server, page_as):
    page = page_as("second", server, **WIDE)
    page.goto("/closed/")
    expect(page.locator("#live-status")).to_have_text("Live")
    clearance.grant("second@demo.example", by="admin@demo.example", reason="Joins too")
    page.reload()
    expect(page.locator("#own-notices")).to_contain_text("Noor Haddad cleared you for US Government. Reason: Joins too")
    page.get_by_role("button", name="Understood").click()
    expect(page.locator("#own-notices .notice")).to_have_count(0)
    page.goto("/me/")
    expect(page.locator("main")).to_contain_text("Noor Haddad cleared you")


def test_by_the_keyboard_alone_somebody_is_let_go(team, server, page_as):
    northwind = Trouble("Northwind Robotics", 1).pages(30, "Gitaly storage full").acknowledged(29)
    page = page_as("admin", server, **WIDE)
    page.goto(f"/people/{team['engineer'].public_id}/leave/")
    page.get_by_label("Who takes it over?").focus()
    page.keyboard.type("Theo")
    page.keyboard.press("Tab")
    page.keyboard.type("Changes teams")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Mira Okafor has left.")).to_be_visible()
    assert northwind.row.dri == "second@demo.example"
    assert not Person.objects.get(email="engineer@demo.example").is_active
