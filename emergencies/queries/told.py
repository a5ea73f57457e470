"""How an entry of the timeline is told to people: who, what, in whose words, and for whom it was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from ceoc.outbox.models import Command
from ceoc.vendors.names import NAMES
from emergencies.queries import words
from emergencies.queries.people import Faces
from emergencies.queries.phrases import SILENT, Phrase, phrase_of
from emergencies.queries.rows import Pill
from emergencies.queries.slack_words import plain
from emergencies.story import kinds as k
from emergencies.story.entries import Entry

LATE_NEWS = timedelta(minutes=2)
"""An entry that we learned of so much later says when."""

LONG = 700
"""Characters of a text from which it is folded."""

CORRECTABLE = (k.Note, k.DriChanged, k.SaidAutomatic, k.Dismissed)
"""What was said in the dashboard and can be taken back there."""

ENDED = frozenset({"refused", "dismissed", "expired"})
"""States of a command whose end is a line of its own."""

SOURCES = NAMES | {"dashboard": "the dashboard"}


class TimelineRow(msgspec.Struct, frozen=True):
    """One entry as the timeline shows it; the same for everybody of an audience."""

    id: str
    at: datetime
    icon: str
    by: str
    """E-mail of the one who did it, where that is known."""
    who: str
    words: str
    detail: str
    source: str
    learned_at: datetime
    """When we learned of it."""
    was_late: bool
    """Whether that was so much later that it is worth saying."""
    audience: str
    """Whose words the text is: `public` (ours to the customer), `customer`, `note`, `slack`; empty without a text."""
    title: str
    text: str
    pill: Pill | None
    taken_back: bool
    may_be_retracted: bool
    may_be_automatic: bool
    only_webhook: bool
    minor: bool
    folded: bool
    """Whether its text is opened by a press: what PagerDuty was handed repeats the ticket."""
    say: str


class Told(msgspec.Struct, frozen=True):
    """What is needed beside an entry to tell it."""

    faces: Faces
    texts: Mapping[str, tuple[str, str]]
    """Title and body by the entry's key."""
    commands: Mapping[str, Command]
    """By their public ids."""
    echoes: Mapping[str, Command]
    """By an entry's key, the command that it is the answer to."""
    retracted: frozenset[str]
    automatic: frozenset[str]
    dri_since: datetime | None


def timeline(entries: list[Entry], told: Told) -> list[TimelineRow]:
    """The rows of a timeline, newest first, without the entries that say nothing to people, or what another says."""
    over = {entry.fact.command for entry in entries if isinstance(entry.fact, k.CommandRefused | k.CommandDismissed)}
    said = {command.public_id for command in told.echoes.values()}
    said |= {id for id in over if id in told.commands and told.commands[id].state in ENDED}
    shown = [
        entry
        for entry in entries
        if not isinstance(entry.fact, SILENT)
        and not (isinstance(entry.fact, k.CommandQueued) and entry.fact.command in said)
    ]
    return [row_of(entry, told) for entry in sorted(shown, key=lambda entry: entry.order, reverse=True)]


def row_of(entry: Entry, told: Told) -> TimelineRow:
    """The row of one entry."""
    phrase = phrase_of(entry.fact, told.faces)
    title, text = told.texts.get(entry.key, ("", ""))
    by = _by(entry, told)
    who = told.faces.name(by) if "@" in by else ""
    words_ = phrase.words if who else phrase.passive or phrase.words
    if isinstance(entry.fact, k.PageAcknowledged) and entry.judged_at == told.dri_since:
        words_ += ", DRI from here"
    taken_back = entry.id in told.retracted
    return TimelineRow(
        id=entry.id,
        at=entry.judged_at,
        icon=phrase.icon,
        by=by,
        who=who,
        words=words_,
        detail=_detail(entry, phrase, told),
        source=SOURCES.get(entry.source, entry.source),
        learned_at=entry.seen_at,
        was_late=entry.seen_at - entry.at > LATE_NEWS,
        audience=phrase.audience if title or text else "",
        title=title,
        text=plain(text) if entry.source == "slack" else text,
        pill=_pill(entry, phrase, told),
        taken_back=taken_back,
        may_be_retracted=isinstance(entry.fact, CORRECTABLE) and not taken_back,
        may_be_automatic=isinstance(entry.fact, k.CustomerReply) and entry.id not in told.automatic,
        only_webhook=entry.told_by == "webhook" and entry.source != "slack",
        minor=phrase.minor,
        folded=len(text) > LONG or (isinstance(entry.fact, k.PageTriggered) and bool(title)),
        say=f"{who} {words_}".strip(),
    )


def _by(entry: Entry, told: Told) -> str:
    """Who did it; what became of a wish without anybody's doing is told of the one who wished."""
    fact = entry.fact
    if not entry.actor and isinstance(fact, k.CommandRefused | k.CommandDismissed) and fact.command in told.commands:
        return told.commands[fact.command].by
    return entry.actor


def _detail(entry: Entry, phrase: Phrase, told: Told) -> str:
    """What is said beside it, with names for e-mails; why a manager wanted it all the same."""
    command = told.echoes.get(entry.key)
    although = f"although: {command.although}" if command and command.although else ""
    return told.faces.said(", ".join(filter(None, (phrase.detail, although))))


def _pill(entry: Entry, phrase: Phrase, told: Told) -> Pill | None:
    """A command shows how it stands now, on the vendor's own fact once that is there."""
    if entry.key in told.echoes:
        return words.COMMAND_PILLS["delivered"]
    fact = entry.fact
    if isinstance(fact, k.CommandQueued):
        return words.COMMAND_PILLS[told.commands[fact.command].state] if fact.command in told.commands else None
    return phrase.pill
