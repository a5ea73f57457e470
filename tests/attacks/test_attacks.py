"""Every address, by every method, with sessions that may not, forged forms and other people's ids: no table changes,
and nothing reaches a vendor (security.md 2, 12)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
from django.conf import settings
from django.test import Client

from ceoc.access.gate import gate_of
from ceoc.inbox.models import Delivery
from ceoc.outbox.models import Command
from emergencies import actions
from emergencies.models import Entry
from tests.access.routes import Route, routes
from tests.attacks.attackers import ATTACKERS, LOOKING, METHODS, Target, send, signed_in, viewer
from tests.attacks.tables import OWN, checksums, nothing_changes
from tests.emergencies.world import NOW, Trouble, by_hand

pytestmark = pytest.mark.django_db

DO_NOTHING = {
    "ring-again": "its page rings already",
    "dismiss": "a ticket is tied to the emergency",
    "command-take-back": "the command is not held any more",
    "demo-scenario": "no sandbox runs here",
}
"""Addresses whose form is refused by the state of things, not by who sends it."""

NAMING = {
    "acknowledge", "resolve", "page-note", "retract", "automatic", "link", "unlink", "split", "join",
    "tie-waiting-page",
}  # fmt: skip
"""Addresses whose form names something else than their own emergency."""

TOKEN = "X-CSRFToken"


def ids(route: Route) -> str:
    return route.pattern or "/"


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


@pytest.fixture
def target(troubles: dict[str, Trouble]) -> Target:
    """An emergency that everybody sees, with a form for every act on it; somebody else's note, command and delivery."""
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
        "delivery": delivery.public_id,
    }  # fmt: skip
    form = {
        "text": "An attack", "why": "An attack", "although": "An attack", "audience": "internal", "kind": "ticket",
        "id": "512999", "ticket": "512888", "account": "global", "to": "second@demo.example", "rate": "10",
        "page": halden.page.key, "into": troubles["working"].row.public_id, "entry": entry("note", halden),
    }  # fmt: skip
    out = {"subject": halden.ticket.key}
    return Target(things, form, {"unlink": out, "split": out, "automatic": {"entry": entry("customer_reply", halden)}})


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
    return Target(target.things, {**target.form, **names}, {"automatic": {"entry": entry("customer_reply", tides)}})


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
    return Target({**target.things, **things}, target.form, target.forms)


def entry(kind: str, trouble: Trouble) -> str:
    """The id of the latest entry of that kind in somebody's emergency."""
    found = Entry.objects.filter(kind=kind, known_until=None)
    mine = (f"emergency:{trouble.row.public_id}", trouble.ticket.key)
    return found.filter(subject__key__in=mine).latest("at").public_id


class TestTheEvening:
    """Tests that attack the same evening."""

    @pytest.mark.parametrize("route", routes(), ids=ids)
    def test_who_may_change_nothing_changes_nothing_by_any_method(self, target: Target, route: Route) -> None:
        clients = {name: attacker() for name, attacker in ATTACKERS.items()}
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

        if answer.status_code == 405:
            return
        assert answer.status_code in (200, 204, 302), f"give {route.name} a form that works, in `target`"
        assert (checksums() == before) == (route.name in DO_NOTHING), route.name

    @pytest.mark.parametrize("route", [route for route in for_people() if "<" in route.pattern], ids=ids)
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
    assert not OWN.keys() & checksums().keys()
    with pytest.raises(AssertionError, match="outbox_command"), nothing_changes():
        Command.objects.update(by="somebody@demo.example")
