"""The vendors' freshness in the bar of every page, kept live."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string

from ceoc import clock
from ceoc.access.viewer import Audience
from ceoc.live.sources import Part, Swap
from ceoc.look.freshness import shown


class FreshnessSource:
    """How fresh each vendor's news is, as an audience may know it."""

    name = "freshness"

    def topics(self, key: str) -> frozenset[str]:
        """The one topic."""
        del key
        return frozenset({"freshness"})

    def render(self, key: str, audience: Audience, touched: frozenset[str] | None) -> Sequence[Part]:
        """The menu as a whole. One query."""
        del key, touched
        return [Swap("vendors", render_to_string("components/vendors.html", shown(audience, clock.wall())).strip())]
