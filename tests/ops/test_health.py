"""What /healthz and /readyz tell, with a database, Redis and workers up or not."""

from __future__ import annotations

import json

import pytest
from django.db import OperationalError, connection

from ceoc.clock import wall
from ceoc.ops import freshness, heartbeat
from tests.access.routes import routes

pytestmark = pytest.mark.django_db


@pytest.fixture
def all_well(db: None) -> None:
    """Workers ran and vendors answered just now."""
    for name in ("worker", "run_due"):
        heartbeat.beat(name, wall())
    for vendor, account in freshness.WATCHED:
        freshness.heard(vendor, account, wall())


@pytest.fixture
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every query fails as it does when the server is gone."""

    def gone(*_args: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(connection, "cursor", gone)


def ready(client):
    answer = client.get("/readyz")
    return answer.status_code, json.loads(answer.content)


def test_alive_asks_nothing(client, django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


def test_alive_without_a_database(client, no_database) -> None:
    assert client.get("/healthz").status_code == 200


def test_ready_when_all_is_well(client, all_well) -> None:
    status, told = ready(client)

    assert (status, told["status"], told["causes"]) == (200, "ready", [])
    assert told["database"] == told["redis"] == told["worker"] == "up"
    assert told["vendors"] == {"pagerduty": "live", "zendesk global": "live", "slack": "live"}


def test_without_a_database_it_is_not_ready(client, all_well, no_database) -> None:
    status, told = ready(client)

    assert (status, told["status"], told["database"]) == (503, "down", "down")
    assert told["causes"] == ["The database does not answer."]


def test_without_redis_it_is_degraded_and_still_ready(client, all_well, settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    status, told = ready(client)

    assert (status, told["status"], told["redis"]) == (200, "degraded", "down")
    assert "Redis" in told["causes"][0]


def test_a_silent_worker_is_a_cause(client) -> None:
    heartbeat.beat("run_due", wall() - heartbeat.LATE_AFTER * 2)
    status, told = ready(client)

    assert (status, told["status"], told["worker"], told["run_due"]) == (200, "degraded", "late", "late")
    assert "Nothing that is due is done" in " ".join(told["causes"])

    heartbeat.beat("run_due", wall())
    assert "run_due does the work" in " ".join(ready(client)[1]["causes"])


def test_a_vendor_that_is_down_is_a_cause_and_us_gov_is_never_told(client, all_well) -> None:
    freshness.failed("slack", "", "It answered 503.", wall())
    freshness.failed("zendesk", "us_gov", "It answered 503.", wall())
    status, told = ready(client)

    assert (status, told["causes"]) == (200, ["slack is down. It answered 503."])
    assert "gov" not in json.dumps(told)


def test_a_heartbeat_is_written_at_most_every_two_seconds(django_assert_num_queries) -> None:
    start = wall()
    heartbeat.beat("worker", start)
    heartbeat.beat("worker", start + heartbeat.AT_MOST_EVERY / 2)

    assert heartbeat.running(start + heartbeat.LATE_AFTER) == {"worker"}
    assert heartbeat.running(start + heartbeat.LATE_AFTER + heartbeat.AT_MOST_EVERY / 4) == set()


def test_health_is_found_where_the_runner_looks() -> None:
    assert {"/healthz", "/readyz"} <= {route.path for route in routes()}
