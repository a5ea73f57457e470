"""What belongs together, by hand (PAGE-14): tie, take out, join; and the pages that wait to be tied."""

from __future__ import annotations

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from ceoc import clock
from ceoc.access import audit
from ceoc.access.gate import may
from ceoc.access.viewer import Viewer
from emergencies import actions
from emergencies.actions import Refused
from emergencies.actions.naming import known, named
from emergencies.models import Emergency
from emergencies.pages.answer import Done, Undo, act_on_emergency, refused, shown
from emergencies.queries import tray
from emergencies.queries.emergency import find
from emergencies.queries.phrases import subject_words


@require_POST
@may("work")
@act_on_emergency
def link(*, emergency: Emergency, by: Viewer, now: datetime, form: QueryDict) -> Done:
    """Tie a page, ticket or thread to the emergency."""
    subject = form.get("subject") or named(form.get("kind", ""), form.get("id", ""), emergency.klass)
    actions.link(emergency=emergency, by=by, now=now, subject=subject, why=form.get("why", ""))
    undo = Undo(f"/emergencies/{emergency.public_id}/unlink/", "subject", subject)
    return Done(f"Tied {subject_words(subject)}.", undo)


@require_POST
@may("work")
@act_on_emergency
def unlink(*, emergency: Emergency, by: Viewer, now: datetime, form: QueryDict) -> Done:
    """Take a page, ticket or thread out of the emergency."""
    subject = known(form.get("subject", ""))
    actions.unlink(emergency=emergency, by=by, now=now, subject=subject, why=form.get("why", ""))
    undo = Undo(f"/emergencies/{emergency.public_id}/link/", "subject", subject)
    return Done(f"Took {subject_words(subject)} out.", undo)


@require_POST
@may("work")
@act_on_emergency
def split(*, emergency: Emergency, by: Viewer, now: datetime, form: QueryDict) -> Done:
    """Take a page or ticket out into an emergency of its own."""
    subject = known(form.get("subject", ""))
    actions.split(emergency=emergency, by=by, now=now, subject=subject, why=form.get("why", ""))
    undo = Undo(f"/emergencies/{emergency.public_id}/link/", "subject", subject)
    return Done(f"Made {subject_words(subject)} an emergency of its own.", undo)


@require_POST
@may("work")
@act_on_emergency
def join(*, emergency: Emergency, by: Viewer, now: datetime, form: QueryDict) -> Done:
    """Let two emergencies be one; the older one stands."""
    into = find(by, form.get("into", ""))
    if into is None:
        raise Refused("Choose the emergency that this one belongs to.")
    actions.join(emergency=emergency, into=into, by=by, now=now, why=form.get("why", ""))
    return Done("They are one emergency now.", to=f"/emergencies/{emergency.public_id}/")


@require_safe
@may("view")
def waiting(request: HttpRequest, page: str) -> HttpResponse:
    """A page made by hand, and what it may be."""
    found = tray.find(request.viewer, page)
    if found is None:
        raise Http404
    if found.gov:
        audit.looked(request.viewer, "page", found.id)
    may_work, cleared = request.viewer.may("work"), request.viewer.cleared
    return render(request, "emergencies/tray.html", {"page": found, "may_work": may_work, "cleared": cleared})


@require_POST
@may("work")
def tie_waiting(request: HttpRequest, page: str) -> HttpResponse:
    """Tie a page that waits to a ticket."""
    found = tray.find(request.viewer, page)
    if found is None:
        raise Http404
    try:
        ticket = named("ticket", request.POST.get("ticket", ""), request.POST.get("account", ""))
        actions.tie_waiting(page=found.key, ticket=ticket, by=request.viewer, now=clock.now())
    except Refused as refusal:
        return refused(request, str(refusal))
    return shown(request, Done(f"Tied to {subject_words(ticket)}.", to="/"))


@require_POST
@may("work")
def put_aside(request: HttpRequest, page: str) -> HttpResponse:
    """Say that a page that waits calls a colleague, or is no emergency."""
    found = tray.find(request.viewer, page)
    if found is None:
        raise Http404
    try:
        actions.put_aside(page=found.key, by=request.viewer, now=clock.now(), why=request.POST.get("why", ""))
    except Refused as refusal:
        return refused(request, str(refusal))
    return shown(request, Done("It is put aside. It goes on ringing until somebody takes it in PagerDuty.", to="/"))
