"""Presses on an emergency's pages, and what people say of it: each is who, may they, do it, show it."""

from __future__ import annotations

from datetime import datetime

from django.http import QueryDict
from django.views.decorators.http import require_POST

from ceoc.access.gate import may
from ceoc.access.viewer import Viewer
from emergencies import actions
from emergencies.models import Emergency
from emergencies.pages.answer import Done, act_on_emergency


@require_POST
@may("work")
@act_on_emergency
def acknowledge(*, emergency: Emergency, by: Viewer, now: datetime, form: QueryDict) -> Done:
    """Acknowledge a page (PAGE-2)."""
    actions.acknowledge(emergency=emergency, by=by, now=now, page=form.get("page", ""))
    return Done("PagerDuty is asked to acknowledge the page.")


@require_POST
@may("work")
@act_on_emergency
def resolve(*, emergency: Emergency, by: Viewer, now: datetime, form: QueryDict) -> Done:
    """Resolve a page (PAGE-9); `although` is a manager's reason."""
    page, although = form.get("page", ""), form.get("although", "")
    actions.resolve_page(emergency=emergency, by=by, now=now, page=page, although=although)
    return Done("PagerDuty is asked to resolve the page.")


@require_POST
@may("work")
@act_on_emergency
def ring_again(*, emergency: Emergency, by: Viewer, now: datetime, form: QueryDict) -> Done:
    """Let a page ring again."""
    actions.ring_again(emergency=emergency, by=by, now=now, page=form.get("page", ""))
    return Done("PagerDuty is asked to ring again.")


@require_POST
@may("work")
@act_on_emergency
def page_note(*, emergency: Emergency, by: Viewer, now: datetime, form: QueryDict) -> Done:
    """Write a note on a page in PagerDuty."""
    actions.page_note(emergency=emergency, by=by, now=now, page=form.get("page", ""), text=form.get("text", ""))
    return Done("The note is on its way to PagerDuty.")


@require_POST
@may("work")
@act_on_emergency
def call(*, emergency: Emergency, by: Viewer, now: datetime, form: QueryDict) -> Done:
    """Call a colleague (PAGE-13)."""
    actions.call_colleague(emergency=emergency, by=by, now=now, to=form.get("to", ""), text=form.get("text", ""))
    return Done("PagerDuty is asked to call them.")


@require_POST
@may("work")
@act_on_emergency
def note(*, emergency: Emergency, by: Viewer, now: datetime, form: QueryDict) -> Done:
    """Keep a note in the timeline."""
    actions.note(emergency=emergency, by=by, now=now, text=form.get("text", ""))
    return Done("The note is in the timeline.")


@require_POST
@may("work")
@act_on_emergency
def retract(*, emergency: Emergency, by: Viewer, now: datetime, form: QueryDict) -> Done:
    """Take back what was said in the dashboard."""
    actions.retract(emergency=emergency, by=by, now=now, entry=form.get("entry", ""), why=form.get("why", ""))
    return Done("It is taken back; it stays in the timeline, struck through.")


@require_POST
@may("work")
@act_on_emergency
def automatic(*, emergency: Emergency, by: Viewer, now: datetime, form: QueryDict) -> Done:
    """Say that a comment of the customer was an automatic reply."""
    actions.said_automatic(emergency=emergency, by=by, now=now, entry=form.get("entry", ""))
    return Done("It counts as an automatic reply from now on.")


@require_POST
@may("work")
@act_on_emergency
def take_over(*, emergency: Emergency, by: Viewer, now: datetime, form: QueryDict) -> Done:
    """Become the DRI, with a reason (DRI-3)."""
    actions.take_over(emergency=emergency, by=by, now=now, why=form.get("why", ""))
    return Done("You are the DRI from now on.")


@require_POST
@may("work")
@act_on_emergency
def dismiss(*, emergency: Emergency, by: Viewer, now: datetime, form: QueryDict) -> Done:
    """Say that a page without a ticket is no emergency (PAGE-14)."""
    actions.dismiss_page(emergency=emergency, by=by, now=now, why=form.get("why", ""))
    return Done("It is put aside. A ring or a tied ticket brings it back.", to="/")
