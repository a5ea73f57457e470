"""`/ringing/`: can this browser ring? Tried by a press; the choice is kept in the browser."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ceoc.access.gate import may


@require_safe
@may("view")
def ringing(request: HttpRequest) -> HttpResponse:
    """What the browser allows is found out by its script alone; the server knows nothing of it."""
    return render(request, "live/ringing.html")
