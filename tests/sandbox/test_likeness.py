"""Every kind of answer that the sandbox gives, held against the vendors' published schemas, on requests of their own
clients. Skipped only where the schemas are not beside the checkout."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from starlette.applications import Starlette
from starlette.routing import Route

from sandbox import config
from sandbox.box import Box
from sandbox.pagerduty.app import app as pagerduty_app
from sandbox.vendors import Vendors
from sandbox.zendesk.app import app as zendesk_app
from tests.sandbox import likeness
from tests.sandbox.conftest import Listener, pagerduty_as, zenpy_as
from tests.sandbox.tours import PAGERDUTY, ZENDESK, Tour
from tests.sandbox_process import running_sandbox

pytestmark = [pytest.mark.vendor_schemas, pytest.mark.skipif(not likeness.found(), reason=likeness.WHY_NOT)]

STEPS = [
    pytest.param(steps[name], id=f"{vendor}: {name}")
    for vendor, steps in (("pagerduty", PAGERDUTY), ("zendesk", ZENDESK))
    for name in steps
]


@pytest.fixture(scope="module")
def tour(listener: Listener) -> Iterator[Tour]:
    """A sandbox of its own, and sessions that keep every answer."""
    with running_sandbox(listener.url) as box:
        plain = requests.Session()
        plain.auth = ("engineer@demo.example/token", box.env["ZENDESK_GLOBAL_TOKEN"])
        made = Tour(
            box, pagerduty_as(box, "engineer@demo.example"), zenpy_as(box, "GLOBAL", "engineer@demo.example"), plain
        )
        for session in (made.pagerduty, made.zendesk.tickets.session, plain):
            session.hooks["response"].append(made.keep)
        yield made


@pytest.fixture(scope="module")
def published(tour: Tour) -> dict[str, likeness.Published]:
    """The schemas, standing at the sandbox's addresses."""
    zendesk = tour.box.env["ZENDESK_GLOBAL_URL"]
    return {
        "pagerduty": likeness.Published("pagerduty", tour.box.env["PAGERDUTY_API_URL"]),
        "zendesk": likeness.Published("zendesk", zendesk),
        "zendesk-webhooks": likeness.Published("zendesk-webhooks", f"{zendesk}/api/v2"),
    }


def schema_of(tour: Tour, answer: requests.Response) -> str | None:
    """Which schema an exchange is held against; None where the vendor publishes none for it here."""
    if str(answer.request.url).startswith(tour.box.env["PAGERDUTY_API_URL"]):
        return "pagerduty"
    path = urlsplit(str(answer.request.url)).path
    if re.match(r"/api/v2/(groups|nothing)", path):
        return None
    return "zendesk-webhooks" if path.startswith("/api/v2/webhooks") else "zendesk"


@pytest.mark.parametrize("step", STEPS)
def test_answers_are_as_published(tour: Tour, published: dict[str, likeness.Published], step) -> None:
    tour.box.post("/clock", real_start=time.time(), demo_start="2027-07-07T18:30:00Z", rate=1)
    before = len(tour.answers)
    step(tour)
    got = tour.answers[before:]
    assert got
    wrong = []
    for answer in got:
        name = schema_of(tour, answer)
        said = f"{answer.request.method} {answer.request.url} {answer.status_code}"
        wrong += [f"{said}: {fault}" for fault in (published[name].faults(answer) if name else [])]
    assert not wrong, "\n".join(sorted(set(wrong))[:15])


def test_every_route_was_toured(tour: Tour, tmp_path: Path) -> None:
    box = Box.open(config.read({"CEOC_VAR": str(tmp_path)}))
    vendors = Vendors(box)
    apps = {
        "PAGERDUTY_API_URL": pagerduty_app(box, vendors.pagerduty),
        "ZENDESK_GLOBAL_URL": zendesk_app(vendors.tickets["global"]),
    }
    for name, app in apps.items():
        base = tour.box.env[name]
        called = {
            (str(one.request.method), urlsplit(str(one.request.url)).path.removesuffix(".json"))
            for one in tour.answers
            if str(one.request.url).startswith(base)
        }
        assert not _not_called(app, called), name


def _not_called(app: Starlette, called: set[tuple[str, str]]) -> list[str]:
    """The routes that no call met."""
    left = []
    for route in app.routes:
        assert isinstance(route, Route)
        if (
            not route.path.startswith("/agent/")
            and not route.path.endswith(".json")
            and not any(method in (route.methods or ()) and route.path_regex.match(path) for method, path in called)
        ):
            left.append(f"{sorted(route.methods or ())} {route.path}")
    return left
