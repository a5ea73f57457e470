"""Leaving: what is open is handed over first, on a page of its own; and coming back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from ceoc import clock
from ceoc.access.gate import may
from ceoc.access.models import Person
from ceoc.people import leaving, ties
from ceoc.people.pages.answer import found, press, shown


@may("administer")
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, public_id: str) -> HttpResponse:
    """Shows what holds a person; a press hands it over, and lets them leave where they have not."""
    person = found(public_id)
    if request.method == "POST":
        try:
            said = _do(request, person)
        except ties.Refused as refusal:
            messages.error(request, str(refusal))
            return _page(request, person, status=409)
        messages.success(request, said)
        return redirect("person", public_id)
    return _page(request, person)


@require_POST
@may("administer")
@press
def come_back(request: HttpRequest, public_id: str) -> str:
    """Let a person who left sign in again."""
    person = found(public_id)
    leaving.come_back(person=person, reason=request.POST.get("reason", ""), by=request.viewer)
    return f"{person.name} may sign in again, with the role that they had and without clearance."


def _do(request: HttpRequest, person: Person) -> str:
    choices, by, now = dict(request.POST.items()), request.viewer, clock.now()
    if not person.is_active:
        leaving.hand_over(person=person, choices=choices, by=by, now=now)
        return f"What was {person.name}’s is handed over."
    leaving.leave(person=person, choices=choices, reason=request.POST.get("reason", ""), by=by, now=now)
    return f"{person.name} has left. Their sessions and open pages ended at once."


def _page(request: HttpRequest, person: Person, status: int = 200) -> HttpResponse:
    things = leaving.open_things(person, request.viewer)
    told = {
        "person": shown(request, person.public_id),
        "rows": [(tie, request.POST.get(tie.key, "")) for tie in things],
        "reason": request.POST.get("reason", ""),
        "is_self": person.pk == request.viewer.person_id,
        "cleared_must_finish": person.us_gov_cleared and not request.viewer.cleared,
    }
    return render(request, "people/leave.html", told, status=status)
