"""The board, what is one's own on it, and what was closed."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from ceoc import clock
from ceoc.access.gate import may
from ceoc.look.times import iso
from emergencies.pages import render as parts
from emergencies.queries import filters as narrowing
from emergencies.queries import own, words
from emergencies.queries.board import board as board_of
from emergencies.queries.closed import closed as closed_of
from emergencies.queries.filters import Filters
from emergencies.queries.search import found
from emergencies.queries.tray import tray


@require_safe
@may("view")
def board(request: HttpRequest) -> HttpResponse:
    """The live queue, narrowed as the address says; with `q` what was found instead."""
    viewer, now = request.viewer, clock.now()
    filters = narrowing.from_query(request.GET, viewer.email)
    context = {
        "board": board_of(viewer, filters, now),
        "found": found(viewer, filters.q, now) if filters.q else None,
        "tray": tray(viewer),
        "own": own.own_board(viewer, now),
        "may": parts.may(viewer),
        "mine": filters.dri == viewer.email,
        "choices": _choices(filters),
        "channels": "tray" if filters.q else f"tray {channel(filters)}",
    }
    return render(request, "emergencies/board.html", context)


@require_safe
@may("view")
def own_board(request: HttpRequest) -> HttpResponse:
    """The viewer's own card above the queue."""
    return render(request, "emergencies/_own_board.html", {"own": own.own_board(request.viewer, clock.now())})


@require_safe
@may("view")
def closed(request: HttpRequest) -> HttpResponse:
    """What was closed, newest first, by the days of the viewer's zone."""
    zone = ZoneInfo(request.viewer.zone)
    shown = closed_of(request.viewer, zone, _before(request.GET.get("before", "")))
    older = f"/closed/?before={iso(shown.older)}" if shown.older else ""
    context = {"days": shown.days, "older": older, "zone": request.viewer.zone}
    return render(request, "emergencies/closed.html", context)


def channel(filters: Filters) -> str:
    """The live channel of a board that is narrowed so."""
    return f"board:{filters.key}" if filters.key else "board"


def _before(text: str) -> datetime | None:
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def _choices(filters: Filters) -> list[dict[str, object]]:
    """The filters of the menu, each with its words."""
    stages = list(narrowing.STAGES.items())
    return [
        {"name": "stage", "words": "Stage", "options": stages, "present": filters.stage},
        {"name": "plan", "words": "Plan", "options": list(words.PLANS.items()), "present": filters.plan},
        {"name": "product", "words": "Product", "options": list(words.PRODUCTS.items()), "present": filters.product},
    ]
