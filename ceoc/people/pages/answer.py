"""How a press is answered here: the page is loaded again and says on top what was brought about, or why it was not."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from ceoc import clock
from ceoc.access import clearance
from ceoc.access.models import Person
from ceoc.access.pages import safe_next
from ceoc.people import matching, queries, ties
from ceoc.people.rows import PersonRow

REFUSALS = (clearance.Refused, matching.Refused, ties.Refused)


def press(doing: Callable[..., str]) -> Callable[..., HttpResponse]:
    """A view that does something: what it answers is said on the page that one came from; so is a refusal."""

    @wraps(doing)
    def view(request: HttpRequest, *args: str, **words: str) -> HttpResponse:
        try:
            said = doing(request, *args, **words)
        except REFUSALS as refusal:
            messages.error(request, str(refusal))
        else:
            if said:
                messages.success(request, said)
        return redirect(safe_next(request, request.POST.get("back")))

    return view


def found(public_id: str) -> Person:
    """The person of that id; 404 for nobody."""
    person = Person.objects.filter(public_id=public_id).first()
    if person is None:
        raise Http404
    return person


def shown(request: HttpRequest, public_id: str) -> PersonRow:
    """The person of that id as they are shown; 404 for nobody."""
    person = queries.person(request.viewer, public_id, clock.wall())
    if person is None:
        raise Http404
    return person
