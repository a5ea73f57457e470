"""The pages about people are nudged when something was read or changed; each fetches its own part with its rights."""

from __future__ import annotations

from collections.abc import Sequence

from ceoc.access.viewer import Audience
from ceoc.live.sources import Nudge, Part
from ceoc.people.reads import TOPIC


class PeopleSource:
    """The pages about people, all of them alike. Tells nothing but that there is something to fetch."""

    name = TOPIC

    def topics(self, key: str) -> frozenset[str]:
        """The one topic."""
        del key
        return frozenset({TOPIC})

    def render(self, key: str, audience: Audience, touched: frozenset[str] | None) -> Sequence[Part]:
        """A nudge for those who may open the pages. No query."""
        del key, touched
        return [Nudge(TOPIC)] if audience.may("manage") else []
