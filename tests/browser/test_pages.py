"""The pages in Chromium: no rule of axe is broken, wide or phone, light or dark; a press does what it says."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from ceoc.outbox.models import Command
from emergencies.models import Draft, Look
from tests import cast
from tests.browser.conftest import wait_for
from tests.emergencies.world import Trouble, by_hand, evening

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDE = {"viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
PHONE = {"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce", "has_touch": True}
SIZES = {"wide": WIDE, "phone": PHONE}
SMALLEST = 44
"""CSS pixels of what a finger presses."""


@pytest.fixture
def troubles(server, transactional_db):
    return evening()


@pytest.fixture
def halden(server, transactional_db):
    return Trouble("Halden Bank", 1).pages(3, "All web nodes answer 502")


LISTS = (
    "/",
    "/?stage=waiting",
    "/?region=APAC",
    "/?q=cruft",
    "/?q=zzzz",
    "/closed/",
    "/tray/QHAND/",
    "/commands/",
    "/tokens/",
)


def address(trouble: Trouble) -> str:
    return f"/emergencies/{trouble.row.public_id}/"


def broken_rules(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_rule_of_axe_is_broken(server, troubles, page_as, size, scheme):
    by_hand()
    page = page_as("admin", server, **SIZES[size], color_scheme=scheme)
    found = {}
    emergencies = [address(troubles[name]) for name in ("rings", "reviewing", "gov", "nobody_wrote", "closed")]
    for each in (*LISTS, *emergencies):
        page.goto(each)
        page.wait_for_timeout(150)
        found[each] = broken_rules(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, each
        assert page.locator("h1").count() == 1
    assert not {each: rules for each, rules in found.items() if rules}


@pytest.mark.parametrize(
    "opens", ["d-note", "d-call", "d-take", "d-tie", "d-untie", "d-join", "d-page-note", "d-although"]
)
def test_a_dialog_opens_by_its_button_breaks_no_rule_and_gives_the_focus_back(server, halden, page_as, opens):
    page = page_as("manager", server, **WIDE)
    page.goto(address(halden))
    button = page.locator(f"[popovertarget={opens}]:visible").first
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.locator(f"#{opens}")
    expect(dialog).to_be_visible()
    assert broken_rules(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


@pytest.mark.parametrize("who", ["engineer", "shadow"])
def test_targets_are_large_enough_for_a_finger(server, troubles, page_as, who):
    page = page_as(who, server, **PHONE)
    for each in ("/", address(troubles["reviewing"]), "/closed/"):
        page.goto(each)
        page.wait_for_timeout(150)
        small = page.evaluate(
            """smallest =>
                [...document.querySelectorAll("main :is(button, summary, select), .bar :is(a, summary, input)")]
                .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < smallest - .5)
                .map(one => one.outerHTML.slice(0, 120) + one.getBoundingClientRect().height)""",
            SMALLEST,
        )
        assert small == [], each


def test_an_acknowledgement_is_on_its_way_at_once_and_the_page_stays(server, halden, page_as):
    page = page_as("engineer", server, **WIDE)
    page.goto(address(halden))
    page.locator("#e-next").get_by_role("button", name="Acknowledge").click()
    expect(page.locator("#toasts")).to_contain_text("PagerDuty is asked to acknowledge the page.")
    expect(page.locator("#e-commands")).to_contain_text("asked PagerDuty to acknowledge the page")
    expect(page).to_have_url(f"{server}{address(halden)}")
    assert Command.objects.get().kind == "acknowledge"


def test_a_refusal_is_read_where_one_pressed(server, halden, page_as):
    page = page_as("engineer", server, **WIDE)
    page.goto(address(halden))
    acknowledge = page.locator("#e-next").get_by_role("button", name="Acknowledge")
    as_resolve = "(button, to) => { button.setAttribute('formaction', to); button.click() }"
    acknowledge.evaluate(as_resolve, f"{address(halden)}resolve/")  # as on a page that does not know yet
    expect(page.get_by_role("alert")).to_contain_text("Nobody has written to the customer yet.")
    expect(page.locator("main")).not_to_contain_text("the server could not do it")


def test_a_reply_is_held_and_taken_back_its_text_is_there_again(server, halden, page_as):
    page = page_as("engineer", server, **WIDE)
    page.goto(address(halden))
    page.locator("#reply-public").fill("Dear Dana, we are on it.")
    expect(page.locator("#panel-public [data-draft-state]")).to_contain_text("Draft kept")
    assert Draft.objects.get().text == "Dear Dana, we are on it."
    page.get_by_role("button", name="Send to the customer").click()
    expect(page.locator("#e-commands")).to_contain_text("Dear Dana, we are on it.")
    expect(page.locator("#reply-public")).to_have_value("")
    page.locator("#e-commands").get_by_role("button", name="Take back").click()
    expect(page.locator("#toasts")).to_contain_text("taken back")
    wait_for(lambda: Command.objects.get().state == "dismissed")
    expect(page.locator("#reply-public")).to_have_value("Dear Dana, we are on it.")


def test_another_audience_has_another_text(server, halden, page_as):
    page = page_as("engineer", server, **WIDE)
    page.goto(address(halden))
    page.locator("#reply-public").fill("Dear Dana")
    page.get_by_role("tab", name="Internal note").click()
    expect(page.locator("#reply-internal")).to_have_value("")
    expect(page.locator("#reply-internal")).to_be_focused()
    page.locator("#reply-internal").fill("Look at Gitaly")
    wait_for(lambda: Draft.objects.count() == 2)
    page.reload()
    expect(page.locator("#reply-public")).to_have_value("Dear Dana")
    page.get_by_role("tab", name="Internal note").click()
    expect(page.locator("#reply-internal")).to_have_value("Look at Gitaly")


def test_the_line_of_what_is_new_stays_while_more_comes(server, halden, page_as):
    page = page_as("engineer", server, **WIDE)
    page.goto(address(halden))
    seen = page.locator("#e-timeline li").first.get_attribute("id")
    Look.objects.create(
        person=cast.people.settle(cast.CAST["engineer"]), emergency=halden.row, at=halden.row.last_at.replace(second=59)
    )
    halden.answered(0.5, "Are you there?")
    page.reload()
    expect(page.locator("li[data-looked]")).to_have_id(seen)
    halden.noted(0.2, body="They wrote again.")
    expect(page.locator("#e-timeline")).to_contain_text("They wrote again.")
    expect(page.locator("li[data-looked]")).to_have_id(seen)


def test_everything_works_without_a_script(server, halden, page_as):
    page = page_as("engineer", server, **WIDE, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Halden Bank").click()
    for audience in ("public", "internal", "thread"):
        expect(page.locator(f"#reply-{audience}")).to_be_visible()
    page.locator("#e-next").get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_role("status").filter(has_text="PagerDuty is asked")).to_be_visible()
    page.locator("#reply-internal").fill("Written without a script")
    page.get_by_role("button", name="Save for the team").click()
    expect(page.locator("#e-commands")).to_contain_text("Written without a script")


def test_print_leaves_the_controls_out(server, troubles, page_as):
    page = page_as("engineer", server, **WIDE)
    page.goto("/")
    page.emulate_media(media="print")
    expect(page.locator("#queue")).to_be_visible()
    for left_out in (".places", ".filters", ".demo-bar", "#own-board .do"):
        expect(page.locator(left_out).first).to_be_hidden()
