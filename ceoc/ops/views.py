"""Health: is the process alive, and can it work. Metrics: how much it has to do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST

from ceoc import clock
from ceoc.access.gate import Need, public, token
from ceoc.ops import health, metrics


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


@token(Need("GET", "metrics", "view"))
def metrics_page(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus. Whoever reads them, none holds anything of US Gov."""
    return HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE_LATEST)
