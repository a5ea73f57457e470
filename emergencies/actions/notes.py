"""What people say in the dashboard itself: notes, corrections, who is responsible. Entries of the emergency's own
timeline."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from ceoc.access.viewer import Viewer
from emergencies.actions.picking import must, must_be_able, must_be_open
from emergencies.actions.refusal import Refused
from emergencies.actions.replies import written
from emergencies.models import Emergency, Entry
from emergencies.story import kinds as k
from emergencies.story.entries import Ref
from emergencies.timeline.drafts import Draft
from emergencies.timeline.read import story_of
from emergencies.timeline.record import Recorded, record


def note(*, emergency: Emergency, by: Viewer, now: datetime, text: str) -> Recorded:
    """Keep a note in the timeline (COMM-3)."""
    must(by, "work")
    must_be_open(emergency)
    return _say(emergency, k.Note(), by, now, body=written(text))


def take_over(*, emergency: Emergency, by: Viewer, now: datetime, to: str = "", why: str) -> Recorded:
    """Make somebody the DRI, oneself by default, with a reason (DRI-3)."""
    must(by, "work")
    must_be_open(emergency)
    person = to or by.email
    dri = story_of(emergency).dri
    if dri and dri.person == person:
        raise Refused(f"{person} is the DRI already.")
    if not why.strip():
        raise Refused("Say in a few words why the DRI changes; it is kept in the timeline.")
    if person != by.email:
        must_be_able(person, emergency)
    return _say(emergency, k.DriChanged(to=person, why=why.strip()), by, now)


def said_automatic(*, emergency: Emergency, by: Viewer, now: datetime, entry: str) -> Recorded:
    """Say that a comment of the customer was an automatic reply; it stops no clock (readings.md, 'Silence')."""
    must(by, "work")
    must_be_open(emergency)
    _own(emergency, entry, "customer_reply", "Only a comment of the customer can be an automatic reply.")
    return _say(emergency, k.SaidAutomatic(entry=entry), by, now)


def retract(*, emergency: Emergency, by: Viewer, now: datetime, entry: str, why: str = "") -> Recorded:
    """Take back what was said in the dashboard; it stays, struck through. Vendor facts are corrected at the vendor."""
    must(by, "work")
    found = _row(emergency, entry)
    if found.source != "dashboard" or found.kind in NOT_RETRACTED:
        raise Refused("This came from outside or moved things around. Correct it there, or tie and untie instead.")
    if found.actor != by.email and not by.may("override"):
        raise Refused(f"{found.actor} wrote this. They, or a manager, can take it back.")
    return _say(emergency, k.Retracted(entry=entry, why=why.strip()), by, now, key=f"retracted:{entry}")


NOT_RETRACTED = frozenset({
    "linked", "unlinked", "joined", "split_from", "retracted", "command_queued", "command_delivered", "command_refused",
    "command_dismissed",
})  # fmt: skip


def _own(emergency: Emergency, entry: str, kind: str, sentence: str) -> None:
    if _row(emergency, entry).kind != kind:
        raise Refused(sentence)


def _row(emergency: Emergency, entry: str) -> Entry:
    """An entry of this emergency's timeline, by its public id."""
    subjects = list(emergency.links.filter(ended=False).values_list("subject_id", flat=True))
    rows = Entry.objects.filter(public_id=entry, known_until=None)
    found = (
        rows.filter(subject__in=subjects).first()
        or rows.filter(subject__key=f"emergency:{emergency.public_id}").first()
    )
    if found is None:
        raise Refused("That entry is not part of this emergency any more. Reload to see where it went.")
    return found


def _say(emergency: Emergency, fact: k.Fact, by: Viewer, now: datetime, *, body: str = "", key: str = "") -> Recorded:
    subject = Ref("emergency", emergency.public_id)
    key = key or f"{fact.kind}:{emergency.public_id}:{uuid4().hex}"
    return record(entries=[Draft(subject=subject, fact=fact, at=now, key=key, actor=by.email, body=body)], now=now)
