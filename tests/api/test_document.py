"""The published document is valid, complete and true: nothing comes back that it does not name."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import msgspec
import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import checks
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from ceoc.access.gate import gate_of
from ceoc.api import openapi
from ceoc.inbox.models import Delivery
from ceoc.outbox.models import Command
from tests.access.routes import routes
from tests.api.conftest import token_for
from tests.emergencies.world import NOW, by_hand

EXAMPLES = 5
"""Requests that are made up for an operation, of each kind."""

CHECKS = [
    checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
DOCUMENT = msgspec.json.decode(openapi.published().text)
OPERATIONS = [(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods]

bounded = settings(
    max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def test_it_is_valid_openapi_3_1() -> None:
    OpenAPIV31SpecValidator(DOCUMENT).validate()
    assert DOCUMENT["openapi"].startswith("3.1")


def test_everybody_may_read_it_and_need_not_read_it_twice(client, db) -> None:
    answer = client.get("/api/v1/openapi.json")

    assert answer.json() == DOCUMENT
    assert client.get("/api/v1/openapi.json", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_every_address_of_the_api_is_in_it() -> None:
    there = {
        route.pattern for route in routes() if route.path.startswith("/api/") and gate_of(route.view).kind == "token"
    }
    told = {"api/v1/" + path.removeprefix("/api/v1/") for path in DOCUMENT["paths"]}

    assert {pattern.replace("<slug:public_id>", "{id}").replace("<slug:page>", "{page}") for pattern in there} == told


def test_every_error_is_a_problem_and_every_status_is_named() -> None:
    for path, method in OPERATIONS:
        answers = DOCUMENT["paths"][path][method]["responses"]
        assert {"200", "400", "401", "403", "405", "429", "500", "503"} <= answers.keys()
        for status, answer in answers.items():
            if status >= "400":
                assert list(answer["content"]) == ["application/problem+json"], (path, method, status)


@pytest.fixture
def ids(troubles, admin) -> dict[str, list[str]]:
    """Ids that exist, and one that does not, by the kind of address."""
    page = by_hand()
    Delivery.objects.create(
        public_id="deliveryaaaa", klass="global", vendor="slack", event_id="e1", body=b"{}", received_at=NOW,
        state="processed", processed_at=NOW,
    )  # fmt: skip
    Command.objects.create(
        public_id="commandaaaaa", klass="global", group=troubles["rings"].row.public_id, object="page:Q1",
        vendor="pagerduty", kind="page_note", payload={"text": "x"}, by="admin@demo.example", state="refused",
        reason="no", queued_at=NOW,
    )  # fmt: skip
    emergencies = [troubles[name].row.public_id for name in ("rings", "reviewing", "gov", "working", "closed")]
    return {
        "emergencies": [*emergencies, "zzzzzzzzzzzz"], "commands": ["commandaaaaa", "nothere"],
        "deliveries": ["deliveryaaaa", "nothere"], "tray": [page.ref, "nothere"],
    }  # fmt: skip


@pytest.fixture
def application() -> Iterator[WSGIHandler]:
    """Django as a server calls it, on the connection of this test: it is not closed between requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield get_wsgi_application()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class TestNothingElseComesBack:
    """One class, so that the evening is told once for all."""

    @pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda word: word)
    def test_that_is_not_named(self, path, method, ids, application, person_of) -> None:
        """Requests that fit the document and requests that do not, with ids that exist and one that does not."""
        schema = schemathesis.openapi.from_dict(DOCUMENT)
        schema.app = application
        operation, turn = schema[path][method], count()
        known = ids.get(path.split("/")[3], [""])
        headers = {"Authorization": f"Bearer {token_for(person_of('admin'))}"}

        def ask(case) -> None:
            for name in case.path_parameters:
                case.path_parameters[name] = known[next(turn) % len(known)]
            case.validate_response(case.call(headers=headers), checks=CHECKS, headers=headers)

        @bounded
        @given(case=operation.as_strategy(GenerationMode.POSITIVE))
        def fitting(case) -> None:
            ask(case)

        @bounded
        @given(case=operation.as_strategy(GenerationMode.NEGATIVE))
        def wrong(case) -> None:
            ask(case)

        fitting()
        if DOCUMENT["paths"][path][method].get("requestBody") or method == "get":
            wrong()
