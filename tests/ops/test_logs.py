"""Logs: one JSON object a line, ids on it, and no secret by whatever way it came in."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO

import pytest
import structlog

from ceoc import logs
from ceoc.ops.apps import secrets_of_settings

KNOWN = "kept-under-var-secrets-1234"


@pytest.fixture
def known() -> Iterator[None]:
    """A secret of the settings that has no looks of its own."""
    before = list(logs._secrets)
    logs.hide([lambda: [KNOWN, "short"]])
    yield
    logs.hide(before)


@pytest.fixture
def written() -> Iterator[Callable[[], list[dict[str, object]]]]:
    """The lines that were written, as they would stand in the file: by the handler that the settings configure."""
    (handler,) = [one for one in logging.getLogger().handlers if one.name == "out"]
    assert isinstance(handler, logging.StreamHandler)
    file = StringIO()
    before = handler.setStream(file)
    yield lambda: [json.loads(line) for line in file.getvalue().splitlines()]
    handler.setStream(before)


@pytest.mark.parametrize(
    ("fields", "leaked"),
    [
        pytest.param({"token": "abc"}, "abc", id="by its name"),
        pytest.param({"PAGERDUTY_WEBHOOK_SECRETS": ["abc", "def"]}, "abc", id="by its name, a list"),
        pytest.param({"headers": {"Authorization": "abc", "Accept": "x"}}, "abc", id="by its name, deep inside"),
        pytest.param({"headers": {"x-pagerduty-signature": "v1=abc"}}, "v1=abc", id="a signature"),
        pytest.param({"cookie": "sessionid=abc"}, "abc", id="a cookie"),
        pytest.param({"told": f"it is {KNOWN}."}, KNOWN, id="a known value inside text"),
        pytest.param({"told": KNOWN.encode()}, KNOWN, id="a known value in bytes"),
        pytest.param({"told": ["a", {"b": KNOWN}]}, KNOWN, id="a known value deep inside"),
        pytest.param({"told": "Token token=y_NbAkKc66ryYTWUXYEu"}, "y_NbAkKc66", id="PagerDuty's header"),
        pytest.param({"told": "Authorization: Bearer abcdef123456"}, "abcdef123456", id="a bearer's header"),
        pytest.param({"told": "Basic YWdlbnQ6c2VjcmV0cGFzcw=="}, "YWdlbnQ6", id="a basic header"),
        pytest.param({"told": "xoxb-12345-67890-abcDEF"}, "12345", id="Slack's token"),
        pytest.param({"url": "https://x.example/?a=1&api_key=hush&b=2"}, "hush", id="a query string"),
        pytest.param({"url": "postgresql://ceoc:hush@db/ceoc"}, "hush", id="a password in an address"),
        pytest.param({"error": ValueError("postgresql://ceoc:hush@db/ceoc")}, "hush", id="an exception's words"),
    ],
)
def test_a_secret_is_hidden(known: None, fields: dict[str, object], leaked: str) -> None:
    masked = logs.mask(None, "info", {"event": "tried", **fields})

    assert leaked not in repr(masked)
    assert logs.HIDDEN in repr(masked)
    assert masked["event"] == "tried"


@pytest.mark.parametrize(
    "fields",
    [
        {"path": "/emergencies/k3v9aaaaaaaa/", "status": 200, "ms": 1.5, "late": False, "customer": None},
        {"reason": "Zendesk did not answer in 5 s", "kind": "incident.triggered", "tags": ["basic", "urgent"]},
        {"told": "a short word"},
    ],
)
def test_what_is_no_secret_stays_as_it_is(known: None, fields: dict[str, object]) -> None:
    assert logs.mask(None, "info", dict(fields)) == fields


def test_every_secret_of_the_settings_is_known(settings) -> None:
    values = [value for secret in secrets_of_settings() for value in secret()]

    assert settings.SECRET_KEY in values
    assert settings.SLACK_BOT_TOKEN() in values
    assert set(settings.PAGERDUTY_WEBHOOK_SECRETS.items()) <= set(values)
    for account in settings.ZENDESK.values():
        assert {account.token(), account.webhook_secret()} <= set(values)


def test_a_line_of_ours_has_the_ids_at_work(written) -> None:
    with logs.bound(delivery_id="d41d8cd98f00"):
        structlog.get_logger("ours").info("delivery.read", kind="incident.triggered")
    structlog.get_logger("ours").info("after")

    first, second = written()
    assert first["delivery_id"] == "d41d8cd98f00"
    assert (first["event"], first["kind"], first["level"]) == ("delivery.read", "incident.triggered", "info")
    assert "timestamp" in first
    assert "delivery_id" not in second


def test_a_librarys_line_goes_the_same_way(known: None, written) -> None:
    with logs.bound(command_id="c0ffeec0ffee"):
        logging.getLogger("celery.worker").info("using %s", KNOWN)

    (line,) = written()
    assert (line["event"], line["command_id"]) == (f"using {logs.HIDDEN}", "c0ffeec0ffee")


def test_a_traceback_is_masked_and_one_line(known: None, written) -> None:
    try:
        raise ValueError(f"refused: {KNOWN}")
    except ValueError:
        structlog.get_logger("ours").exception("it.failed")

    (line,) = written()
    assert "ValueError" in str(line["exception"])
    assert KNOWN not in json.dumps(line)


def test_a_hostile_name_forges_no_line(written) -> None:
    structlog.get_logger("ours").info("customer.read", name='Evil\n{"event": "access.granted"}')

    (line,) = written()
    assert line["event"] == "customer.read"


@pytest.mark.parametrize("library", ["urllib3", "zenpy", "pdpyras", "slack_sdk"])
def test_libraries_that_write_customers_words_are_quiet(written, library: str) -> None:
    logging.getLogger(library).info("GET /users?query=jo@customer.example")
    logging.getLogger(library).warning("It failed")

    assert [line["event"] for line in written()] == ["It failed"]
