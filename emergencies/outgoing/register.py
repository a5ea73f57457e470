"""What outgoing brings to the platform: the kinds of commands."""

from __future__ import annotations

from ceoc.outbox import kinds
from emergencies.outgoing import pagerduty, slack, zendesk


def register() -> None:
    """Called once, in the app's `ready`."""
    for kind in (*pagerduty.KINDS, *zendesk.KINDS, *slack.KINDS):
        kinds.register(kind)
