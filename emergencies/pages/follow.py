"""A shadow follows an engineer: chooses one, pauses, stops. It lives in Redis and is nobody's but the shadow's."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ceoc import clock
from ceoc.access.gate import may
from ceoc.access.viewer import Viewer
from ceoc.live import following
from emergencies.pages.answer import back, refused
from emergencies.queries.follow import lead, leads
from emergencies.queries.here import place_of

LOST = "It could not be kept just now. Nothing else was changed; try again in a moment."


@require_http_methods(["GET", "HEAD", "POST"])
@may("view", own_rows=True)
def follow(request: HttpRequest) -> HttpResponse:
    """Whom a shadow may follow; POST `who`: from now on that one. Others work themselves: there is no such page."""
    viewer: Viewer = request.viewer
    if viewer.role != "shadow":
        raise Http404
    wall = clock.wall()
    if request.method != "POST":
        present = following.of(viewer, wall)
        return render(request, "emergencies/follow.html", {"leads": leads(viewer, wall), "present": present})
    person = lead(request.POST.get("who", ""))
    if person is None:
        return refused(request, "Nobody of that name works emergencies. Choose somebody from the list.")
    if not following.follow(viewer, person.email, person.name, wall):
        return refused(request, LOST)
    place = place_of(viewer, person.email, wall)
    return redirect("emergency", place.id) if place else redirect(back(request))


@require_POST
@may("view", own_rows=True)
def change(request: HttpRequest) -> HttpResponse:
    """`do`: stop, pause, go_on; `beat` says that the browser is there, and answers 404 where nobody is followed."""
    viewer, do, wall = request.viewer, request.POST.get("do", ""), clock.wall()
    if do == "beat":
        return HttpResponse(status=204 if following.beat(viewer, wall) else 404)
    if do == "stop":
        following.stop(viewer)
    else:
        following.pause(viewer, do == "pause", wall)
    return redirect(back(request))


@require_safe
@may("view")
def own(request: HttpRequest) -> HttpResponse:
    """The line under the bar as it stands for the viewer."""
    return render(request, "live/_own_follow.html", {"present": following.of(request.viewer, clock.wall())})
