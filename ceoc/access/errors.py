"""The pages for what went wrong: what happened, what is safe, what to do. A thing that one may not see is not found."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ceoc.access.audit import request_id
from ceoc.access.gate import public


@public
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return render(request, "errors/400.html", status=400)


@public
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 that a view raised; the gate's own come from the middleware."""
    return render(request, "errors/403.html", {"sentence": "Your role may not do this."}, status=403)


@public
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: the same page for what never was and for what one may not see."""
    return render(request, "errors/404.html", status=404)


@public
def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it is the database that does not answer. Needs no database itself."""
    down = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    code = 503 if down else 500
    response = render(request, f"errors/{code}.html", {"request_id": request_id()}, status=code)
    if down:
        response.headers["Retry-After"] = "5"
    return response
