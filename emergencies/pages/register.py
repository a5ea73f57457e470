"""What the pages bring to the platform: the sources of what is live on them, and the end of presence."""

from __future__ import annotations

from ceoc.live import sources
from ceoc.ops import due
from emergencies.pages.here import HereSource, expire
from emergencies.pages.live import SOURCES
from emergencies.pages.watch import WatchSource


def register() -> None:
    """Called once, in the app's `ready`."""
    for source in (*SOURCES, HereSource(), WatchSource()):
        sources.register(source)
    due.register("here", expire)
