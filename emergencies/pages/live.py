"""What is live: the board, the pages that wait, and each emergency, rendered by the templates of the pages.

Rendered once for an audience and sent to all of it as the same bytes: UTC times, no form token, nothing of one person.
What is one's own is only nudged.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.template.loader import render_to_string

from ceoc import clock
from ceoc.access.viewer import Audience
from ceoc.live.sources import Event, Insert, Nudge, Order, Part, Remove, Swap
from emergencies.pages.render import may, times
from emergencies.queries import emergency as emergencies
from emergencies.queries.board import Board, board
from emergencies.queries.filters import from_key
from emergencies.queries.tray import tray

GONE = Event(
    "gone",
    {
        "title": "This emergency is not here any more",
        "text": "It is part of another one now, went with a demo that began anew, or is not for you to see.",
    },
)


EMERGENCY = "emergency:"
"""How the topic of one emergency begins."""


class BoardSource:
    """The queue: each row is a fragment, order and counts a small message of their own. The key is the filters'."""

    name = "board"

    def topics(self, key: str) -> frozenset[str]:
        """Any emergency may come onto any board."""
        del key
        return frozenset({"board", f"{EMERGENCY}*"})

    def render(self, key: str, audience: Audience, touched: frozenset[str] | None) -> Sequence[Part]:
        """The rows of the emergencies that were touched, or all of them; the order always. Three queries."""
        shown = board(audience, from_key(key), clock.now())
        ids = None if touched is None else {topic.removeprefix(EMERGENCY) for topic in touched if topic != "board"}
        return [*_rows(shown, ids or None, may(audience)), _order(shown), Nudge("board")]


class TraySource:
    """The pages made by hand that wait to be tied."""

    name = "tray"

    def topics(self, key: str) -> frozenset[str]:
        """The one list."""
        del key
        return frozenset({"tray"})

    def render(self, key: str, audience: Audience, touched: frozenset[str] | None) -> Sequence[Part]:
        """The list as a whole; it is short."""
        del key, touched
        return [Swap("tray", _html("emergencies/_tray.html", tray=tray(audience)))]


class EmergencySource:
    """One emergency: its parts, each entry of its timeline, and a nudge for what is one's own. The key is its id."""

    name = "emergency"

    def topics(self, key: str) -> frozenset[str]:
        """The emergency itself."""
        return frozenset({f"{EMERGENCY}{key}"})

    def render(self, key: str, audience: Audience, touched: frozenset[str] | None) -> Sequence[Part]:
        """All parts; those that did not change are not sent again. Eight queries."""
        del touched
        view = emergencies.emergency(audience, key, times())
        if view is None or view.joined_into:
            return [GONE]
        return [*_parts(view, audience), *_entries(view, audience), Nudge("composer"), Nudge("dialogs")]


SOURCES = (BoardSource(), TraySource(), EmergencySource())
"""To be registered when the app is ready."""


def _rows(shown: Board, ids: set[str] | None, rights: dict[str, bool]) -> Iterable[Part]:
    """Rows of these emergencies, of all for None; those that this board does not show leave it."""
    for section in shown.sections:
        for row in section.rows:
            if ids is None or row.id in ids:
                yield Insert("queue", f"row-{row.id}", _html("emergencies/_row.html", row=row, may=rights))
    present = {row.id for section in shown.sections for row in section.rows}
    yield from (Remove(f"row-{id}") for id in sorted((ids or set()) - present))


def _order(shown: Board) -> Order:
    sections = {section.name: tuple(f"row-{row.id}" for row in section.rows) for section in shown.sections}
    return Order("queue", sections, {**shown.counts, "closed": shown.closed})


def _parts(view: emergencies.View, audience: Audience) -> Iterable[Part]:
    rights = may(audience)
    yield Swap("e-head", _html("emergencies/_head.html", head=view.head))
    yield Swap("e-next", _html("emergencies/_next.html", step=view.step, head=view.head, may=rights))
    warnings = _html("emergencies/_warnings.html", warnings=view.warnings, stale=view.facts.stale)
    yield Swap("e-warnings", warnings)
    yield Swap("e-items", _html("emergencies/_items.html", items=view.items))
    yield Swap("e-commands", _html("emergencies/_commands.html", commands=view.commands, may=rights))
    yield Swap("e-facts", _html("emergencies/_facts.html", facts=view.facts, id=view.head.id, may=rights))


def _entries(view: emergencies.View, audience: Audience) -> Iterable[Part]:
    rights = may(audience)
    for row in view.timeline:
        html = _html("emergencies/_entry.html", row=row, id=view.head.id, may=rights)
        yield Insert("e-timeline", f"e-entry-{row.id}", html, where="start")
    yield Order("e-timeline", {"entries": tuple(f"e-entry-{row.id}" for row in view.timeline)})


def _html(template: str, **context: object) -> str:
    return str(render_to_string(template, context)).strip()
