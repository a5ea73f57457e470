"""What the demo bar shows, as values."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec
from django.http import HttpRequest

from ceoc import clock
from ceoc.access.viewer import Viewer
from ceoc.demo import playing, shared_clock
from ceoc.demo.people import PERSONAS, Persona
from ceoc.demo.sandbox_control import Scenario

NEW_YORK = ZoneInfo("America/New_York")


class Pace(msgspec.Struct, frozen=True):
    """One of the speeds."""

    rate: int
    is_now: bool


class Bar(msgspec.Struct, frozen=True):
    """The bar at the foot of every page of the demo."""

    personas: tuple[Persona, ...]
    persona: str
    """The e-mail of the one that is signed in."""
    scenarios: tuple[Scenario, ...]
    scenario: str
    may_run: bool
    """Whether this person may play scenarios and change the pace: a shadow changes nothing, nobody neither."""
    paces: tuple[Pace, ...]
    time: str
    """The demo's day and time in New York."""
    here: str
    """The page to come back to."""


def bar(request: HttpRequest) -> Bar:
    """The bar for that request; no query beyond what the clock keeps."""
    viewer: Viewer | None = getattr(request, "viewer", None)
    line = clock.line()
    return Bar(
        personas=PERSONAS,
        persona=viewer.email if viewer else "",
        scenarios=playing.offered(),
        scenario=shared_clock.scenario(),
        may_run=viewer is not None and viewer.may("view") and viewer.role != "shadow",
        paces=tuple(Pace(rate, rate == line.rate) for rate in shared_clock.RATES),
        time=f"{line.at(clock.wall()).astimezone(NEW_YORK):%a %d %b, %H:%M}",
        here=request.get_full_path() if request.method == "GET" else "/",
    )
