"""Presence: a tab says that it shows an emergency, and every page is told who is beside which."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST

from ceoc import clock
from ceoc.access.gate import may
from ceoc.access.viewer import Audience
from ceoc.live import following, presence
from ceoc.live.presence import Look
from ceoc.live.sources import Insert, Order, Part, Remove, Swap
from emergencies.pages.answer import found
from emergencies.queries.here import WRITES, Here
from emergencies.queries.here import here as people_here

TAB = re.compile(r"[A-Za-z0-9-]{8,40}", re.ASCII)
EMERGENCY = "emergency:"


@require_POST
@may("view", own_rows=True)
def here(request: HttpRequest, public_id: str) -> HttpResponse:
    """A tab shows the emergency (`turned`: since just now), shows it no more (`gone`), or somebody writes in it."""
    row, form, viewer = found(request, public_id), request.POST, request.viewer
    if not TAB.fullmatch(form.get("tab", "")):
        return HttpResponse(status=400)
    writing = form.get("writing", "") if form.get("writing") in WRITES and viewer.may("work") else ""
    told = Look(form["tab"], row.public_id, row.klass, writing, turned="turned" in form)
    if "gone" in form:
        presence.leave(viewer, told)
    else:
        presence.look(viewer, told, clock.wall())
    return HttpResponse(status=204)


class HereSource:
    """Who is beside each emergency that an audience may see, and who follows whom: one small list on every page."""

    name = "here"

    def topics(self, key: str) -> frozenset[str]:
        """Any place; an emergency too, for it may be seen by fewer than before."""
        del key
        return frozenset({f"{presence.TOPIC}*", f"{EMERGENCY}*", following.TOPIC})

    def render(self, key: str, audience: Audience, touched: frozenset[str] | None) -> Sequence[Part]:
        """An item for each place that was touched, of all for None; then which there are. One query, none for nobody.

        Where Redis does not tell who else is there, only what was touched leaves: the others are not known to be gone.
        """
        del key
        wall = clock.wall()
        asked = {topic.partition(":")[2] for topic in touched or () if topic != following.TOPIC}
        moved = {topic.removeprefix(presence.TOPIC) for topic in touched or () if topic.startswith(presence.TOPIC)}
        beside = people_here(audience, wall, asked)
        people, gone = beside.people, moved | (asked - beside.seen)
        parts: list[Part] = [_item(place, people) for place in people if touched is None or place in asked]
        parts += [Remove(f"here-{place}") for place in sorted(gone - people.keys())]
        if beside.known or touched is None:
            parts.append(Order("here", {"here": tuple(f"here-{place}" for place in people)}))
        return [*parts, Swap("followers", _html("_followers.html", followers=following.everybody(wall)))]


def _item(place: str, people: dict[str, tuple[Here, ...]]) -> Insert:
    return Insert("here", f"here-{place}", _html("_here.html", place=place, people=people[place]))


def _html(template: str, **context: object) -> str:
    return str(render_to_string(f"emergencies/{template}", context)).strip()


def expire(_now: object) -> int:
    """The sweep: browsers that fell silent are not here any more."""
    wall = clock.wall()
    return presence.expire(wall) + following.expire(wall)
