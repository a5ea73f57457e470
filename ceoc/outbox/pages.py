"""The page of commands: everybody sees what their class allows; to send again, put aside or take back needs `work`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps

import structlog
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from ceoc import clock
from ceoc.access import audit
from ceoc.access.gate import may
from ceoc.outbox import people, queries
from ceoc.outbox.models import Command
from ceoc.outbox.people import TooLate

log = structlog.get_logger(__name__)


@may("view")
@require_safe
def commands(request: HttpRequest) -> HttpResponse:
    """The list, the newest first."""
    filters = queries.Filters.of(request.GET)
    found = queries.listed(request.viewer, filters)
    audit.looked(request.viewer, "command", *[row.id for row in found.rows if row.gov])
    told = {"found": found, "filters": filters, "work": request.viewer.may("work")}
    return render(request, "outbox/commands.html", told)


def press(doing: Callable[..., str]) -> Callable[..., HttpResponse]:
    """A view that does something with one command: found through the one door, done, said. Unseen is 404."""

    @wraps(doing)
    def view(request: HttpRequest, public_id: str) -> HttpResponse:
        command = queries.one(request.viewer, public_id)
        if command is None:
            raise Http404
        try:
            said = doing(command, by=request.viewer.email, now=clock.now())
        except TooLate as refusal:
            return _said(request, str(refusal), "late")
        log.info("command_pressed", command_id=public_id, press=doing.__name__, by=request.viewer.email)
        return _said(request, said, "good")

    return view


@require_POST
@may("work")
@press
def retry(command: Command, *, by: str, now: datetime) -> str:
    """Send again, or now."""
    people.retry(command, by=by, now=now)
    return "It is sent now."


@require_POST
@may("work")
@press
def dismiss(command: Command, *, by: str, now: datetime) -> str:
    """Put aside."""
    people.dismiss(command, by=by, now=now)
    return "It is put aside and will not be sent."


@require_POST
@may("work")
@press
def take_back(command: Command, *, by: str, now: datetime) -> str:
    """Take back while it is held."""
    people.take_back(command, by=by, now=now)
    return "It is taken back. Nothing was sent."


def _said(request: HttpRequest, sentence: str, tone: str) -> HttpResponse:
    """The sentence, where toasts stand for a script (a refusal as 409), else on top of the page one came from."""
    if request.htmx:
        html = render_to_string("outbox/_said.html", {"said": sentence, "tone": tone})
        return HttpResponse(html, status=409 if tone == "late" else 200)
    (messages.error if tone == "late" else messages.success)(request, sentence)
    back = request.POST.get("back", "")
    near = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return redirect(back if back and near else "commands")
