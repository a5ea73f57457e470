"""The administrators' page of deliveries: list, filter, show, replay."""

from __future__ import annotations

import structlog
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ceoc.access import audit
from ceoc.access.classes import US_GOV
from ceoc.access.gate import may
from ceoc.inbox import processing, queries
from ceoc.inbox.models import STATES
from ceoc.vendors.names import NAMES

log = structlog.get_logger(__name__)


@may("administer")
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """The list, the latest first."""
    filters = queries.Filters.of(request.GET)
    found = queries.listed(request.viewer, filters)
    told = {"found": found, "filters": filters, "vendors": NAMES.items(), "states": STATES}
    return render(request, "inbox/deliveries.html", told)


@may("administer")
@require_safe
def delivery(request: HttpRequest, public_id: str) -> HttpResponse:
    """One delivery with its headers and its body. Unseen is 404."""
    found = queries.one(request.viewer, public_id)
    if found is None:
        raise Http404
    if found.klass == US_GOV:
        audit.looked(request.viewer, "delivery", public_id)
    return render(request, "inbox/delivery.html", {"delivery": queries.shown(found)})


@may("administer")
@require_POST
def replay(request: HttpRequest, public_id: str) -> HttpResponse:
    """Reads a delivery once more. Unseen is 404."""
    found = queries.one(request.viewer, public_id)
    if found is None:
        raise Http404
    processing.replay(found)
    log.info("delivery_replayed", delivery_id=public_id, by=request.viewer.email)
    messages.success(request, "It is read once more. What it told before is not doubled.")
    return redirect("delivery", public_id=public_id)
