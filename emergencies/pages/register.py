"""What the pages bring to the platform: the sources of what is live on them, and what holds whoever leaves."""

from __future__ import annotations

from ceoc.live import sources
from ceoc.people import ties
from emergencies.pages.leaving import DriTies
from emergencies.pages.live import SOURCES


def register() -> None:
    """Called once, in the app's `ready`."""
    for source in SOURCES:
        sources.register(source)
    ties.register(DriTies())
