"""A webhook says that a vendor tells us something; not that it answers. Shown as down is what does not answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ceoc import clock
from ceoc.access.viewer import Audience
from ceoc.inbox import processing
from ceoc.ops import freshness
from emergencies.ingest import register
from tests.emergencies.ingest.test_every_webhook import FOLDER
from tests.inbox.signing import send_pagerduty, send_slack, send_zendesk

pytestmark = pytest.mark.django_db
register.register()

EVERYBODY = Audience("engineer", cleared=True)


def sample(vendor: str) -> dict:
    return json.loads((Path(FOLDER) / f"{vendor}.json").read_text())[0]["body"]


@pytest.mark.parametrize(
    ("vendor", "account", "send"),
    [("pagerduty", "", send_pagerduty), ("zendesk", "global", send_zendesk), ("slack", "", send_slack)],
    ids=["pagerduty", "zendesk", "slack"],
)
def test_a_webhook_ends_no_outage_and_is_heard_all_the_same(vendor, account, send):
    wall = clock.wall()
    freshness.failed(vendor, account, "It is down.", wall)

    assert send(sample(vendor)).status_code == 200
    processing.process_due(clock.now())

    rows = freshness.all_for(EVERYBODY, clock.wall())
    row = next(row for row in rows if (row.vendor, row.account) == (vendor, account))
    assert (row.state, row.since, row.reason) == ("down", wall, "It is down.")
    assert row.heard_at
    assert row.heard_at >= wall
