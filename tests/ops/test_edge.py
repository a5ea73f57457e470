"""The edge of a loop: what nobody foresaw is logged and goes no further; whoever ends the process is not held up."""

from __future__ import annotations

import asyncio

import pytest
import structlog
from structlog.testing import capture_logs

from ceoc.ops.edge import Edge

log = structlog.get_logger(__name__)


def test_what_fails_is_logged_with_its_name_and_goes_no_further() -> None:
    with capture_logs() as logged, Edge(log, "work_failed", lane="zendesk") as edge:
        raise ZeroDivisionError("secret words of a customer")

    assert edge.failed == "ZeroDivisionError"
    line = logged[0]
    assert (line["event"], line["error"], line["lane"]) == ("work_failed", "ZeroDivisionError", "zendesk")
    assert isinstance(line["exc_info"], ZeroDivisionError)


def test_work_that_comes_to_its_end_says_nothing() -> None:
    with capture_logs() as logged, Edge(log, "work_failed") as edge:
        pass

    assert edge.failed == ""
    assert logged == []


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit, asyncio.CancelledError])
def test_an_end_goes_through(end: type[BaseException]) -> None:
    with pytest.raises(end), Edge(log, "work_failed"):
        raise end
