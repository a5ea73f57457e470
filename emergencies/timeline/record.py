"""The one door to write (architecture.md 2.2): one transaction locks, appends, ties, queues commands, projects and
announces.

Order of arrival does not matter and repetition adds nothing. Nothing in here calls a vendor or renders.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from ceoc.live.announce import announce
from ceoc.outbox.drafts import CommandDraft
from ceoc.outbox.queue import SWEEP, queue
from emergencies import models
from emergencies.story import kinds as k
from emergencies.story.entries import Entry, Ref
from emergencies.story.fold import fold
from emergencies.timeline import append, closing, links, locks, read, search, shown, tie
from emergencies.timeline.drafts import Draft, Seen
from emergencies.timeline.locks import NeedMore
from emergencies.timeline.project import project

ATTEMPTS = 8
"""How often the locks may turn out too few; each attempt only adds, so that more means a mistake in the facts."""


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What a call of `record` changed."""

    emergencies: frozenset[str] = frozenset()
    """Public ids of the emergencies that were folded anew."""
    commands: tuple[str, ...] = ()
    """Public ids of the commands that were queued, in their order."""


class _Work(msgspec.Struct, frozen=True):
    sightings: Sequence[Seen]
    entries: Sequence[Draft]
    commands: Sequence[CommandDraft]
    now: datetime


def record(
    *,
    sightings: Iterable[Seen] = (),
    entries: Iterable[Draft] = (),
    commands: Iterable[CommandDraft] = (),
    now: datetime,
) -> Recorded:
    """Writes what vendors told, what people did and what they want done, all of it or nothing.

    Safe with the same facts twice, in any order, and from two connections at once. Raises only what the database
    raises.
    """
    work = _Work(tuple(sightings), tuple(entries), tuple(commands), now)
    keys = _keys(work)
    keys |= locks.neighbours(keys)
    for _ in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return _Writing(work, keys).write()
        except NeedMore as more:
            keys |= more.keys
    raise RuntimeError(f"The subjects that belong together kept growing: {sorted(keys)}")


def _keys(work: _Work) -> set[str]:
    """The subjects that are surely concerned."""
    keys = {seen.subject.key for seen in work.sightings} | {draft.subject.key for draft in work.entries}
    keys |= {d.fact.subject for d in work.entries if isinstance(d.fact, k.Linked | k.Unlinked)}
    return keys | {f"emergency:{command.group}" for command in work.commands if command.group}


class _Writing:
    """One attempt: holds what is locked while the steps of a record follow each other."""

    def __init__(self, work: _Work, keys: set[str]) -> None:
        self.work = work
        self.now = work.now
        classes = {seen.subject.key: seen.klass for seen in work.sightings}
        said_of = _owners(keys)
        self.subjects = locks.subjects(keys - {f"emergency:{id}" for id in said_of}, classes)
        self.emergencies: dict[str, models.Emergency] = {}
        self._hold(links.homes(self.subjects.values()) | said_of)

    def write(self) -> Recorded:
        """All steps, in order."""
        reclassed = closing.reclass_subjects(self.work.sightings, self.subjects)
        changed = append.append_sightings(self.work.sightings, self.subjects, self.now) | reclassed
        commands = [queue(draft, self.now) for draft in self.work.commands]
        queued = [
            _queued(draft, command.public_id, self.now)
            for draft, command in zip(self.work.commands, commands, strict=True)
        ]
        made = self._append([*self.work.entries, *queued])
        if not changed and not made:
            return Recorded()
        moved = changed | _moved(made)
        self._tie(moved)
        touched = self._touched(changed, made)
        for id in sorted(touched, key=lambda id: self.emergencies[id].pk):
            self._fold(self.emergencies[id])
        self._announce_tray(moved, reclassed)
        return Recorded(emergencies=frozenset(touched), commands=tuple(command.public_id for command in commands))

    def _hold(self, ids: Iterable[str]) -> None:
        """Locks emergencies, and after each the subject that stands for itself: always in this order."""
        new = set(ids) - self.emergencies.keys()
        if new:
            self.emergencies |= locks.emergencies(new)
            self.subjects |= locks.subjects({f"emergency:{id}" for id in new} - self.subjects.keys(), {})

    def _append(self, drafts: Sequence[Draft]) -> list[Entry]:
        """Adds entries, and lets those about membership take effect."""
        for draft in drafts:
            self._hold(_owners([draft.subject.key]))
        made = append.append_entries(drafts, self.subjects, self.now)
        into = links.named_by(made)
        self._hold(into)
        leaving = {Ref.parse(entry.subject).ref for entry in made if isinstance(entry.fact, k.Joined)}
        missing = links.members(leaving) - self.subjects.keys()
        if missing:
            raise NeedMore(missing)
        links.apply(made, self.subjects, self.emergencies)
        return made

    def _tie(self, changed: set[str]) -> None:
        """Ties what the changed subjects name, one after the other, so that each sees what the one before did."""
        concerned = sorted(key for key in changed if Ref.parse(key).kind in tie.TIED)
        told = tie.entries_by_subject(self.subjects)
        tie.name_partners(concerned, self.subjects, told)
        for key in concerned:
            self._append(tie.tie(key, self.subjects, told, self.now))
            tie.wait_in_tray(self.subjects[key], told[key])

    def _touched(self, changed: set[str], made: Sequence[Entry]) -> set[str]:
        """The emergencies to fold anew: those held now and, for a customer that changed, all that it belongs to."""
        homes = links.homes([self.subjects[key] for key in changed | {entry.subject for entry in made}])
        self._hold(homes)
        return set(self.emergencies)

    def _fold(self, emergency: models.Emergency) -> None:
        """Folds, judges and projects one emergency, and says that it changed."""
        was_closed = emergency.klass
        turned = closing.reclass_emergency(emergency, self.subjects[f"emergency:{emergency.public_id}"])
        entries = read.timelines([emergency])[emergency.pk]
        if links.link_customers(emergency, entries, self.subjects):
            entries = read.timelines([emergency])[emergency.pk]
        story = fold(emergency.public_id, entries, emergency.klass)
        judgement = project(emergency, story, entries, self.now)
        shown.keep_shown(emergency, judgement, "record", self.now)
        search.index(emergency, story, entries)
        klass = "global" if turned and was_closed == "global" else emergency.klass
        if (turned or self.work.commands) and closing.reclass_commands(emergency):
            announce([SWEEP], "global")
        if not emergency.historical:
            announce(["board", f"emergency:{emergency.public_id}"], klass)

    def _announce_tray(self, changed: set[str], reclassed: set[str]) -> None:
        """Pages that wait to be tied are a list of their own, which one that turns out to be US Government's leaves."""
        pages = [key for key in changed if Ref.parse(key).kind == "page"]
        for klass in {"global" if key in reclassed else self.subjects[key].klass for key in pages}:
            announce(["tray"], klass)


def _owners(keys: Iterable[str]) -> set[str]:
    """Public ids of the emergencies among subject keys."""
    return {Ref.parse(key).ref for key in keys if key.startswith("emergency:")}


def _moved(made: Iterable[Entry]) -> set[str]:
    """Subjects that people just tied, took out or put aside: what is an emergency by itself begins one, what belongs
    nowhere waits."""
    told = {entry.subject for entry in made if entry.subject.startswith("page:")}
    return told | {entry.fact.subject for entry in made if isinstance(entry.fact, k.Linked | k.Unlinked)}


def _queued(draft: CommandDraft, command: str, now: datetime) -> Draft:
    """That somebody wants something done: a press is a command, not a fact (architecture.md 2b)."""
    return Draft(
        subject=Ref("emergency", draft.group),
        fact=k.CommandQueued(
            command=command, vendor=draft.vendor, act=draft.kind, about=draft.object, although=draft.although
        ),
        at=now,
        key=f"command_queued:{command}",
        actor=draft.by,
    )
