"""The product under its own root application, with two addresses more: a bare view that inserts one row, and a page
that hangs on a slow vendor."""

from __future__ import annotations

import os

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from requests import get

from ceoc.asgi import application  # isort: skip — it sets Django up, which the others need
from ceoc.access.gate import public, signed
from ceoc.ops.models import Heartbeat

__all__ = ["application"]


@signed
def bare(request: HttpRequest) -> HttpResponse:
    """One row, nothing else."""
    Heartbeat.objects.create(name=request.headers["X-Name"], at="2026-07-01T16:20:00Z")
    return HttpResponse()


@public
def hangs(request: HttpRequest) -> HttpResponse:
    """A page that waits for a vendor."""
    del request
    return HttpResponse(get(os.environ["BENCH_SLOW"], timeout=30).content)


urlpatterns = [
    path("webhooks/bare/", bare),
    path("hangs/", hangs),
    path("", include(settings.ROOT_URLCONF)),
]
settings.ROOT_URLCONF = __name__
