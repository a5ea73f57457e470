"""What is US Government's is absent for the uncleared on every page, and its address is as unknown as any other."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from ceoc.access import backend
from ceoc.access.models import Person
from ceoc.access.opaque import opaque_id
from ceoc.clock import wall
from ceoc.inbox.models import Delivery
from ceoc.outbox.models import Command
from emergencies.models.emergency import Emergency
from tests.access.routes import Route, routes

pytestmark = pytest.mark.django_db

GLOBAL, GOV = "Northwind Robotics", "Bureau of Quiet Works"


@pytest.fixture(autouse=True)
def rows() -> dict[str, Emergency]:
    """One of each thing in both classes; what is said in it names the customer."""
    return {klass: one_of_each(klass, name) for klass, name in (("global", GLOBAL), ("us_gov", GOV))}


def one_of_each(klass: str, name: str) -> Emergency:
    word = name.split(maxsplit=1)[0].lower()
    Delivery.objects.create(
        public_id=opaque_id(f"delivery {name}"), klass=klass, vendor="pagerduty", event_id=word, kind=f"page.{word}",
        body=b"{}", received_at=wall(), state="unreadable", reason=f"{name} is not readable",
    )  # fmt: skip
    emergency = Emergency.objects.create(
        public_id=opaque_id(name), klass=klass, stage="ringing", customer_name=name, title=f"{name} cannot push",
        began_at=wall(), last_at=wall(), page_key=f"page:{word}", page_status="triggered", pages=1,
    )  # fmt: skip
    Command.objects.create(
        public_id=opaque_id(f"command {name}"), klass=klass, group=emergency.public_id, object=f"page:{word}",
        vendor="pagerduty", kind="page_note", payload={"text": name}, by="cleared@demo.example", state="refused",
        reason=f"{name} refused", queued_at=wall(),
    )  # fmt: skip
    return emergency


@pytest.fixture
def uncleared_administrator() -> Client:
    """Somebody who may open every page."""
    client = Client()
    boss = Person.objects.welcome("boss@demo.example", name="Una Cleared", role="administrator")
    client.force_login(boss, backend=backend.PATH)
    return client


def readable() -> list[Route]:
    return [
        route for route in routes() if "<" not in route.pattern and not route.path.startswith(("/webhooks/", "/demo/"))
    ]


def names_gov(answer: HttpResponse) -> bool:
    page = answer.content.decode(errors="replace").lower()
    return GOV.lower() in page or "bureau" in page or opaque_id(GOV) in page


@pytest.mark.parametrize("route", readable(), ids=lambda route: route.pattern or "/")
def test_no_page_tells_the_uncleared(uncleared_administrator, engineer, route: Route) -> None:
    assert not names_gov(uncleared_administrator.get(route.path))
    assert not names_gov(engineer.get(route.path))
    assert not names_gov(engineer.get(f"{route.path}?q=Quiet"))


@pytest.mark.parametrize("path", ["/", "/commands/", "/deliveries/"])
def test_the_cleared_see_it_and_the_uncleared_see_the_rest(uncleared_administrator, admin, path: str) -> None:
    assert names_gov(admin.get(path)), "the page shows nothing of it to anybody: this test would prove nothing"
    word = GLOBAL.split(maxsplit=1)[0]
    assert word.lower() in uncleared_administrator.get(path).content.decode().lower()


def of_one_emergency() -> list[Route]:
    return [
        route for route in routes() if "<slug:public_id>" in route.pattern and route.path.startswith("/emergencies/")
    ]


def without_what_differs_anyway(answer: HttpResponse, path: str) -> str:
    """The page without its form tokens, its times, and the address that was asked for."""
    page = answer.content.decode().replace(path, "PATH")
    page = re.sub(r'(name="csrfmiddlewaretoken" value|name="csrf-token" content)="\w+"', "", page)
    return re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z|\d\d:\d\d(:\d\d)?", "TIME", page)


@pytest.mark.parametrize("route", of_one_emergency(), ids=lambda route: route.pattern)
def test_its_address_is_as_unknown_as_any_other(engineer, rows, route: Route) -> None:
    hidden = route.path.replace("none", rows["us_gov"].public_id)
    unknown = route.path.replace("none", "zzzzzzzzzzzz")
    ask: list[Callable[..., HttpResponse]] = [engineer.get, engineer.post]

    for one in ask:
        there, nowhere = one(hidden), one(unknown)
        assert there.status_code == nowhere.status_code
        assert there.status_code in (404, 405)
        assert without_what_differs_anyway(there, hidden) == without_what_differs_anyway(nowhere, unknown)


def test_the_same_address_opens_for_the_cleared(cleared, engineer, rows) -> None:
    assert cleared.get(f"/emergencies/{rows['us_gov'].public_id}/").status_code == 200
    assert engineer.get(f"/emergencies/{rows['global'].public_id}/").status_code == 200
