"""When a vendor last answered is kept in the database, and a database that is away spoils no request."""

from __future__ import annotations

import pytest
from django.db import connection

from ceoc.ops.models import Freshness
from ceoc.vendors import hearing
from ceoc.vendors.errors import Unavailable
from ceoc.vendors.hearing import Freshness as Hearing
from ceoc.vendors.pagerduty import PagerDuty
from tests.vendors.odd_server import drops, says


@pytest.fixture
def door(server):
    return PagerDuty(url=server.url, token=lambda: "t", hearing=Hearing())


@pytest.mark.django_db
def test_an_outage_begins_and_ends(server, door):
    server.plan = [drops]
    with pytest.raises(Unavailable):
        door.page_with_key("x")
    row = Freshness.objects.get(vendor="pagerduty")
    assert row.down_since
    assert row.reason == "PagerDuty broke off its answer."
    server.plan = [says(200, {"incidents": [], "more": False}), says(200, {"users": [], "more": False})]
    assert door.page_with_key("x") is None
    row.refresh_from_db()
    assert row.down_since is None
    assert row.last_answer_at


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_spoils_nothing(server, door, monkeypatch):
    def away(*_args, **_kwargs):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    monkeypatch.setattr(hearing.freshness, "heard", away)
    monkeypatch.setattr(hearing.freshness, "failed", away)
    server.plan = [says(200, {"incidents": [], "more": False}), says(200, {"users": [], "more": False}), drops]
    assert door.page_with_key("x") is None
    with pytest.raises(Unavailable):
        door.page_with_key("x")


@pytest.mark.django_db
def test_an_answer_about_us_gov_is_noted_as_that(server, door):
    server.plan = [says(200, {"incidents": [], "more": False}), says(200, {"users": [], "more": False})]
    with hearing.about("us_gov"):
        door.page_with_key("x")
    assert list(Freshness.objects.values_list("account", "klass")) == [("us_gov", "us_gov")]
