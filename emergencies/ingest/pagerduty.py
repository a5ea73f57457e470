"""PagerDuty's pages into the timeline: read directly, told by a webhook, or answered to a command of ours
(architecture.md 2.7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from ceoc import clock
from ceoc.inbox.people import VendorPerson
from ceoc.inbox.readers import Received, Unreadable
from ceoc.ops import freshness
from ceoc.outbox.models import Command
from ceoc.vendors import pagerduty, parsing
from ceoc.vendors import pagerduty_shapes as shapes
from ceoc.vendors.errors import Unreadable as Odd
from emergencies.ingest import naming, portals, reads, who
from emergencies.ingest import pagerduty_facts as facts
from emergencies.models import Subject
from emergencies.story import kinds as k
from emergencies.story.entries import Ref
from emergencies.story.kinds import Account
from emergencies.timeline.drafts import Seen
from emergencies.timeline.record import record

OURS = "ceoc-"
"""How the incident keys of our own pages begin; the command's id follows."""

LOOK_AGAIN = {"triggered": timedelta(seconds=60), "acknowledged": timedelta(minutes=5)}
"""An open page is read again, whatever webhooks tell: what PagerDuty does by itself (nobody left to ring) it tells
nobody."""


def read_page(page_id: str, now: datetime) -> shapes.PageRead:
    """Reads a page with its log and notes, and records what they tell; the tickets that it names are read next.

    Raises Unavailable or Refused where PagerDuty does not give it; nothing is recorded then.
    """
    door = pagerduty.door()
    page, log, notes = door.page(page_id), door.log(page_id), door.notes(page_id)
    who.learn("pagerduty", "", _people(door.users(), log))
    acted = [entry.agent.email for entry in log]
    frame = frame_of(page, acted)
    told = facts.of_log(frame, log) + facts.of_notes(frame, notes, log)
    record(sightings=told, now=now)
    owe_named(told)
    return page


def read_due(ref: Ref, now: datetime) -> timedelta | None:
    """Reads a page that is owed a read, and says when to look again."""
    return LOOK_AGAIN.get(read_page(ref.ref, now).status)


def read_webhook(delivery: Received, now: datetime) -> str | None:
    """Records what a webhook tells by itself, and owes the page a read in full. Answers the class of the page."""
    raw, klass = _load(delivery), None
    try:
        klass = _read_event(raw, now)
    finally:
        freshness.heard("pagerduty", "", clock.wall(), by="webhook", klass=klass or "us_gov")
    return klass


def _read_event(raw: parsing.Json, now: datetime) -> str | None:
    if not str(parsing.get(raw, "event", "event_type")).startswith("incident."):
        _event(raw, {})
        return None
    known = who.pagerduty_emails(_user_ids(raw))
    event = _event(raw, known)
    if not event.page_id:
        raise Unreadable("The event names no page.")
    frame = _frame_of_event(event)
    if frame is None:  # a note on a page that is not known yet tells neither its service nor its class: reading it does
        reads.owe([Ref("page", event.page_id).key], clock.wall())
        return None
    record(sightings=_told(frame, event, known), now=now)
    reads.owe([frame.ref.key], clock.wall())
    return frame.klass


def _told(frame: facts.Frame, event: shapes.PageEvent, known: dict[str, str]) -> list[Seen]:
    """What the event tells. An act of somebody whose e-mail we do not know waits for the log, which names them the
    same way as all later webhooks will; what carries an id of its own need not wait."""
    stranger = event.agent is not None and event.agent.is_person and event.agent.id not in known
    return [seen for seen in facts.of_event(frame, event) if seen.same or not stranger]


def frame_of(page: shapes.PageRead, acted: Iterable[str]) -> facts.Frame:
    """The page with what its facts need to know. `acted` are e-mails of people whose acts are told of."""
    command = (
        Command.objects.filter(public_id=page.key.removeprefix(OURS)).first() if page.key.startswith(OURS) else None
    )
    service: Account = portals.class_of(portals.portal_of(page.service))
    return facts.Frame(
        page=page,
        addresses=addresses(),
        managers=who.ours(acted).managers,
        klass=command.klass if command else service,
        is_summons=page.key.startswith(OURS),
        summons=command.group if command else "",
    )


def addresses() -> naming.Addresses:
    """Where our accounts live, from the settings."""
    zendesk: dict[Account, str] = {name: account.url for name, account in settings.ZENDESK.items()}
    return naming.Addresses(zendesk, settings.PAGERDUTY_API_URL)


def owe_named(told: Iterable[Seen]) -> None:
    """Tickets that a page's facts name are read, where they never were."""
    named = {ticket for seen in told if isinstance(seen.fact, k.PageTriggered) for ticket in seen.fact.tickets}
    reads.owe_unread(named, clock.wall())


def answered(page: shapes.PageRead, now: datetime) -> None:
    """Records what PagerDuty answered to our acknowledging, resolving or calling a colleague, and owes a read of the
    log."""
    frame = frame_of(page, [ack.by.email for ack in page.acknowledgements])
    _record_answer(frame, facts.of_answer(frame), now)


def answered_ring(page: shapes.PageRead, by: str, now: datetime) -> None:
    """Records that a page rings again, as PagerDuty answered to our command. `by` is the e-mail of the one who
    pressed."""
    frame = frame_of(page, ())
    at = page.reopened_at or page.updated_at or now
    _record_answer(frame, facts.rung_again(frame, at, by, reopened=_was_resolved(frame.ref.key)), now)


def answered_note(note: shapes.NoteRead, by: str, now: datetime) -> None:
    """Records the note that PagerDuty took from us. `by` is the e-mail of the one who wrote it."""
    known = Subject.objects.filter(key=Ref("page", note.page).key).first()
    if known is None:
        reads.owe([Ref("page", note.page).key], clock.wall())
        return
    frame = _bare(note.page, known.klass)
    _record_answer(frame, facts.of_note_answer(frame, note, by, now), now)


def _record_answer(frame: facts.Frame, told: list[Seen], now: datetime) -> None:
    record(sightings=told, now=now)
    reads.owe([frame.ref.key], clock.wall())


def _was_resolved(key: str) -> bool:
    """Whether the last that was told of a page's state is that it was resolved."""
    kinds = ("page_resolved", "page_acknowledged", "page_reopened", "page_unacknowledged", "page_triggered")
    subject = Subject.objects.filter(key=key).first()
    if subject is None:
        return True
    last = subject.entries.filter(known_until=None, kind__in=kinds).order_by("-at", "-id").first()
    return last is None or last.kind == "page_resolved"


def _frame_of_event(event: shapes.PageEvent) -> facts.Frame | None:
    if event.page is not None:
        return frame_of(event.page, [event.agent.email] if event.agent else [])
    keys = {kind: Ref(kind, event.page_id).key for kind in ("page", "summons")}
    known = {subject.key: subject for subject in Subject.objects.filter(key__in=keys.values())}
    if keys["summons"] in known:
        return _bare(event.page_id, known[keys["summons"]].klass, is_summons=True)
    return _bare(event.page_id, known[keys["page"]].klass) if keys["page"] in known else None


def _bare(page_id: str, klass: Account, *, is_summons: bool = False) -> facts.Frame:
    """A frame for facts that need nothing of the page but its id and class."""
    page = shapes.PageRead(id=page_id, number=0, title="", status="triggered", created_at=clock.wall())
    return facts.Frame(page=page, addresses=addresses(), klass=klass, is_summons=is_summons)


def _people(users: Mapping[str, shapes.UserRead], log: Iterable[shapes.LogEntryRead]) -> list[VendorPerson]:
    """Everybody in PagerDuty, and those in a log who have gone from it."""
    gone = {entry.agent.id for entry in log if entry.agent.is_person} - users.keys()
    everybody = [VendorPerson(user.id, user.email, user.name, agent=True) for user in users.values()]
    return everybody + [VendorPerson(one, agent=True) for one in sorted(gone)]


def _load(delivery: Received) -> parsing.Json:
    if delivery.cut:
        raise Unreadable("The body was longer than what is kept.")
    try:
        return parsing.load(delivery.body)
    except Odd as error:
        raise Unreadable(error.sentence) from error


def _event(raw: parsing.Json, emails: dict[str, str]) -> shapes.PageEvent:
    try:
        return shapes.event(raw, emails)
    except Odd as error:
        raise Unreadable(error.sentence.replace("The answer", "The event")) from error


def _user_ids(raw: Any) -> set[str]:
    """Ids of all users that an event refers to, wherever it does."""
    if isinstance(raw, dict):
        own = {raw["id"]} if raw.get("type") in ("user_reference", "user") and isinstance(raw.get("id"), str) else set()
        return own.union(*(_user_ids(value) for value in raw.values()))
    return set().union(*(_user_ids(value) for value in raw)) if isinstance(raw, list) else set()
