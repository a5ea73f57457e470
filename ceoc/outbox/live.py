"""The list of commands as it changes, rendered by the page's own template, once for an audience."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string

from ceoc.access.viewer import Audience
from ceoc.live.sources import Part, Swap
from ceoc.outbox import queries


class CommandsSource:
    """One list; the key is the filters'."""

    name = "commands"

    def topics(self, key: str) -> frozenset[str]:
        """Any command may come into any list."""
        del key
        return frozenset({"commands"})

    def render(self, key: str, audience: Audience, touched: frozenset[str] | None) -> Sequence[Part]:
        """The list as a whole. Two queries."""
        del touched
        found = queries.listed(audience, queries.Filters.of_key(key))
        html = render_to_string("outbox/_commands.html", {"found": found, "work": audience.may("work")})
        return [Swap("commands", html.strip())]
