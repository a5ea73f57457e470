"""Each request has an id: on its log lines, on its answer, taken over from a proxy when it looks like one."""

from __future__ import annotations

import re

import pytest
from structlog.testing import capture_logs

pytestmark = pytest.mark.django_db


def test_a_request_gets_an_id_of_its_own(client) -> None:
    first, second = (client.get("/healthz").headers["X-Request-ID"] for _ in range(2))

    assert re.fullmatch(r"[0-9a-f]{16}", first)
    assert first != second


def test_a_proxys_id_is_taken_over(client) -> None:
    answer = client.get("/healthz", headers={"X-Request-ID": "edge-7f3a.99_b"})

    assert answer.headers["X-Request-ID"] == "edge-7f3a.99_b"


@pytest.mark.parametrize(
    "given", ["short", "x" * 65, 'a" onload="alert(1)', "<script>alert(1)</script>", "ümlaut-12345"]
)
def test_what_does_not_look_like_an_id_is_replaced(client, given: str) -> None:
    assert re.fullmatch(
        r"[0-9a-f]{16}", client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    )


def test_one_line_tells_of_a_request_without_what_was_searched_for(engineer) -> None:
    with capture_logs() as lines:
        engineer.get("/nowhere/?q=Northwind")

    (line,) = [line for line in lines if line["event"] == "request.done"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/nowhere/", 404)
    assert "Northwind" not in repr(lines)
