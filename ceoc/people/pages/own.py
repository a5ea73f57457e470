"""One's own page: readiness, zone, and what one was told."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import available_timezones

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ceoc import clock
from ceoc.access import notices as told
from ceoc.access.gate import may
from ceoc.access.models import Person
from ceoc.access.pages import safe_next
from ceoc.live.announce import announce
from ceoc.people import queries, reads
from ceoc.people.reads import TOPIC

NEVER = datetime.min.replace(tzinfo=UTC)
AREAS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def zones() -> list[str]:
    """The zones that a person may live in, by name."""
    return sorted(name for name in available_timezones() if name.partition("/")[0] in AREAS)


@may("view")
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """One's own page."""
    shown = {
        "person": queries.own(request.viewer, clock.wall()),
        "history": told.history(request.viewer.person_id),
        "zones": zones(),
        "works": request.viewer.may("work"),
    }
    return render(request, "people/me.html", shown)


@may("view")
@require_safe
def readiness(request: HttpRequest) -> HttpResponse:
    """What one needs oneself, as it is now."""
    return render(request, "people/_own_readiness.html", {"person": queries.own(request.viewer, clock.wall())})


@require_POST
@may("work")
def read(request: HttpRequest) -> HttpResponse:
    """Read oneself anew, everywhere."""
    reads.ask(request.viewer.person_id, clock.wall())
    messages.success(request, "You are being read anew at the vendors. What they answer shows here by itself.")
    return redirect("me")


@require_POST
@may("view", own_rows=True)
def zone(request: HttpRequest) -> HttpResponse:
    """Choose the zone in which one's pages show times."""
    wanted = request.POST.get("zone", "")
    if wanted not in zones():
        messages.error(request, "Choose a zone from the list, such as Europe/Dublin.")
        return redirect("me")
    Person.objects.filter(pk=request.viewer.person_id).update(zone=wanted)
    announce([TOPIC], "global")
    messages.success(request, f"Times are shown in {wanted.replace('_', ' ')} from now on.")
    return redirect("me")


@may("view")
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """What waits to be told, as it is now."""
    return render(request, "people/_notices.html", {"notices": told.waiting(request.user)})


@require_POST
@may("view", own_rows=True)
def seen(request: HttpRequest) -> HttpResponse:
    """Say that one has read what was told until then."""
    told.seen(request.viewer.person_id, _until(request.POST.get("until", "")))
    return redirect(safe_next(request, request.POST.get("back")))


def _until(said: str) -> datetime:
    """The instant that the form names; the beginning of time for what is none, so that nothing counts as read."""
    try:
        until = datetime.fromisoformat(said)
    except ValueError:
        return NEVER
    return until if until.tzinfo else NEVER
