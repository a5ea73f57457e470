"""Serves the one stylesheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ceoc.access.gate import public
from ceoc.look.stylesheet import stylesheet

A_YEAR = "public, max-age=31536000, immutable"
NOT_KEPT = "public, max-age=0, must-revalidate"


@require_safe
@public
def style(request: HttpRequest, digest: str) -> HttpResponse:
    """The present stylesheet; an older address gets it too, but is not kept under it."""
    sheet = stylesheet()
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    response = HttpResponse(sheet.packed if packed else sheet.plain, content_type="text/css; charset=utf-8")
    if packed:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = A_YEAR if digest == sheet.digest else NOT_KEPT
    return response
