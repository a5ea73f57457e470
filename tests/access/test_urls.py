"""What may not be done: every address is classified, and refuses strangers, shadows and who lacks the capability."""

from __future__ import annotations

import pytest
from django.urls import resolve

from ceoc.access.gate import gate_of
from ceoc.access.models import Person
from ceoc.access.roles import ROLES
from tests.access.routes import Route, routes

pytestmark = pytest.mark.django_db

UNSAFE = ("post", "put", "patch", "delete")

PUBLIC = {
    "sign-in", "sign-in-provider", "sign-in-return", "sign-in-code", "sign-out", "demo-persona", "healthz", "readyz",
    "stylesheet", "api-openapi",
}  # fmt: skip
"""Addresses that need nobody to be signed in. A new one is thought about, then named here."""

OPEN_TO_SHADOWS = {
    "sign-in-code", "sign-out", "demo-persona", "own-zone", "own-notices-seen", "token-make", "token-revoke", "here",
    "follow", "change-following",
}  # fmt: skip
"""What a shadow may change: that it is signed in, and as whom with a code of theirs or in the demo; its own zone, what
it has read, and its own tokens; where it looks and whom it follows."""


def ids(route: Route) -> str:
    return route.pattern or "/"


def test_the_walk_finds_the_addresses_that_it_should() -> None:
    found = {route.name for route in routes()}

    assert found >= PUBLIC
    assert len(found) > len(PUBLIC)
    for route in routes():
        assert resolve(route.path).func is route.view, f"{route.path} is no sample of {route.pattern}"


@pytest.mark.parametrize("route", routes(), ids=ids)
def test_every_address_is_classified(route: Route) -> None:
    assert gate_of(route.view) is not None, f"{route.pattern} says nothing: add @may(…), @public or @signed"


@pytest.mark.parametrize("route", routes(), ids=ids)
def test_only_the_listed_addresses_are_public(route: Route) -> None:
    gate = gate_of(route.view)

    assert gate is not None
    assert (gate.kind == "public") == (route.name in PUBLIC)
    assert (gate.kind == "signed") == route.path.startswith("/webhooks/")
    by_token = route.path.startswith("/api/") or route.name == "metrics"
    assert (gate.kind == "token") == (by_token and route.name not in PUBLIC)


@pytest.mark.parametrize("route", routes(), ids=ids)
def test_only_the_listed_addresses_take_changes_from_a_shadow(route: Route) -> None:
    gate = gate_of(route.view)

    assert gate is not None
    within_reach = gate.kind == "public" or gate.capability in ROLES["shadow"]
    assert (gate.own_rows and within_reach) == (route.name in OPEN_TO_SHADOWS)


@pytest.mark.parametrize("route", [route for route in routes() if route.name not in OPEN_TO_SHADOWS], ids=ids)
def test_a_shadow_changes_nothing_by_any_method(shadow, route: Route) -> None:
    assert {method: getattr(shadow, method)(route.path).status_code for method in UNSAFE} == dict.fromkeys(UNSAFE, 403)


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("path", ["/nowhere/", "/emergencies/none/acts/acknowledge/", "/live/", "/api/v1/emergencies/"])
def test_a_shadow_is_refused_before_an_address_is_looked_up(shadow, path: str, method: str) -> None:
    assert getattr(shadow, method)(path).status_code == 403


def people_only() -> list[Route]:
    return [route for route in routes() if (gate := gate_of(route.view)) and gate.kind == "person"]


@pytest.mark.parametrize("route", people_only(), ids=ids)
def test_a_stranger_is_sent_to_sign_in_and_changes_nothing(stranger, route: Route) -> None:
    looked = stranger.get(route.path)
    changed = stranger.post(route.path)

    assert (looked.status_code, looked.headers["Location"].partition("?")[0]) == (302, "/sign-in/")
    assert changed.status_code == 403


@pytest.mark.parametrize("route", people_only(), ids=ids)
def test_somebody_without_a_role_sees_nothing(client, route: Route) -> None:
    person = Person.objects.welcome("new@demo.example", name="New Here")
    client.force_login(person)

    assert client.get(route.path).status_code == 403
    assert client.post(route.path).status_code == 403


def beyond() -> list[tuple[str, Route]]:
    """Each role with the addresses that ask for more than it may."""
    roles = ("engineer", "manager", "shadow")
    return [
        (role, route) for role in roles for route in people_only() if gate_of(route.view).capability not in ROLES[role]
    ]


@pytest.mark.parametrize(("role", "route"), beyond(), ids=lambda part: part if isinstance(part, str) else ids(part))
def test_whoever_lacks_the_capability_is_refused(client_of, role: str, route: Route) -> None:
    assert client_of(role).get(route.path).status_code == 403
    assert client_of(role).post(route.path).status_code == 403


def test_an_unknown_address_is_not_found(engineer) -> None:
    assert engineer.get("/nowhere/").status_code == 404
