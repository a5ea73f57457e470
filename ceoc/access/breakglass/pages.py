"""The administrators' page of break-glass codes: who has some, print new ones, revoke."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ceoc import clock
from ceoc.access.breakglass import codes, queries
from ceoc.access.gate import may


@may("administer")
@require_safe
def break_glass(request: HttpRequest) -> HttpResponse:
    """Who has codes, how many are left, and a form that prints new ones."""
    return render(request, "access/break_glass.html", {"found": queries.listed(clock.wall())})


@may("administer")
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """New codes for a person, shown this once."""
    email = request.POST.get("email", "").replace("\0", "")
    try:
        printed = codes.make(email, by=request.viewer.email, cleared=request.viewer.cleared, now=clock.wall())
    except codes.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("break-glass")
    address = f"{settings.CEOC_URL.rstrip('/')}{reverse('sign-in-code')}"
    return render(request, "access/codes.html", {"printed": printed, "address": address})


@may("administer")
@require_POST
def revoke(request: HttpRequest, public_id: str) -> HttpResponse:
    """The codes of a set count no more. A set that ended before is not found."""
    person = codes.revoke(public_id, by=request.viewer.email, now=clock.wall())
    if person is None:
        raise Http404
    messages.success(request, f"{person.name}'s codes count no more, and whoever came in by one is signed out.")
    return redirect("break-glass")
