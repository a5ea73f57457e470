"""The API's own document, for everybody: it holds shapes and no facts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from ceoc.access.gate import public
from ceoc.api import openapi


def _tag(_request: HttpRequest) -> str:
    return f'"{openapi.published().digest}"'


@public
@require_safe
@condition(etag_func=_tag)
def document(_request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1, made from the operations themselves."""
    return HttpResponse(openapi.published().text, content_type="application/json")
