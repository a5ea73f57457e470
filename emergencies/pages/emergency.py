"""One emergency: its page, what is one's own on it, and that one has looked."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ceoc import clock
from ceoc.access import audit
from ceoc.access.classes import US_GOV
from ceoc.access.gate import may
from emergencies.models import Look
from emergencies.pages import render as parts
from emergencies.pages.answer import back, found


@require_safe
@may("view")
def emergency(request: HttpRequest, public_id: str) -> HttpResponse:
    """The page of an emergency; one that went into another leads there."""
    row = found(request, public_id)
    if row.joined_into:
        return redirect("emergency", row.joined_into)
    if row.klass == US_GOV:
        audit.looked(request.viewer, "emergency", row.public_id)
    return render(request, "emergencies/emergency.html", parts.emergency_page(row, request.viewer))


@require_safe
@may("view")
def composer(request: HttpRequest, public_id: str) -> HttpResponse:
    """The composer as it stands for the viewer."""
    return HttpResponse(parts.composer_fragment(found(request, public_id), request.viewer, request))


@require_safe
@may("view")
def dialogs(request: HttpRequest, public_id: str) -> HttpResponse:
    """The dialogs as they stand for the viewer."""
    return HttpResponse(parts.dialogs_fragment(found(request, public_id), request.viewer, request))


@require_POST
@may("view")
def looked(request: HttpRequest, public_id: str) -> HttpResponse:
    """The viewer has seen what the timeline shows up to now."""
    row = found(request, public_id)
    Look.objects.update_or_create(person_id=request.viewer.person_id, emergency=row, defaults={"at": clock.now()})
    return HttpResponse(status=204) if request.headers.get("X-CSRFToken") else redirect(back(request))
