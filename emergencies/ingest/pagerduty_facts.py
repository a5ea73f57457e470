"""PagerDuty's structs → sightings. Pure: who is a manager, whose summons it is and where our accounts live are handed
in.

Log, webhook and answer tell the same act with the same kind and the same e-mail, so that they settle into one entry.
What every way can name by itself (the trigger, a merge, a note) carries that name as `same`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from ceoc.vendors.pagerduty_shapes import Agent, LogEntryRead, NoteRead, PageEvent, PageRead
from emergencies.ingest import naming, who
from emergencies.policy.services import SERVICES, Services
from emergencies.story import kinds as k
from emergencies.story.entries import Messenger, Ref
from emergencies.story.kinds import Account
from emergencies.timeline.drafts import Seen

STEP = timedelta(microseconds=1)
"""The log knows whole seconds; what happened within one keeps the log's order by this much."""

BARE_ID = re.compile(r"[PQR][A-Z0-9]{6,14}|Zendesk")
"""An id of PagerDuty's, or the name of the integration: nothing that a person reads."""


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What the facts of one page need to know besides PagerDuty's words."""

    page: PageRead
    addresses: naming.Addresses
    services: Services = SERVICES
    """What the names at PagerDuty stand for."""
    managers: frozenset[str] = frozenset()
    klass: Account = "us_gov"
    summons: str = ""
    """Public id of the emergency that a page of ours calls a colleague for; with `is_summons`."""
    is_summons: bool = False
    first_assigned: tuple[str, ...] = ()
    """Whom it rang first, where the log tells."""

    @property
    def ref(self) -> Ref:
        """The subject: a customer's page, or a summons."""
        return Ref("summons" if self.is_summons else "page", self.page.id)


def of_log(frame: Frame, log: Sequence[LogEntryRead]) -> list[Seen]:
    """What the page's log tells. `log` is complete, oldest first, as PagerDuty orders it."""
    told: list[Seen] = []
    frame = _as_it_began(frame, log)
    for entry, at in _in_order(log):
        fact = _of_summons(frame, entry.kind) if frame.is_summons else _of_entry(frame, entry)
        if fact is not None:
            line = _Told(fact, at, entry.agent, _words(frame, fact, entry.note))
            told.append(_seen(frame, f"pd-log:{entry.id}", "log", line))
    merged = any(isinstance(seen.fact, k.PageMerged) for seen in told)
    return told if merged else told + _merged_without_line(frame)


def _in_order(log: Sequence[LogEntryRead]) -> list[tuple[LogEntryRead, datetime]]:
    """Each line with its time, later by a step than the line before it in the same second."""
    within: dict[datetime, int] = {}
    timed = []
    for entry in log:
        nth = within[entry.at] = within.get(entry.at, -1) + 1
        timed.append((entry, entry.at + nth * STEP))
    return timed


def _as_it_began(frame: Frame, log: Sequence[LogEntryRead]) -> Frame:
    """The trigger tells whom the page rang first, whoever has it when the log is read."""
    first = next((entry for entry in log if entry.kind == "assign"), None)
    if first is None or not log or first.at - log[0].at > timedelta(seconds=2):
        return frame
    return replace(frame, first_assigned=_emails(first.assignees))


def of_notes(frame: Frame, notes: Sequence[NoteRead], log: Sequence[LogEntryRead]) -> list[Seen]:
    """The page's notes, in their place among the lines of the log. A note's own id is the same on all ways."""
    if frame.is_summons:
        return []
    places = [at for entry, at in _in_order(log) if entry.kind == "annotate"]
    told = []
    for at, note in sorted(((note.at, note) for note in notes if note.at), key=lambda timed: timed[0]):
        place = next((line for line in places if line.replace(microsecond=0) == at), at)
        places = [line for line in places if line != place]
        told.append(_seen(frame, f"pd-note:{note.id}", "log", _noted(note, place, note.by)))
    return told


def of_event(frame: Frame, event: PageEvent) -> list[Seen]:
    """What a webhook itself tells; nothing for events that no entry stands for."""
    kind = event.kind.removeprefix("incident.")
    fact = _of_summons(frame, kind) if frame.is_summons else _of_event(frame, event, kind)
    if fact is None:
        return []
    told = _Told(fact, event.at, event.agent, _words(frame, fact, ""))
    if event.note:
        told = _noted(event.note, event.at, event.agent)
    return [_seen(frame, f"pd-hook:{event.id}", "webhook", told)]


def of_answer(frame: Frame) -> list[Seen]:
    """What the answer to a command of ours tells: the status that it brought about, when and by whom."""
    page, told = frame.page, []
    if page.status == "acknowledged":
        for ack in page.acknowledgements:
            key = f"pd-answer:{page.id}:acknowledged:{ack.at.isoformat()}:{ack.by.id}"
            told.append(_seen(frame, key, "answer", _Told(_acknowledged(frame, ack.by), ack.at, ack.by)))
    elif page.status == "resolved" and page.resolved_at and not page.merged_into:
        fact: k.Fact = k.SummonsAnswered() if frame.is_summons else k.PageResolved()
        by = page.changed_by.id if page.changed_by else ""
        key = f"pd-answer:{page.id}:resolved:{page.resolved_at.isoformat()}:{by}"
        told.append(_seen(frame, key, "answer", _Told(fact, page.resolved_at, page.changed_by)))
    elif page.status == "triggered" and frame.is_summons:
        key = f"pd-answer:{page.id}:triggered"
        sent = _Told(_triggered(frame), page.created_at, page.changed_by, _title(frame))
        told.append(_seen(frame, key, "answer", sent))
    return told


def rung_again(frame: Frame, at: datetime, by: str, reopened: bool) -> list[Seen]:
    """What the answer to our 'ring again' tells: PagerDuty's answer has no line for it, only the status."""
    fact: k.Fact = k.PageReopened() if reopened else k.PageUnacknowledged()
    key = f"pd-answer:{frame.page.id}:rings:{at.isoformat()}:{by}"
    agent = Agent(kind="user", email=by)
    return [_seen(frame, key, "answer", _Told(fact, at, agent))] if not frame.is_summons else []


def of_note_answer(frame: Frame, note: NoteRead, by: str, at: datetime) -> list[Seen]:
    """What the answer to our note tells."""
    agent = note.by if note.by.email else Agent(kind="user", email=by)
    key = f"pd-answer:note:{note.id}"
    return [_seen(frame, key, "answer", _noted(note, note.at or at, agent))]


def _of_entry(frame: Frame, entry: LogEntryRead) -> k.Fact | None:
    match entry.kind:
        case "trigger":
            return _triggered(frame, by=entry.agent, text=entry.body)
        case "assign" if entry.channel == "auto":
            return None  # PagerDuty logs by itself whom an act rang; only people's assignments are news
        case "assign" | "delegate":
            policy = entry.policy or (frame.page.policy if entry.kind == "delegate" else "")
            return k.PageReassigned(to=_emails(entry.assignees), policy=policy)
        case "escalate":
            return k.PageEscalated(to=_emails(entry.assignees))
        case "snooze":
            return k.PageSnoozed(until=entry.until)
        case "resolve":
            return _ended(frame, entry)
        case "add_responder" | "responder_added":
            return k.ResponderAdded(who=_email(entry.responder)) if entry.responder else None
        case _:
            return _plain(frame, entry.kind, entry.agent)


def _plain(frame: Frame, kind: str, agent: Agent | None) -> k.Fact | None:
    """Kinds of log lines (and, without `incident.`, of events) that bring nothing but themselves."""
    match kind:
        case "acknowledge" | "acknowledged":
            return _acknowledged(frame, agent)
        case "unacknowledge" | "unacknowledged":
            return k.PageUnacknowledged()
        case "reopen" | "reopened":
            return k.PageReopened()
        case "reach_ack_limit":
            return k.PageAckLimit()
        case "exhaust_escalation_path":
            return k.PageExhausted()
    return None


def _ended(frame: Frame, entry: LogEntryRead) -> k.Fact:
    """A resolve, or the end of a page that was merged away, which is no resolve (readings.md, 'Contact, per
    ticket')."""
    into = entry.merged_into
    if not into and frame.page.merged_into and "merged" in f"{entry.note} {entry.summary} {entry.body}".lower():
        into = frame.page.merged_into
    return k.PageMerged(into=Ref("page", into).key) if into else k.PageResolved()


def _merged_without_line(frame: Frame) -> list[Seen]:
    """A page that had been resolved before it was merged has no line of its own for the merge."""
    page = frame.page
    at = page.updated_at or page.resolved_at
    if frame.is_summons or not page.merged_into or at is None:
        return []
    fact = k.PageMerged(into=Ref("page", page.merged_into).key)
    last = at.replace(microsecond=999_999)  # PagerDuty tells whole seconds; the log's lines of that second come before
    return [_seen(frame, f"pd-merged:{page.id}", "answer", _Told(fact, last, page.changed_by))]


def _of_event(frame: Frame, event: PageEvent, kind: str) -> k.Fact | None:
    page = frame.page
    match kind:
        case "triggered":
            return _triggered(frame, by=event.agent)
        case "escalated":
            return k.PageEscalated(to=_emails(page.assigned))
        case "reassigned" | "delegated":
            return k.PageReassigned(to=_emails(page.assigned), policy=page.policy if kind == "delegated" else "")
        case "resolved":
            return k.PageMerged(into=Ref("page", page.merged_into).key) if page.merged_into else k.PageResolved()
        case "annotated":
            return k.PageNote() if event.note else None
        case "responder.added":
            return k.ResponderAdded(who=_email(event.responder)) if event.responder else None
        case _:
            return _plain(frame, kind, event.agent)


def _of_summons(frame: Frame, kind: str) -> k.Fact | None:
    """Of a page that we made to call a colleague only two things count: it was sent, and they answered."""
    if kind in ("trigger", "triggered"):
        return _triggered(frame)
    return k.SummonsAnswered() if kind in ("acknowledge", "acknowledged", "resolve", "resolved") else None


def _triggered(frame: Frame, by: Agent | None = None, text: str = "") -> k.Fact:
    page = frame.page
    if frame.is_summons:
        return k.SummonsSent(to=frame.first_assigned or _emails(page.assigned), about=frame.summons)
    portal = frame.services.portal_of(page.service)
    return k.PageTriggered(
        service=page.service,
        policy=page.policy,
        portal=portal,
        by_hand=by is not None and by.is_person,
        tickets=naming.tickets_in("\n".join((page.title, page.body, text)), frame.addresses, portal),
        number=page.number,
        url=page.url,
        assigned=frame.first_assigned or _emails(page.assigned),
    )


def _acknowledged(frame: Frame, agent: Agent | None) -> k.Fact:
    if frame.is_summons:
        return k.SummonsAnswered()
    return k.PageAcknowledged(by_manager=agent is not None and agent.email in frame.managers)


def _words(frame: Frame, fact: k.Fact, note: str) -> tuple[str, str]:
    """Title and body that go with a fact: a page's own with its trigger, else what was noted with the act."""
    return _title(frame) if isinstance(fact, k.PageTriggered | k.SummonsSent) else ("", note)


def _title(frame: Frame) -> tuple[str, str]:
    return frame.page.title, _once(frame.page.body, frame.page.title)


def _once(body: str, title: str) -> str:
    """What people wrote, each line once: the body and the trigger's details repeat each other, the title and bare
    ids."""
    lines = dict.fromkeys(line.strip() for line in body.splitlines())
    return "\n".join(line for line in lines if line and line != title and not BARE_ID.fullmatch(line))


def _emails(agents: Sequence[Agent]) -> tuple[str, ...]:
    return tuple(sorted(_email(agent) for agent in agents))


def _email(agent: Agent) -> str:
    return agent.email or f"pagerduty:{agent.id}"


class _Told(msgspec.Struct, frozen=True):
    """One fact, when it was, who did it, and the words that go with it."""

    fact: k.Fact
    at: datetime
    by: Agent | None
    words: tuple[str, str] = ("", "")
    same: str = ""


def _noted(note: NoteRead, at: datetime, by: Agent | None) -> _Told:
    return _Told(k.PageNote(), at, by, ("", note.text), f"note:{note.id}")


def _seen(frame: Frame, key: str, messenger: Messenger, told: _Told) -> Seen:
    return Seen(
        subject=frame.ref,
        key=key,
        messenger=messenger,
        fact=told.fact,
        at=told.at,
        source="pagerduty",
        actor=who.pagerduty_actor(told.by),
        same=told.same or _same(frame, told.fact),
        title=told.words[0],
        body=told.words[1],
        klass=frame.klass,
    )


def _same(frame: Frame, fact: k.Fact) -> str:
    """A page is triggered once and merged away once, whoever tells of it."""
    match fact:
        case k.PageTriggered() | k.SummonsSent():
            return f"trigger:{frame.page.id}"
        case k.PageMerged():
            return f"merged:{frame.page.id}"
    return ""
