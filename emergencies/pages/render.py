"""Puts the parts of an emergency's page together: whole, and the parts that are one's own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from ceoc import clock
from ceoc.access.viewer import Audience, Viewer
from emergencies.models import Emergency
from emergencies.queries import own
from emergencies.queries.composer import composer, no_seat
from emergencies.queries.dialogs import dialogs
from emergencies.queries.emergency import View, load, view
from emergencies.queries.follow import lead
from emergencies.queries.rows import Face, Times


def times() -> Times:
    """Both clocks now."""
    return Times(clock.line(), clock.wall())


def may(viewer: Viewer | Audience) -> dict[str, bool]:
    """What templates ask of a viewer or an audience."""
    return {"work": viewer.may("work"), "override": viewer.may("override")}


def emergency_page(row: Emergency, viewer: Viewer) -> dict[str, Any]:
    """What the page of an emergency needs: the shared part, and the viewer's own."""
    both = times()
    shown = view(load(viewer, row, both), both)
    return {
        "view": shown,
        "may": may(viewer),
        "composer": composer(shown, own.drafts(viewer, row), no_seat=no_seat(shown, viewer)),
        "lead": _lead(shown, viewer),
        "dialogs": dialogs(shown, viewer),
        "looked": own.looked(viewer, row, shown.timeline),
    }


def composer_fragment(
    row: Emergency, viewer: Viewer, request: HttpRequest | None = None, current: str = "public"
) -> str:
    """The composer with what is kept of the viewer's drafts; `current` is the audience that is shown."""
    shown = _view(row, viewer)
    context = {
        "composer": composer(shown, own.drafts(viewer, row), current, no_seat(shown, viewer)),
        "may": may(viewer),
        "lead": _lead(shown, viewer),
    }
    return str(render_to_string("emergencies/_own_composer.html", context, request))


def composer_partial(row: Emergency, viewer: Viewer, current: str) -> str:
    """The composer as it goes out with the answer to a script, to stand where it stood."""
    fragment = composer_fragment(row, viewer, None, current)
    return f'<hx-partial hx-target="#own-composer" hx-swap="outerHTML">{fragment}</hx-partial>'


def dialogs_fragment(row: Emergency, viewer: Viewer, request: HttpRequest) -> str:
    """The dialogs as they stand now."""
    return str(
        render_to_string("emergencies/_own_dialogs.html", {"dialogs": dialogs(_view(row, viewer), viewer)}, request)
    )


def looked_fragment(row: Emergency, viewer: Viewer, request: HttpRequest) -> str:
    """What is new to the viewer."""
    looked = own.looked(viewer, row, _view(row, viewer).timeline)
    return str(render_to_string("emergencies/_own_looked.html", {"looked": looked}, request))


def _lead(shown: View, viewer: Viewer) -> Face | None:
    """The DRI, where the viewer is a shadow who may follow them. Two queries for a shadow, none for others."""
    face = shown.facts.dri.face
    return face if viewer.role == "shadow" and lead(face.email) else None


def _view(row: Emergency, viewer: Viewer) -> View:
    both = times()
    return view(load(viewer, row, both), both)
