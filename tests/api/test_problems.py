"""Every error under /api/ is problem details; who asks too often waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
import redis
import time_machine
from django.db import OperationalError
from django.test import Client

from ceoc.api import limits
from ceoc.ops import health
from emergencies.queries import emergency
from tests.api.conftest import Caller, token_for
from tests.emergencies.world import NOW


def problem(answer, status: int) -> dict:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers.get("Content-Length") in (None, str(len(answer.content)))
    told = answer.json()
    assert told.keys() == {"type", "title", "status", "detail", "errors"}
    assert told["status"] == status
    assert told["detail"].endswith((".", "…")) or status == 400
    return told


class TestEveryError:
    def test_an_unknown_address(self, mira) -> None:
        problem(mira.get("nowhere/"), 404)
        problem(mira.get("/api/nowhere"), 404)
        problem(mira.post("emergencies/zzzzzzzzzzzz/acts/explode/"), 404)

    def test_a_method_that_is_none(self, mira) -> None:
        assert "GET" in problem(mira.by("put", "emergencies/"), 405)["detail"]

    def test_a_body_that_is_none(self, mira, halden) -> None:
        path, headers = (
            f"/api/v1/emergencies/{halden.row.public_id}/acts/note/",
            {"Authorization": f"Bearer {mira.token}"},
        )
        for body, status in ((b"{", 400), (b"[]", 400), (b'"x"', 400), (b"\xff", 400), (b"[" * 100_000, 400)):
            problem(Client().post(path, body, content_type="application/json", headers=headers), status)
        problem(Client().post(path, {"text": "x"}, headers=headers), 415)
        problem(Client().post(path, b"x" * 1_000_001, content_type="application/json", headers=headers), 413)

    def test_a_body_that_says_less_than_it_holds(self, mira, halden, settings) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
        problem(mira.post(f"emergencies/{halden.row.public_id}/acts/note/", {"text": "longer than ten"}), 413)

    def test_a_host_that_is_none(self, mira) -> None:
        problem(mira.get("emergencies/", Host="evil.example"), 400)

    def test_a_shadow_who_presses_in_a_browser(self, shadow) -> None:
        problem(shadow.post("/api/v1/openapi.json"), 403)

    def test_another_site(self, mira) -> None:
        problem(mira.post("emergencies/zzzzzzzzzzzz/acts/note/", Sec_Fetch_Site="cross-site"), 403)

    def test_a_mistake_of_ours(self, mira, monkeypatch) -> None:
        def breaks(*_arguments: object) -> None:
            raise ZeroDivisionError("a customer's word")

        monkeypatch.setattr(emergency, "find", breaks)
        answer = mira.get("emergencies/zzzzzzzzzzzz/")
        assert "customer" not in problem(answer, 500)["detail"]
        assert answer.headers["X-Request-ID"]

    def test_a_database_that_is_away(self, mira, monkeypatch) -> None:
        def gone(*_arguments: object) -> None:
            raise OperationalError("host=10.0.0.1 password=hush")

        monkeypatch.setattr(emergency, "find", gone)
        answer = mira.get("emergencies/zzzzzzzzzzzz/")
        assert "hush" not in str(problem(answer, 503))
        assert answer.headers["Retry-After"] == "5"

    def test_pages_keep_their_own(self, engineer, monkeypatch) -> None:
        assert b"<html" in engineer.get("/nowhere/").content
        monkeypatch.setattr(health, "readiness", lambda _wall: {"status": "down"})
        assert engineer.get("/readyz").headers["Content-Type"] == "application/json"


class TestLimits:
    @pytest.fixture(autouse=True)
    def two(self, settings, monkeypatch) -> None:
        settings.API_REQUESTS_A_MINUTE = 2
        monkeypatch.setattr(limits, "counter", limits.Counter())

    def asked(self, caller: Caller) -> list[int]:
        return [caller.get("oncall/").status_code for _ in range(3)]

    def test_a_token_has_so_many_a_minute(self, mira, sam) -> None:
        first = mira.get("oncall/")
        assert [first.headers[f"RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset")] == ["2", "1", "60"]
        assert mira.get("oncall/").status_code == 200
        over = mira.get("oncall/")
        problem(over, 429)
        assert over.headers["Retry-After"] == over.headers["RateLimit-Reset"] == "60"
        assert sam.get("oncall/").status_code == 200

    def test_the_next_minute_begins_anew(self, mira) -> None:
        assert self.asked(mira) == [200, 200, 429]
        with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
            assert mira.get("oncall/").status_code == 200

    def test_a_refusal_says_how_it_stands_too(self, mira) -> None:
        assert mira.get("oncall/?at=never").headers["RateLimit-Remaining"] == "1"

    def test_without_redis_answers_go_on_and_the_limit_holds(self, mira, monkeypatch) -> None:
        def gone(*_arguments: object) -> None:
            raise redis.ConnectionError("no Redis")

        monkeypatch.setattr(limits, "_redis", gone)
        assert self.asked(mira) == [200, 200, 429]

    def test_two_processes_count_together(self, person_of) -> None:
        token, seconds = token_for(person_of("engineer")), NOW
        counts = [limits.Counter().count(token[:20], seconds).left for _ in range(3)]
        assert counts == [1, 0, 0]
