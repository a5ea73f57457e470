"""The composer: three audiences, each with a text of its own; drafts are kept on the server while one types."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_POST

from ceoc import clock
from ceoc.access.gate import may
from ceoc.access.viewer import Viewer
from emergencies import actions
from emergencies.actions import Refused
from emergencies.models import Draft, Emergency
from emergencies.pages.answer import Done, act_on_emergency, found
from emergencies.pages.render import composer_partial

AUDIENCES = ("public", "internal", "thread")
LONGEST_DRAFT = 60_000


@require_POST
@may("work")
@act_on_emergency
def reply(*, emergency: Emergency, by: Viewer, now: datetime, form: QueryDict) -> Done:
    """Send what was written to the audience that the form names; its draft is done with."""
    send = SEND.get(form.get("audience", ""))
    if send is None:
        raise Refused("Choose who reads it: the customer, the team, or Slack.")
    kept = Draft.objects.filter(person_id=by.person_id, emergency=emergency, audience=form["audience"])
    done = send(emergency, by, now, form, kept.values_list("begun_at", flat=True).first())
    kept.delete()
    about = "held" if form["audience"] == "public" else ""
    return Done(done, about=about, fragment=composer_partial(emergency, by, form["audience"]))


@require_POST
@may("work")
def draft(request: HttpRequest, public_id: str) -> HttpResponse:
    """Keep what is typed. Nothing but white space is no draft."""
    emergency, audience = found(request, public_id), request.POST.get("audience", "")
    if audience not in AUDIENCES:
        return HttpResponse(status=400)
    text, now = request.POST.get("text", "")[:LONGEST_DRAFT], clock.now()
    mine = {"person_id": request.viewer.person_id, "emergency": emergency, "audience": audience}
    if text.strip():
        Draft.objects.update_or_create(
            **mine,
            defaults={"text": text, "kept_at": now},
            create_defaults={"text": text, "kept_at": now, "begun_at": now},
        )
    else:
        Draft.objects.filter(**mine).delete()
    return HttpResponse(status=204)


def _public(emergency: Emergency, by: Viewer, now: datetime, form: QueryDict, begun_at: datetime | None) -> str:
    text, ticket = form.get("text", ""), form.get("about", "")
    actions.public_reply(emergency=emergency, by=by, now=now, text=text, ticket=ticket, begun_at=begun_at)
    return "Held for ten seconds, then sent to the customer. Take it back under ‘On its way’."


def _internal(emergency: Emergency, by: Viewer, now: datetime, form: QueryDict, _begun_at: datetime | None) -> str:
    actions.internal_note(emergency=emergency, by=by, now=now, text=form.get("text", ""), ticket=form.get("about", ""))
    return "The note is on its way to the ticket. The customer does not see it."


def _thread(emergency: Emergency, by: Viewer, now: datetime, form: QueryDict, _begun_at: datetime | None) -> str:
    actions.thread_reply(emergency=emergency, by=by, now=now, text=form.get("text", ""), thread=form.get("about", ""))
    return "On its way to Slack."


SEND: dict[str, Callable[[Emergency, Viewer, datetime, QueryDict, datetime | None], str]] = {
    "public": _public,
    "internal": _internal,
    "thread": _thread,
}
