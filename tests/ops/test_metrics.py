"""The metrics: for a token with their scope, and nothing of US Gov in any figure."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import redis
from django.http import HttpResponse
from django.test import Client

from ceoc import clock
from ceoc.access import tokens
from ceoc.access.opaque import opaque_id
from ceoc.access.scopes import SCOPES
from ceoc.inbox.models import Delivery
from ceoc.ops import metrics, tally
from ceoc.outbox.models import Command
from emergencies.models import Emergency
from emergencies.timeline import tick
from tests.emergencies.world import NOW, Trouble, off_hours

pytestmark = pytest.mark.django_db


@pytest.fixture
def read(person_of) -> Callable[..., HttpResponse]:
    def ask(name: str = "engineer", *scopes: str) -> HttpResponse:
        wish = tokens.Wish(name="Prometheus", scopes=scopes or tuple(SCOPES), days=1)
        token = tokens.make(person_of(name), wish, by="x", wall=clock.wall())[0]
        return Client().get("/metrics", headers={"Authorization": f"Bearer {token}"})

    return ask


def figures(answer: HttpResponse, begin: str = "ceoc_") -> dict[str, float]:
    lines = answer.content.decode().splitlines()
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line.startswith(begin))}


def one_of_each(klass: str) -> None:
    Delivery.objects.create(
        public_id=opaque_id(f"d {klass}"), klass=klass, vendor="pagerduty", event_id=klass, body=b"{}",
        received_at=NOW, state="unreadable",
    )  # fmt: skip
    Command.objects.create(
        public_id=opaque_id(f"c {klass}"), klass=klass, object="page:Q", vendor="zendesk", kind="page_note", by="x",
        state="refused", queued_at=NOW,
    )  # fmt: skip
    Emergency.objects.create(public_id=opaque_id(f"e {klass}"), klass=klass, stage="ringing")


def test_they_count_what_is_there(read) -> None:
    one_of_each("global")
    told = figures(read())
    assert told['ceoc_emergencies{stage="ringing"}'] == 1
    assert told['ceoc_commands{state="refused",vendor="zendesk"}'] == 1
    assert told['ceoc_deliveries{state="unreadable",vendor="pagerduty"}'] == 1
    assert {"ceoc_streams_open", "ceoc_ticks_without_effect_total"} <= told.keys()


@pytest.mark.parametrize("name", ["engineer", "admin"])
def test_no_figure_holds_anything_of_us_gov(read, name) -> None:
    one_of_each("global")
    before = figures(read(name))
    one_of_each("us_gov")
    off_hours(9)
    after = figures(read(name))
    counted = re.compile("ceoc_(emergencies|commands|deliveries|webhooks|ticks)")
    assert {key: value for key, value in after.items() if counted.match(key)} == {
        key: value for key, value in before.items() if counted.match(key)
    }


def test_requests_of_the_cleared_are_not_timed(read, client, cleared, engineer) -> None:
    def timed() -> float:
        told = figures(read("cleared"), "ceoc_request_seconds_count")
        return sum(value for name, value in told.items() if 'part="pages"' in name)

    before = timed()
    cleared.get("/closed/")
    client.post("/webhooks/zendesk/us-gov/")
    assert timed() == before
    engineer.get("/closed/")
    assert timed() == before + 1


def test_what_is_unsigned_is_counted_but_at_the_us_gov_address(read, client) -> None:
    def refused() -> float:
        return sum(figures(read(), "ceoc_webhooks_refused_total").values())

    before = refused()
    client.post("/webhooks/zendesk/us-gov/", b"{}", content_type="application/json")
    assert refused() == before
    client.post("/webhooks/zendesk/global/", b"{}", content_type="application/json")
    assert refused() == before + 1


def test_they_need_a_token_with_their_scope(read, client) -> None:
    assert client.get("/metrics").status_code == 401
    answer = read("admin", "read", "act", "administer")
    assert answer.status_code == 403
    assert "metrics" in answer.json()["detail"]
    assert read("shadow", "metrics").status_code == 200


def test_a_tick_without_effect_is_counted_and_one_with_effect_is_not(read) -> None:
    trouble = Trouble("Halden Bank", 1).pages(3, "All web nodes answer 502")
    row, before = trouble.row, tally.counted(metrics.TICKS)
    due = row.next_change_at
    assert due is None or tick.tick_one(row.pk, due)
    assert tally.counted(metrics.TICKS) == before
    Emergency.objects.filter(pk=row.pk).update(next_change_at=NOW)
    assert not tick.tick_one(row.pk, NOW)
    assert tally.counted(metrics.TICKS) == before + 1


def test_without_redis_the_rest_is_told(read, monkeypatch) -> None:
    def gone(*_arguments: object) -> None:
        raise redis.ConnectionError("no Redis")

    monkeypatch.setattr(tally, "_redis", gone)
    tally.count("anything")
    told = figures(read())
    assert "ceoc_streams_open" in told
    assert "ceoc_ticks_without_effect_total" not in told
