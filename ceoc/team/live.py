"""The settings' pages as they change: who changed what, rendered by the pages' own templates, once for an audience.

What somebody types stands outside of all this and is never touched.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string

from ceoc.access.viewer import Audience
from ceoc.live.sources import Part, Swap
from ceoc.team import kinds, queries


class SettingsSource:
    """The list of all kinds."""

    name = "settings"

    def topics(self, key: str) -> frozenset[str]:
        """Any change."""
        del key
        return frozenset({"settings"})

    def render(self, key: str, audience: Audience, touched: frozenset[str] | None) -> Sequence[Part]:
        """The list as a whole. Two queries."""
        del key, audience, touched
        return [Swap("settings-list", _html("team/_list.html", cards=queries.cards()))]


class SettingSource:
    """The history of one kind; the key is its name."""

    name = "setting"

    def topics(self, key: str) -> frozenset[str]:
        """Changes of that kind."""
        return frozenset({f"setting:{key}"})

    def render(self, key: str, audience: Audience, touched: frozenset[str] | None) -> Sequence[Part]:
        """The history as a whole. Two queries."""
        del touched
        kind = kinds.find(key)
        if kind is None:
            return []
        context = {"history": queries.history(kind), "manage": audience.may("manage")}
        return [Swap("setting-history", _html("team/_history.html", **context))]


SOURCES = (SettingsSource(), SettingSource())
"""To be registered when the app is ready."""


def _html(template: str, **context: object) -> str:
    return str(render_to_string(template, context)).strip()
