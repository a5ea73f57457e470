"""Acts on pages: acknowledge, resolve, ring again, note, call a colleague, dismiss. The facts come back from
PagerDuty."""

from __future__ import annotations

from datetime import datetime

from ceoc.access.viewer import Viewer
from emergencies.actions.picking import called, command, must, must_be_open, pick_page
from emergencies.actions.refusal import Refused
from emergencies.actions.replies import written
from emergencies.models import Emergency
from emergencies.policy.contact import not_contacted
from emergencies.story import kinds as k
from emergencies.story.entries import Ref
from emergencies.timeline.drafts import Draft
from emergencies.timeline.read import story_of
from emergencies.timeline.record import Recorded, record

ALL_THE_SAME = " Or press “Resolve all the same…” beside the page, and say why."


def acknowledge(*, emergency: Emergency, by: Viewer, now: datetime, page: str = "") -> Recorded:
    """Acknowledge a page in PagerDuty: the response begins (PAGE-2)."""
    must(by, "work")
    must_be_open(emergency)
    chosen = pick_page(story_of(emergency), page)
    if chosen.status == "acknowledged":
        raise Refused(f"{called(chosen.acknowledged_by)} has acknowledged this page already.")
    if chosen.status == "resolved":
        raise Refused("This page is resolved. Ring it again if the customer still waits.")
    return record(commands=[command(emergency, "pagerduty", "acknowledge", chosen.key, by)], now=now)


def resolve_page(*, emergency: Emergency, by: Viewer, now: datetime, page: str = "", although: str = "") -> Recorded:
    """Resolve in PagerDuty once the customer was contacted (PAGE-9); a manager may say why not (`although`)."""
    must(by, "work")
    must_be_open(emergency)
    story = story_of(emergency)
    chosen = pick_page(story, page)
    if chosen.status == "resolved":
        raise Refused(f"{called(chosen.resolved_by)} has resolved this page already.")
    why_not = not_contacted(story, chosen.key)
    if why_not and not (although.strip() and by.may("override")):
        raise Refused(why_not + (ALL_THE_SAME if by.may("override") else ""))
    wish = command(emergency, "pagerduty", "resolve", chosen.key, by, although=although.strip())
    return record(commands=[wish], now=now)


def ring_again(*, emergency: Emergency, by: Viewer, now: datetime, page: str = "") -> Recorded:
    """Let a page ring again: somebody resolved it, or holds it, and the customer still waits (PAGE-1)."""
    must(by, "work")
    must_be_open(emergency)
    chosen = pick_page(story_of(emergency), page)
    if chosen.status == "triggered":
        raise Refused("This page rings already.")
    return record(commands=[command(emergency, "pagerduty", "ring_again", chosen.key, by)], now=now)


def page_note(*, emergency: Emergency, by: Viewer, now: datetime, text: str, page: str = "") -> Recorded:
    """Write a note on the page in PagerDuty."""
    must(by, "work")
    must_be_open(emergency)
    chosen = pick_page(story_of(emergency), page)
    wish = command(emergency, "pagerduty", "page_note", chosen.key, by, text=written(text))
    return record(commands=[wish], now=now)


def call_colleague(*, emergency: Emergency, by: Viewer, now: datetime, to: str, text: str = "") -> Recorded:
    """Call a colleague by a page of our own, a summons (PAGE-13). US Gov matters call cleared people only."""
    must(by, "work")
    must_be_open(emergency)
    if to.lower() == by.email.lower():
        raise Refused("That is you. Choose a colleague to call.")
    wish = command(emergency, "pagerduty", "call_colleague", f"person:{to}", by, to=to, text=text.strip())
    return record(commands=[wish], now=now)


def dismiss_page(*, emergency: Emergency, by: Viewer, now: datetime, why: str) -> Recorded:
    """Say that a page without a ticket is no emergency; it ends as `withdrawn` once it rings no more (PAGE-14)."""
    must(by, "work")
    must_be_open(emergency)
    story = story_of(emergency)
    if story.has_ticket:
        raise Refused("A ticket is tied to this emergency. Solve or downgrade the ticket instead.")
    if any(page.rings_since for page in story.live_pages):
        raise Refused("The page still rings. Resolve it in PagerDuty first, then put it aside.")
    return dismissed(Ref("emergency", emergency.public_id), by, now, why)


def dismissed(subject: Ref, by: Viewer, now: datetime, why: str) -> Recorded:
    """Records that an emergency, or a page that waits, is none. Refused without a reason."""
    if not why.strip():
        raise Refused("Say in a few words why this is no emergency.")
    fact, key = k.Dismissed(why=why.strip()), f"dismissed:{subject.key}:{now.isoformat()}"
    return record(entries=[Draft(subject=subject, fact=fact, at=now, key=key, actor=by.email)], now=now)
