"""What managers and administrators do with people: read again, match by hand, clear."""

from __future__ import annotations

from django.http import HttpRequest
from django.views.decorators.http import require_POST

from ceoc import clock
from ceoc.access import clearance
from ceoc.access.gate import may
from ceoc.people import matching, reads
from ceoc.people.pages.answer import found, press
from ceoc.people.places import BY_KEY, Place, seen_by


@require_POST
@may("manage")
@press
def read(request: HttpRequest, public_id: str) -> str:
    """Read one person anew, everywhere."""
    person = found(public_id)
    if not person.is_active:
        raise matching.Refused(f"{person.name} has left; there is nothing to be read.")
    reads.ask(person.pk, clock.wall())
    return f"{person.name} is being read anew at the vendors. What they answer shows here by itself."


@require_POST
@may("administer")
@press
def read_all(request: HttpRequest) -> str:
    """Read everybody anew, and who else is at the vendors."""
    reads.ask_all(clock.wall())
    return "Everybody is being read anew at the vendors. What they answer shows here by itself."


@require_POST
@may("administer")
@press
def match(request: HttpRequest) -> str:
    """Say who a person is in a place."""
    person, place = found(request.POST.get("person", "")), _place(request, request.POST.get("place", ""))
    matching.pick(person=person, place=place, who=request.POST.get("who", ""), by=request.viewer)
    return f"{person.name} is looked for in {place.name} under what you picked."


@require_POST
@may("administer")
@press
def unmatch(request: HttpRequest) -> str:
    """Take a match by hand back."""
    person, place = found(request.POST.get("person", "")), _place(request, request.POST.get("place", ""))
    matching.undo(person=person, place=place, by=request.viewer)
    return f"{person.name} is looked for in {place.name} by their own e-mail again."


@require_POST
@may("administer")
@press
def aside(request: HttpRequest) -> str:
    """Say that somebody at a vendor is none of us, or take that back."""
    back = request.POST.get("take_back", "")
    where, _, member = (back or request.POST.get("member", "")).rpartition(":")
    matching.put_aside(place=_place(request, where), vendor_id=member, by=request.viewer, back=bool(back))
    return "They are listed again." if back else "They are put aside, and listed under “None of us”."


@require_POST
@may("manage")
@press
def clear(request: HttpRequest, public_id: str) -> str:
    """Clear a person for US Government; both are told by a notice."""
    clearance.grant(found(public_id).email, by=request.viewer.email, reason=_reason(request))
    return ""


@require_POST
@may("manage")
@press
def end_clearance(request: HttpRequest, public_id: str) -> str:
    """End a person's clearance; their open pages are replaced at once, and both are told."""
    clearance.revoke(found(public_id).email, by=request.viewer.email, reason=_reason(request))
    return ""


def _place(request: HttpRequest, key: str) -> Place:
    """The place of that key, if it is one that the viewer may know of."""
    place = BY_KEY.get(key)
    if place is None or place not in seen_by(cleared=request.viewer.cleared):
        raise matching.Refused("Choose where: PagerDuty, Zendesk or Slack.")
    return place


def _reason(request: HttpRequest) -> str:
    reason = request.POST.get("reason", "").strip()[:200]
    if not reason:
        raise clearance.Refused("Say in a few words why; it is kept in the audit.")
    return str(reason)
