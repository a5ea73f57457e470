"""What the palette asks the server for: emergencies and people, as a part of a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ceoc import clock
from ceoc.access.gate import may
from emergencies.queries import filters
from emergencies.queries.find import finds


@require_safe
@may("view")
def find(request: HttpRequest) -> HttpResponse:
    """What the words in `q` find; without any the emergencies that the viewer was at last."""
    words = filters.from_query(request.GET, me="").q
    return render(request, "emergencies/_finds.html", {"finds": finds(request.viewer, words, clock.now()), "q": words})
