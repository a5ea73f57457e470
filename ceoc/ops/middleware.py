"""Gives each request an id, puts it on every line of the log and on the answer, and writes one line when it is done."""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponseBase

from ceoc.ops import metrics

log = structlog.get_logger(__name__)

HEADER = "X-Request-ID"
LOOKS_LIKE_AN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)
SLOW = 1.0
"""Seconds after which a request is worth a warning."""

QUIET = ("/static/", "/look/", "/healthz", "/readyz")
"""What browsers and health checks ask for without anybody pressing anything: no lines while all is well."""

QUIET_ENDS = ("/here/", "/follow/change/")
"""What browsers say by themselves of who is here: no lines either, and no trace of who only follows along."""


class Requests:
    """The outermost middleware. A proxy's own id is taken over where it looks like one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Any request. The line has no query string: that may hold what people searched for."""
        given = request.headers.get(HEADER, "")
        request_id = given if LOOKS_LIKE_AN_ID.fullmatch(given) else secrets.token_hex(8)
        began = time.monotonic()
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            response.headers[HEADER] = request_id
            seconds = time.monotonic() - began
            metrics.observe(request, response.status_code, seconds)
            write = log.warning if seconds >= SLOW or response.status_code >= 500 else log.info
            quiet = request.path.startswith(QUIET) or request.path.endswith(QUIET_ENDS)
            if quiet and response.status_code < 400:
                write = log.debug
            write(
                "request.done",
                method=request.method,
                path=request.path,
                status=response.status_code,
                ms=round(seconds * 1000, 1),
            )
        return response
