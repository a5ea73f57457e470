"""The same fragments over plain HTTP, for a page whose stream is lost."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from ceoc import clock
from ceoc.access.gate import may
from ceoc.access.viewer import Viewer
from ceoc.live import sources, wire
from ceoc.live.endpoint import MOST_CHANNELS
from ceoc.live.picture import GONE
from ceoc.live.who import tag


@require_safe
@may("view")
def fragments(request: HttpRequest) -> HttpResponse:
    """The present state of the channels `on`, as a stream would begin: 400 for what nobody offers."""
    viewer: Viewer = request.viewer
    channels = list(dict.fromkeys(request.GET.getlist("on")))
    found = [(channel, sources.find(channel)) for channel in channels]
    if not 0 < len(found) <= MOST_CHANNELS or any(source is None for _, source in found):
        return HttpResponse("Ask for known channels, 24 at most.", status=400, content_type="text/plain")
    messages = [
        {"on": channel, "parts": list(source[0].render(source[1], viewer.audience, None)) or [GONE]}
        for channel, source in found
        if source is not None
    ]
    body = {"viewer": tag(viewer), **wire.clock(clock.now(), clock.rate()), "messages": messages}
    response = HttpResponse(msgspec.json.encode(body), content_type="application/json")
    response["Cache-Control"] = "no-store"
    return response
