"""The administrators' page of the audit."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ceoc.access import audit_rows
from ceoc.access.gate import may
from ceoc.access.models import AUDITED


@may("administer")
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Who came in, who was refused, who was cleared, who looked at what; the newest first."""
    filters = audit_rows.Filters.of(request.GET)
    found = audit_rows.listed(request.viewer, filters)
    return render(request, "access/audit.html", {"found": found, "filters": filters, "kinds": AUDITED})
