"""What every answer tells the browser to refuse and not to keep."""

from __future__ import annotations

import pytest

from ceoc.access.browser_policy import HEADERS
from tests.access.routes import Route, routes

pytestmark = pytest.mark.django_db

KEPT = {"stylesheet"}
"""Addresses that hold the digest of what they answer, and may be kept."""


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.pattern or "/")
def test_every_answer_has_the_headers(engineer, route: Route) -> None:
    answer = engineer.get(route.path)

    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    if route.name not in KEPT:
        assert answer.headers["Cache-Control"] == "no-store"


def test_no_inline_script_no_inline_style_no_eval_nothing_of_others(engineer) -> None:
    policy = engineer.get("/").headers["Content-Security-Policy"]

    assert "unsafe" not in policy
    assert "http" not in policy
    assert "*" not in policy
    assert {part.strip() for part in policy.split(";")} >= {
        "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/nowhere/"])
def test_our_pages_keep_to_the_policy(engineer, path: str) -> None:
    page = engineer.get(path).content.decode()

    assert "<script>" not in page
    assert " style=" not in page
    assert "<style" not in page
    assert " onclick=" not in page
    assert "javascript:" not in page


def test_a_refusal_and_a_missing_page_have_them_too(shadow, stranger) -> None:
    for answer in (shadow.post("/demo/clock/"), stranger.get("/"), stranger.get("/nowhere/")):
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cache-Control"] == "no-store"
