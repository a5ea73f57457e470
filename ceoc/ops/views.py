"""Health: is the process alive, and can it work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from ceoc import clock
from ceoc.access.gate import public
from ceoc.ops import health


@public
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; asks nothing else."""
    return JsonResponse({"status": "alive"})


@public
@require_GET
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether it can work: 503 without a database, else 200 with the causes of what is degraded."""
    told = health.readiness(clock.wall())
    return JsonResponse(told, status=503 if told["status"] == "down" else 200)
