"""The people: the list, one person, and who does not match. Managers look; what changes stands in `acts`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ceoc import clock
from ceoc.access.gate import may
from ceoc.access.viewer import Viewer
from ceoc.people import queries
from ceoc.people.pages.answer import shown
from ceoc.people.places import seen_by
from ceoc.people.rows import Filters, PersonRow


@may("manage")
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with role, zone, readiness and matches."""
    return render(request, "people/people.html", _listed(request))


@may("manage")
@require_safe
def table(request: HttpRequest) -> HttpResponse:
    """The same list alone, as it is now."""
    return render(request, "people/_people.html", _listed(request))


@may("manage")
@require_safe
def unmatched(request: HttpRequest) -> HttpResponse:
    """Who is here and unknown at a vendor, and who is there and unknown here."""
    return render(request, "people/unmatched.html", _unmatched(request))


@may("manage")
@require_safe
def unmatched_lists(request: HttpRequest) -> HttpResponse:
    """The same lists alone, as they are now."""
    return render(request, "people/_unmatched.html", _unmatched(request))


@may("manage")
@require_safe
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """One person."""
    one, viewer = shown(request, public_id), request.viewer
    told = {
        "person": one,
        "places": seen_by(cleared=viewer.cleared),
        "history": queries.history(viewer, one.email),
        "rights": _rights(viewer, one),
    }
    return render(request, "people/person.html", told)


@may("manage")
@require_safe
def readiness(request: HttpRequest, public_id: str) -> HttpResponse:
    """What one person needs, as it is now."""
    one = shown(request, public_id)
    return render(request, "people/_readiness.html", {"person": one, "rights": _rights(request.viewer, one)})


def _listed(request: HttpRequest) -> dict[str, Any]:
    filters = Filters.of(request.GET)
    return {
        "found": queries.people(request.viewer, filters, clock.wall()),
        "filters": filters,
        "administers": request.viewer.may("administer"),
    }


def _unmatched(request: HttpRequest) -> dict[str, Any]:
    found = queries.unmatched(request.viewer, clock.wall())
    return {"found": found, "administers": request.viewer.may("administer")}


def _rights(viewer: Viewer, one: PersonRow) -> dict[str, bool]:
    """What the viewer may do with that person."""
    is_self, administers = one.email == viewer.email, viewer.may("administer")
    return {
        "is_self": is_self,
        "read": one.active,
        "match": administers and one.active,
        "knows_clearance": queries.knows_clearances(viewer),
        "clear": viewer.cleared and not is_self and one.active,
        "leave": administers and not is_self,
    }
