"""What the pages bring to the platform: what is live on them, the end of presence, and what holds whoever leaves."""

from __future__ import annotations

from ceoc.live import sources
from ceoc.ops import due
from ceoc.people import ties
from emergencies.pages.here import HereSource, expire
from emergencies.pages.leaving import DriTies
from emergencies.pages.live import SOURCES
from emergencies.pages.watch import WatchSource


def register() -> None:
    """Called once, in the app's `ready`."""
    for source in (*SOURCES, HereSource(), WatchSource()):
        sources.register(source)
    ties.register(DriTies())
    due.register("here", expire)
