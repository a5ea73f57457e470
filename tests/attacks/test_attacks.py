"""Every address, by every method, with sessions that may not, forged forms and other people's ids: no table changes,
and nothing reaches a vendor (security.md 2, 12)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from django.conf import settings
from django.test import Client

from ceoc.access import notices, tokens
from ceoc.access.breakglass import codes
from ceoc.access.gate import gate_of
from ceoc.access.models import CodeSet, Person
from ceoc.inbox.models import Delivery
from ceoc.ops import limits
from ceoc.outbox.models import Command
from ceoc.people import matching, reads
from ceoc.people.models import Member
from ceoc.people.places import BY_KEY
from ceoc.team import change, store
from emergencies import actions
from emergencies.models import Entry
from tests.access.routes import Route, routes
from tests.access.samples import thing_of
from tests.attacks.attackers import (
    ATTACKERS,
    LOOKING,
    METHODS,
    PROGRAMS,
    TOKEN_NAME,
    Target,
    for_programs,
    send,
    signed_in,
    viewer,
    with_token,
)
from tests.attacks.tables import OWN, checksums, nothing_changes
from tests.emergencies.world import MIRA, NOW, Trouble, by_hand

pytestmark = pytest.mark.django_db

DO_NOTHING = {
    "ring-again": "its page rings already",
    "dismiss": "a ticket is tied to the emergency",
    "command-take-back": "the command is not held any more",
    "demo-scenario": "no sandbox runs here",
    "here": "who looks where is kept in Redis",
    "change-following": "who follows whom is kept in Redis",
}
"""Addresses whose form is refused by the state of things, not by who sends it."""

DO_NOTHING |= {
    "api-act-ring_again": DO_NOTHING["ring-again"],
    "api-act-dismiss": DO_NOTHING["dismiss"],
    "api-command-take_back": DO_NOTHING["command-take-back"],
}

OF_SHADOWS = {"follow"}
"""Addresses for shadows alone: to others they are not there."""

CLASSED = {"emergency", "page", "command", "delivery"}
"""What may be US Government's, of all that addresses name."""

NAMING = {
    "acknowledge", "resolve", "page-note", "retract", "automatic", "link", "unlink", "split", "join",
    "tie-waiting-page",
}  # fmt: skip
"""Addresses whose form names something else than their own emergency."""

TOKEN = "X-CSRFToken"


def ids(route: Route) -> str:
    return route.pattern or "/"


def for_acts() -> list[Route]:
    """Addresses at which programs do something."""
    return [route for route in routes() if any(one.method == "POST" for one in getattr(route.view, "operations", ()))]


def for_people() -> list[Route]:
    """Addresses that need somebody to be signed in."""
    return [route for route in routes() if (gate := gate_of(route.view)) and gate.kind == "person"]


@pytest.fixture(autouse=True)
def nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No request goes out to a vendor."""
    vendors = (settings.PAGERDUTY_API_URL, settings.SLACK_API_URL, *(one.url for one in settings.ZENDESK.values()))
    sent: list[str] = []
    send_on = requests.Session.send

    def watched(session: requests.Session, request: requests.PreparedRequest, **more: object) -> requests.Response:
        sent.extend([request.url or ""] if str(request.url).startswith(vendors) else [])
        return send_on(session, request, **more)

    monkeypatch.setattr(requests.Session, "send", watched)
    yield
    assert sent == []


@pytest.fixture(scope="class")
def target_once(evening_once: dict[str, Trouble], django_db_blocker) -> Target:
    """The target, built once for a class of tests."""
    with django_db_blocker.unblock():
        return attacked(evening_once)


@pytest.fixture
def target(target_once: Target, troubles: dict[str, Trouble]) -> Target:
    """An emergency that everybody sees, with a form for every act on it; somebody else's note, command and delivery."""
    store.forget()
    return target_once


def attacked(troubles: dict[str, Trouble]) -> Target:
    """One of each thing, and what a form needs to do something there."""
    halden, waiting = troubles["rings"], by_hand()
    theo = viewer("second")
    halden.answered(1)
    actions.note(emergency=halden.row, by=theo, now=NOW, text="Theo's own note")
    actions.internal_note(emergency=halden.row, by=theo, now=NOW, text="Theo's words")
    command = Command.objects.latest("id")
    Command.objects.filter(pk=command.pk).update(state="refused", due_at=None)
    delivery = Delivery.objects.create(
        public_id="aaaabbbbcccc", klass="global", vendor="zendesk", account="global", event_id="D1", body=b"{}",
        received_at=NOW, state="unreadable",
    )  # fmt: skip
    things = {
        "emergency": halden.row.public_id, "page": waiting.ref, "command": command.public_id,
        "delivery": delivery.public_id, "setting": limits.FRESHNESS, **of_people(),
    }  # fmt: skip
    change.change(
        limits.KIND, limits.Limits(stale_after=timedelta(minutes=6)), base=0, by=viewer("admin"), why="Calm", now=NOW
    )
    form = {
        "text": "An attack", "why": "An attack", "although": "An attack", "audience": "internal", "kind": "ticket",
        "id": "512999", "ticket": "512888", "account": "global", "to": "second@demo.example", "rate": "10",
        "email": "second@demo.example", "reason": "An attack", "person": things["person"], "place": "zendesk:global",
        "who": "theo@elsewhere.example", "member": "zendesk:global:77", "zone": "Europe/Dublin",
        "until": NOW.isoformat(), "tab": "tab-of-an-attack",
        "page": halden.page.key, "into": troubles["working"].row.public_id, "entry": entry("note", halden),
    }  # fmt: skip
    return Target(things, form, forms_of(halden), others())


def of_people() -> dict[str, str]:
    """Somebody with codes, a token and notices, who is looked for at the vendors."""
    reads.owe(NOW - timedelta(minutes=10))
    theo, boss = Person.objects.get(email="second@demo.example"), viewer("admin")
    Member.objects.create(klass="global", vendor="zendesk", account="global", vendor_id="77", name="A bot")
    mira = Person.objects.get(email=MIRA)
    matching.pick(person=mira, place=BY_KEY["zendesk:global"], who="mira@elsewhere.example", by=boss)
    for person in Person.objects.filter(email__in=("admin@demo.example", "shadow@demo.example", MIRA)):
        notices.tell(person, "Something was done.")
    codes.make(theo.email, by=boss.email, cleared=True, now=NOW - timedelta(days=1))
    wish = tokens.Wish(name="a wall screen", scopes=("read",), days=7)
    _, token = tokens.make(theo, wish, by=theo.email, wall=NOW)
    return {"person": theo.public_id, "code": CodeSet.objects.get(person=theo).public_id, "token": token.public_id}


def others() -> dict[str, dict[str, str]]:
    """Whom an address names, where it must be somebody else."""
    known = dict(Person.objects.values_list("email", "public_id"))
    gone = Person.objects.welcome("left@demo.example", name="Lea Left", role="engineer")
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    return {
        "person-end-clearance": {"person": known["cleared@demo.example"]},
        "person-leave": {"person": known["manager@demo.example"]},
        "person-come-back": {"person": gone.public_id},
    }


def forms_of(halden: Trouble) -> dict[str, dict[str, str]]:
    """What else stands in the forms of some addresses; programs name things by the vendors' own ids."""
    out, reply = {"subject": halden.ticket.key}, {"entry": entry("customer_reply", halden)}
    by_id = {"kind": "ticket", "id": halden.ticket.ref, "ticket": halden.ticket.ref, "page": halden.page.ref}
    people = dict(Person.objects.values_list("email", "public_id"))
    forms = {route.name: by_id for route in for_acts() if route.name not in ("api-act-link", "api-tie")}
    return {
        **forms, "api-act-automatic": {**by_id, **reply}, "unlink": out, "split": out, "automatic": reply,
        "token-make": {"name": TOKEN_NAME, "scope": "read", "days": "7"},
        "people-unmatch": {"person": people[MIRA]},
        "setting-change": {"do": "save", "base": "1", "stale_after": "7"},
    }  # fmt: skip


@pytest.fixture
def hidden(target: Target, troubles: dict[str, Trouble]) -> Target:
    """The same emergency, with forms that name what is US Government's."""
    tides = troubles["gov"]
    tides.answered(1)
    actions.note(emergency=tides.row, by=viewer("cleared"), now=NOW, text="Sam's note")
    names = {
        "page": tides.page.key, "into": tides.row.public_id, "entry": entry("note", tides), "subject": tides.page.key,
        "ticket": tides.ticket.ref, "account": "us_gov",
    }  # fmt: skip
    replied = {"automatic": {"entry": entry("customer_reply", tides)}}
    return target._replace(form={**target.form, **names}, forms=replied)


@pytest.fixture
def unseen(target: Target, troubles: dict[str, Trouble]) -> Target:
    """The things of US Government themselves."""
    tides = troubles["gov"].row
    actions.internal_note(emergency=tides, by=viewer("cleared"), now=NOW, text="Sam's words")
    command = Command.objects.latest("id")
    Command.objects.filter(pk=command.pk).update(state="refused", due_at=None)
    by_hand("QGOVHAND", "us_gov")
    Delivery.objects.filter(public_id=target.things["delivery"]).update(klass="us_gov")
    things = {"emergency": tides.public_id, "page": "QGOVHAND", "command": command.public_id}
    return target._replace(things={**target.things, **things})


def entry(kind: str, trouble: Trouble) -> str:
    """The id of the latest entry of that kind in somebody's emergency."""
    found = Entry.objects.filter(kind=kind, known_until=None)
    mine = (f"emergency:{trouble.row.public_id}", trouble.ticket.key)
    return found.filter(subject__key__in=mine).latest("at").public_id


class TestTheEvening:
    """Tests that attack the same evening."""

    @pytest.mark.parametrize("route", routes(), ids=ids)
    def test_who_may_change_nothing_changes_nothing_by_any_method(self, target: Target, route: Route) -> None:
        who = {**ATTACKERS, **PROGRAMS} if for_programs(route) else ATTACKERS
        clients = {name: attacker() for name, attacker in who.items()}
        with nothing_changes():
            for name, client in clients.items():
                statuses = [send(client, method, route, target).status_code for method in METHODS]
                assert max(statuses) < 500, name

    @pytest.mark.parametrize("route", routes(), ids=ids)
    def test_looking_changes_nothing(self, target: Target, route: Route) -> None:
        clients = [signed_in(name) for name in ("engineer", "admin")]
        with nothing_changes():
            for client in clients:
                for method in LOOKING:
                    send(client, method, route, target)

    @pytest.mark.parametrize("route", for_people(), ids=ids)
    def test_the_same_form_works_for_whoever_may(self, target: Target, route: Route) -> None:
        client, before = signed_in("admin"), checksums()
        answer = send(client, "POST", route, target)

        if answer.status_code == 405 or route.name in OF_SHADOWS:
            return
        assert answer.status_code in (200, 204, 302), f"give {route.name} a form that works, in `target`"
        assert (checksums() == before) == (route.name in DO_NOTHING), route.name

    @pytest.mark.parametrize("route", for_acts(), ids=ids)
    def test_the_same_body_works_for_whoever_may(self, target: Target, route: Route) -> None:
        client, before = with_token("admin"), checksums()
        answer = send(client, "POST", route, target)

        assert answer.status_code in ((409,) if route.name in DO_NOTHING else (200, 202)), answer.content
        assert (drop_use(checksums()) == drop_use(before)) == (route.name in DO_NOTHING), route.name

    @pytest.mark.parametrize("route", [route for route in for_people() if thing_of(route) in CLASSED], ids=ids)
    def test_what_one_may_not_see_one_cannot_change(self, unseen: Target, route: Route) -> None:
        clients = [signed_in(name) for name in ("engineer", "manager")]
        with nothing_changes():
            statuses = {send(client, method, route, unseen).status_code for client in clients for method in METHODS}
        assert statuses <= {403, 404, 405}

    @pytest.mark.parametrize("route", [route for route in for_people() if route.name in NAMING], ids=ids)
    @pytest.mark.parametrize("name", ["engineer", "manager"])
    def test_a_form_cannot_reach_what_one_may_not_see(self, hidden: Target, name: str, route: Route) -> None:
        client = signed_in(name)
        with nothing_changes():
            assert send(client, "POST", route, hidden, HX_Request="true").status_code == 409

    def test_what_somebody_else_said_is_theirs(self, target: Target) -> None:
        (route,) = [route for route in routes() if route.name == "retract"]
        client = signed_in("engineer")
        with nothing_changes():
            assert send(client, "POST", route, target, HX_Request="true").status_code == 409

    @pytest.mark.parametrize("route", for_people(), ids=ids)
    def test_a_forged_form_is_refused(self, target: Target, route: Route) -> None:
        client, other = browser("admin"), browser("manager")
        token = token_of(client)
        forged = {
            "no token": {},
            "a made-up token": {TOKEN: "x" * 64},
            "another's token": {TOKEN: token_of(other)},
            "another site": {TOKEN: token, "Origin": "https://evil.example"},
            "no origin": {TOKEN: token, "Origin": "null"},
            "sent across sites": {TOKEN: token, "Sec-Fetch-Site": "cross-site"},
            "sent from a neighbour": {TOKEN: token, "Sec-Fetch-Site": "same-site"},
        }
        with nothing_changes():
            for name, headers in forged.items():
                assert send(client, "POST", route, target, **headers).status_code == 403, name

    def test_a_form_of_our_own_page_is_taken(self, target: Target) -> None:
        (route,) = [route for route in routes() if route.name == "note"]
        client, before = browser("admin"), checksums()
        good = {TOKEN: token_of(client), "Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}

        assert send(client, "POST", route, target, **good).status_code == 302
        assert checksums() != before


def drop_use(told: dict[str, str]) -> dict[str, str]:
    """The checksums but that of tokens, which are used."""
    return {table: digest for table, digest in told.items() if table != "access_apitoken"}


def browser(name: str) -> Client:
    """A client that asks for form tokens, as browsers are asked."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(name).cookies
    return client


def token_of(client: Client) -> str:
    """The form token that a page of ours gives."""
    page = client.get("/sign-in/").content.decode()
    return page.partition('name="csrf-token" content="')[2].partition('"')[0]


def test_the_checksum_sees_a_change_in_every_table_but_ones_own(target: Target) -> None:
    assert "emergencies_entry" in checksums()
    assert OWN.keys() <= checksums().keys()
    with pytest.raises(AssertionError, match="outbox_command"), nothing_changes():
        Command.objects.update(by="somebody@demo.example")
