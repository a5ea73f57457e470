"""The pages for what went wrong: they come up when nothing else does, and tell nothing that they should not."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.test import Client

from ceoc.ops import health

pytestmark = pytest.mark.django_db


@pytest.fixture
def calm() -> Client:
    """A client that is shown the page instead of the exception."""
    return Client(raise_request_exception=False)


def test_a_mistake_of_ours_is_a_page_with_the_requests_number(calm, monkeypatch) -> None:
    def breaks(_wall: object) -> None:
        raise ZeroDivisionError("a customer's word")

    monkeypatch.setattr(health, "readiness", breaks)
    answer = calm.get("/readyz")
    page = answer.content.decode()

    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in page
    assert "ZeroDivisionError" not in page
    assert "a customer's word" not in page
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_database_that_is_away_is_said_and_asked_for_again(calm, engineer, monkeypatch) -> None:
    def gone(*_arguments: object) -> None:
        raise OperationalError("connection refused: host=10.0.0.1 password=hush")

    calm.cookies = engineer.cookies
    monkeypatch.setattr(connection, "cursor", gone)
    answer = calm.get("/")
    page = answer.content.decode()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The database does not answer" in page
    assert "hush" not in page


def test_a_malformed_request_is_a_page(client) -> None:
    answer = client.get("/sign-in/", headers={"Host": "evil.example"})

    assert answer.status_code == 400
    assert b"malformed" in answer.content


@pytest.mark.parametrize("path", ["/nowhere/", "/emergencies/zzzzzzzzzzzz/", "/<script>alert(1)</script>/"])
def test_what_is_not_there_is_one_page_that_repeats_nothing(engineer, path: str) -> None:
    answer = engineer.get(path)

    assert answer.status_code == 404
    assert b"There is nothing here" in answer.content
    assert b"<script>alert" not in answer.content
