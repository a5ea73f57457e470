"""In DEMO, answers this machine alone."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from ceoc.demo import safety

log = structlog.get_logger(__name__)


class ThisMachineOnly:
    """Refuses, in DEMO, requests from elsewhere and through a proxy. Not used outside DEMO."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.DEMO:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Any request."""
        sentence = safety.refusal(peer=request.META.get("REMOTE_ADDR"), headers=request.headers)
        if sentence:
            log.warning("demo.refused", reason=sentence)
            return HttpResponse(sentence, status=403, content_type="text/plain; charset=utf-8")
        return self.get_response(request)
