"""What every page is told, whichever it is: the clocks for its title, and what rings."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string
from msgspec.structs import asdict

from ceoc import clock
from ceoc.access.viewer import Audience
from ceoc.live.sources import Event, Part, Swap
from emergencies.queries.watch import FRESH, watch

EMERGENCY = "emergency:"


class WatchSource:
    """One list for all of an audience: each browser takes what concerns the one who looks."""

    name = "watch"

    def topics(self, key: str) -> frozenset[str]:
        """Any emergency."""
        del key
        return frozenset({f"{EMERGENCY}*"})

    def render(self, key: str, audience: Audience, touched: frozenset[str] | None) -> Sequence[Part]:
        """The clocks, and the rings of what was touched; browsers hear each once. Two queries at most."""
        del key
        now = clock.now()
        ids = None if touched is None else {topic.removeprefix(EMERGENCY) for topic in touched}
        shown = watch(audience, now, now - FRESH * clock.rate(), ids)
        html = render_to_string("emergencies/_watch.html", {"clocks": shown.clocks}).strip()
        return [Swap("watch", html), *(Event("ring", asdict(ring)) for ring in shown.rings)]
