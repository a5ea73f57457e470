"""What the demo bar's buttons do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ceoc import clock
from ceoc.access import sessions
from ceoc.access.gate import may, public_change
from ceoc.access.models import Person
from ceoc.access.pages import HOME, safe_next
from ceoc.demo import people, playing, shared_clock
from ceoc.demo.sandbox_control import SandboxUnavailable

View = Callable[[HttpRequest], HttpResponse]

NEW_YORK = ZoneInfo("America/New_York")


def demo_only(view: View) -> View:
    """Outside DEMO the address does not exist."""

    @wraps(view)
    def only(request: HttpRequest) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request)

    return only


@public_change
@require_POST
@demo_only
def persona(request: HttpRequest) -> HttpResponse:
    """Signs in as a persona, whoever was signed in before."""
    chosen = people.persona(request.POST.get("persona", ""))
    person = Person.objects.known(chosen.email) if chosen else None
    if person is None:
        messages.error(request, "There is no such persona. Run manage.py demo_people if the list looks empty.")
    else:
        sessions.begin(request, person)
    return redirect(safe_next(request, request.POST.get("next")))


@may("view")
@require_POST
@demo_only
def scenario(request: HttpRequest) -> HttpResponse:
    """Plays a scenario from its start; the board fills from nothing."""
    try:
        played = playing.play(request.POST.get("scenario", ""), wall=clock.wall())
    except (playing.Unknown, SandboxUnavailable) as error:
        messages.error(request, str(error))
        return redirect(safe_next(request, request.POST.get("next")))
    start = played.starts_at.astimezone(NEW_YORK)
    messages.success(request, f"The scenario plays. It is {start:%A}, {start.day} {start:%B %Y, %H:%M} in New York.")
    return redirect(HOME)


@may("view")
@require_POST
@demo_only
def demo_clock(request: HttpRequest) -> HttpResponse:
    """Changes how fast the shared clock runs."""
    try:
        playing.run_clock(wall=clock.wall(), rate=float(request.POST.get("rate", "")))
    except ValueError:
        rates = ", ".join(f"{rate}" for rate in shared_clock.RATES)
        messages.error(request, f"The clock runs {rates} times as fast; choose one of them.")
    except SandboxUnavailable as error:
        messages.error(request, f"The clock here is set. {error}")
    return redirect(safe_next(request, request.POST.get("next")))
