"""What ingest brings to the platform: a reader for each vendor's deliveries, and the sweeps that read what is owed."""

from __future__ import annotations

from ceoc.inbox import readers
from ceoc.ops import due
from emergencies.ingest import asking, pagerduty, runs, slack, zendesk
from emergencies.ingest.reads import Lane

LANES = (
    Lane("reads_pagerduty", ("page:", "summons:"), pagerduty.read_due),
    Lane("reads_zendesk_global", ("ticket:global:",), zendesk.read_due),
    Lane("reads_zendesk_us_gov", ("ticket:us_gov:",), zendesk.read_due),
    Lane("reads_slack", ("thread:",), slack.read_due),
)


def register() -> None:
    """Called once, in the app's `ready`."""
    readers.register("pagerduty", pagerduty.read_webhook)
    readers.register("zendesk", zendesk.read_webhook)
    readers.register("slack", slack.read_webhook)
    for lane in LANES:
        due.register(lane.name, runs.sweep_of(lane))
    due.register("asking", asking.ask_due)
