"""Whether a page may be resolved: only once somebody wrote to its customer (PAGE-9)."""

from __future__ import annotations

from emergencies.story.story import Story

NOBODY_WROTE = "Nobody has written to the customer yet. Send a public reply first; an internal note does not count."


def not_contacted(story: Story, page: str) -> str:
    """Why that page stays open, as people read it; "" where its customer was contacted."""
    return "" if story.contacted(page) else NOBODY_WROTE
