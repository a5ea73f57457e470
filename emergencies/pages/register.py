"""What the pages bring to the platform: the sources of what is live on them."""

from __future__ import annotations

from ceoc.live import sources
from emergencies.pages.live import SOURCES


def register() -> None:
    """Called once, in the app's `ready`."""
    for source in SOURCES:
        sources.register(source)
