"""How a press is answered: with what was brought about, or with the sentence of a refusal; with and without a script.

A script gets the sentence alone, to stand where toasts stand (a refusal as 409); the live stream brings what changed.
Without one the page is loaded again and says it on top.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from ceoc import clock
from ceoc.access.viewer import Viewer
from emergencies.actions import Refused
from emergencies.models import Emergency
from emergencies.queries.emergency import find


class Undo(msgspec.Struct, frozen=True):
    """One press that takes back what was just done."""

    action: str
    name: str
    value: str


class Done(msgspec.Struct, frozen=True):
    """What a press brought about, in a sentence; where to go on to, where that is not the page one came from."""

    said: str
    undo: Undo | None = None
    to: str = ""
    fragment: str = ""
    """Markup that goes out with it for a script: what is one's own and now otherwise."""
    about: str = ""
    """Which act it tells of: the next sentence about that one takes its place."""


Doing = Callable[[Emergency, Viewer, Any, QueryDict], Done]


def act_on_emergency(doing: Callable[..., Done]) -> Callable[..., HttpResponse]:
    """A view that does something in an emergency: found through the one door, done, shown. Unseen is 404."""

    @wraps(doing)
    def view(request: HttpRequest, public_id: str) -> HttpResponse:
        emergency = found(request, public_id)
        try:
            done = doing(emergency=emergency, by=request.viewer, now=clock.now(), form=request.POST)
        except Refused as refusal:
            return refused(request, str(refusal))
        return shown(request, done)

    return view


def found(request: HttpRequest, public_id: str) -> Emergency:
    """The emergency of that id; 404 for one that the viewer may not see, as for one that is not there."""
    emergency = find(request.viewer, public_id)
    if emergency is None:
        raise Http404
    return emergency


def shown(request: HttpRequest, done: Done) -> HttpResponse:
    """What was brought about."""
    if request.htmx:
        response = HttpResponse(_answer(done.said, "good", done.undo, done.about) + done.fragment)
        if done.to:
            response["HX-Redirect"] = done.to
        return response
    messages.success(request, done.said)
    return redirect(done.to or back(request))


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    """The sentence of a refusal; nothing was done."""
    if request.htmx:
        return HttpResponse(_answer(sentence, "late", None), status=409)
    messages.error(request, sentence)
    return redirect(back(request))


def back(request: HttpRequest) -> str:
    """Where the person came from, if that is a page of ours; else the board."""
    for address in (request.POST.get("back", ""), request.headers.get("Referer", "")):
        if address and url_has_allowed_host_and_scheme(address, {request.get_host()}):
            return str(address)
    return "/"


def _answer(said: str, tone: str, undo: Undo | None, about: str = "") -> str:
    context = {"said": said, "tone": tone, "undo": undo, "about": about}
    return str(render_to_string("emergencies/_answer.html", context))
