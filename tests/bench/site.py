"""The product's root application with three addresses beside its own: a bare insert, a page that asks a vendor, and how
often live pages were rendered.

Served by uvicorn as the product is: the bare insert runs in the threads of the webhooks, the page in those of pages.
"""

from __future__ import annotations

import django
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

django.setup()  # before anything that needs its models is imported

from ceoc.access.gate import public, signed  # noqa: E402
from ceoc.asgi import application  # noqa: E402
from ceoc.vendors import pagerduty  # noqa: E402
from ceoc.vendors.errors import VendorError  # noqa: E402

__all__ = ["application"]

TABLE = "CREATE TABLE IF NOT EXISTS bench_row (id bigserial PRIMARY KEY, body bytea, at timestamptz DEFAULT now())"
INSERT, SLOW, RENDERS = "/webhooks/bench/", "/bench/slow/", "/webhooks/bench/renders/"


@signed
def insert(request: HttpRequest) -> HttpResponse:
    """What any view that keeps a row must do at least."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO bench_row (body) VALUES (%s)", [request.body])
    return HttpResponse("Kept.", content_type="text/plain")


@public
def slow(_request: HttpRequest) -> HttpResponse:
    """A page that waits for PagerDuty."""
    try:
        pagerduty.door().page("PNONE")
    except VendorError as error:
        return HttpResponse(error.sentence, content_type="text/plain")
    return HttpResponse("It answered.", content_type="text/plain")


@public
def renders(_request: HttpRequest) -> HttpResponse:
    """How often anything was rendered for those who look now."""
    hub = application._hub
    return HttpResponse(str(sum(picture.rendered for picture in list(hub.pictures.values())) if hub else 0))


urlpatterns = [
    path(RENDERS.lstrip("/"), renders),
    path(INSERT.lstrip("/"), insert),
    path(SLOW.lstrip("/"), slow),
    path("", include("ceoc.urls")),
]
settings.ROOT_URLCONF = __name__
