"""Signing in in Chromium: by a real provider on loopback, and by a code on paper when it is down."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from ceoc.access.breakglass import codes
from ceoc.access.models import AUDITED, AccessLog, Person
from ceoc.clock import wall
from tests.access.provider import ROLES, Provider, running
from tests.browser.conftest import let_the_server_finish, running_server
from tests.browser.test_pages import PHONE, SIZES, WIDE, broken_rules

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib"),
]

MIRA = "mira@example.com"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def dashboard(provider: Provider, django_db_setup, django_db_blocker) -> Iterator[str]:
    """The product as a company runs it: no demo, signing in by the provider."""
    settings = {
        "DEMO": "0", "SANDBOX": "0", "OIDC_ISSUER": provider.address, "OIDC_CLIENT_ID": "ceoc",
        "OIDC_CLIENT_SECRET": "a client's secret", "OIDC_GROUPS": json.dumps(ROLES), "OIDC_NAME": "Example ID",
    }  # fmt: skip
    with running_server(**settings) as (address, _process):
        yield address


@pytest.fixture(scope="module")
def cut_off(django_db_setup, django_db_blocker) -> Iterator[str]:
    """The same, and nobody answers where the provider should."""
    settings = {
        "DEMO": "0", "SANDBOX": "0", "OIDC_ISSUER": "http://127.0.0.1:9", "OIDC_CLIENT_ID": "ceoc",
        "OIDC_CLIENT_SECRET": "a client's secret", "OIDC_GROUPS": json.dumps(ROLES), "OIDC_NAME": "Example ID",
    }  # fmt: skip
    with running_server(**settings) as (address, _process):
        yield address


@pytest.fixture
def page_at(browser: Browser, transactional_db: None) -> Iterator[Callable[..., Page]]:
    """`page_at(address, **options)`: a page in a browser that nobody is signed in in."""
    opened: list[BrowserContext] = []

    def open_page(address: str, **options: object) -> Page:
        context = browser.new_context(base_url=address, **options)
        context.set_default_timeout(15_000)
        opened.append(context)
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()
    let_the_server_finish()


def test_one_comes_in_by_the_provider_and_lands_where_one_wanted(provider, dashboard, page_at) -> None:
    provider.knows("mira", email=MIRA, name="Mira Okafor", groups=["support-engineers"])
    page = page_at(dashboard, **WIDE)
    page.goto("/closed/")
    page.get_by_role("link", name="Sign in with Example ID").press("Enter")
    page.get_by_placeholder("sub").fill("mira")
    page.get_by_role("button", name="Authorize").click()
    expect(page).to_have_url(f"{dashboard}/closed/")
    expect(page.locator(".person summary")).to_contain_text("Mira Okafor")
    assert AccessLog.objects.get(kind="signed_in").email == MIRA

    page.locator(".person summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status").filter(has_text="goes on")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_whoever_is_in_no_group_reads_which_would_do(provider, dashboard, page_at) -> None:
    provider.knows("new", email="new@example.com", groups=["everybody"])
    page = page_at(dashboard, **WIDE)
    page.goto("/sign-in/provider/")
    page.get_by_placeholder("sub").fill("new")
    page.get_by_role("button", name="Authorize").click()
    expect(page.get_by_role("heading", name="You were not signed in")).to_be_visible()
    expect(page.locator("main")).to_contain_text("support-engineers")
    assert broken_rules(page) == []


def test_with_the_provider_down_a_code_on_paper_opens(cut_off, page_at) -> None:
    Person.objects.welcome(MIRA, name="Mira Okafor", role="engineer")
    printed = codes.make(MIRA, by="a@example.com", cleared=True, now=wall())
    page = page_at(cut_off, **WIDE)
    page.goto("/closed/")
    expect(page.get_by_role("alert")).to_contain_text("The identity provider does not answer")
    page.get_by_role("link", name="Use a break-glass code").click()
    page.get_by_label("Your e-mail").fill(MIRA)
    page.get_by_label("Code").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("do not go together")
    expect(page.get_by_label("Your e-mail")).to_have_value(MIRA)
    page.get_by_label("Code").fill(printed.codes[0].upper())
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{cut_off}/closed/")
    expect(page.locator("main")).to_contain_text("You have 5 codes left.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_no_rule_of_axe_is_broken(dashboard, cut_off, page_at, size, scheme) -> None:
    for address in (dashboard, cut_off):
        page = page_at(address, **SIZES[size], color_scheme=scheme)
        for path in ("/sign-in/", "/sign-in/code/", "/sign-in/return/?state=forged&code=x"):
            page.goto(path)
            assert broken_rules(page) == [], path
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path
            assert page.locator("h1").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_codes_are_printed_on_a_sheet(server, page_as, size, scheme) -> None:
    page = page_as("admin", server, **SIZES[size], color_scheme=scheme)
    page.goto("/break-glass/")
    assert broken_rules(page) == []
    page.get_by_label("Print new codes for").select_option(label="Noor Haddad, admin@demo.example")
    page.get_by_role("button", name="Print six codes").click()
    expect(page.locator(".codes code")).to_have_count(6)
    assert broken_rules(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.emulate_media(media="print")
    expect(page.locator(".codes code").first).to_be_visible()
    for left_out in (".places", ".button", ".shown-once"):
        expect(page.locator(left_out).first).to_be_hidden()
    page.emulate_media(media="screen")
    page.get_by_role("link", name="It is printed, go back").click()
    expect(page.locator("table")).to_contain_text("Noor Haddad")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert broken_rules(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_audit_is_read_and_filtered(server, page_as, size, scheme) -> None:
    page = page_as("admin", server, **SIZES[size], color_scheme=scheme)
    for kind, _ in AUDITED:
        AccessLog.objects.create(
            at=wall(), kind=kind, klass="us_gov", email="admin@demo.example", what="emergency", public_id="k3v9aaaaaaaa"
        )
    page.goto("/audit/")
    assert broken_rules(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_label("What", exact=True).select_option(label="Signed in with a break-glass code")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("Person", exact=True).fill("nobody")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Show all of it")).to_be_visible()
    assert broken_rules(page) == []


def test_what_a_finger_presses_is_large_enough(server, page_as) -> None:
    page = page_as("admin", server, **PHONE)
    codes.make("admin@demo.example", by="a@example.com", cleared=True, now=wall())
    for path in ("/audit/", "/break-glass/", "/sign-in/code/"):
        page.goto(path)
        small = page.evaluate(
            """() => [...document.querySelectorAll("main :is(.button, select, input:not([type=hidden]))")]
                .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 43.5)
                .map(one => one.outerHTML.slice(0, 120))"""
        )
        assert small == [], path
