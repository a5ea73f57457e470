"""How what several messengers told settles into facts (architecture.md 2b, 'One fact, several messengers').

`settle` is a pure function of the set of a subject's sightings: order and repetition change nothing. Each line of a
vendor's
own log or audit is a fact. An API answer or a webhook that tells the same kind about the same thing by the same
person within
two seconds of such a line is that fact; what no log tells yet stands for itself until the log is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from emergencies.story.entries import Entry, Sighting
from emergencies.story.kinds import Fact, MacroApplied, PageMerged, ResponderAdded, TicketChanged, TicketMerged

SAME_FACT = timedelta(seconds=2)
"""How far apart two messengers may date the same act."""

BELIEVED = {"log": 0, "answer": 1, "webhook": 2}
"""Whose wording of a fact is taken when several tell it: the lowest."""


def settle(sightings: Iterable[Sighting]) -> list[Entry]:
    """The entries of one subject, in the order of the timeline."""
    once = {sighting.key: sighting for sighting in sightings}
    groups: dict[tuple[object, ...], list[Sighting]] = defaultdict(list)
    for sighting in once.values():
        groups[_identity(sighting)].append(sighting)
    entries: list[Entry] = []
    for identity, members in groups.items():
        members.sort(key=lambda s: (s.at, BELIEVED[s.messenger], s.key))
        facts = [members] if identity[0] == "same" else _facts(members)
        entries.extend(_entry(fact) for fact in facts)
    return sorted(entries, key=lambda entry: entry.order)


def _identity(sighting: Sighting) -> tuple[object, ...]:
    """What must agree for two sightings to be able to tell the same fact, their times aside."""
    if sighting.same:
        return ("same", sighting.same)
    return ("alike", sighting.fact.kind, _about(sighting.fact), sighting.actor)


def _about(fact: Fact) -> tuple[object, ...]:
    """What tells two facts of one kind apart when one person causes both in the same moment."""
    match fact:
        case TicketChanged(field=field, to=to, added=added, removed=removed):
            return (field, to, added, removed)
        case MacroApplied(title=title):
            return (title,)
        case ResponderAdded(who=who):
            return (who,)
        case PageMerged(into=into) | TicketMerged(into=into):
            return (into,)
    return ()


def _facts(members: Sequence[Sighting]) -> list[list[Sighting]]:
    """Groups sightings that may be the same fact by their times: around each line of the log, the rest around their
    first."""
    logged = [[sighting] for sighting in members if sighting.messenger == "log"]
    loose: list[list[Sighting]] = []
    for sighting in members:
        if sighting.messenger == "log":
            continue
        near = [fact for fact in logged if abs(fact[0].at - sighting.at) <= SAME_FACT]
        if near:
            min(near, key=lambda fact: (abs(fact[0].at - sighting.at), fact[0].key)).append(sighting)
        elif loose and sighting.at - loose[-1][0].at <= SAME_FACT:
            loose[-1].append(sighting)
        else:
            loose.append([sighting])
    return logged + loose


def _entry(told: Sequence[Sighting]) -> Entry:
    """One fact in the words of its most believed messenger, known since the first of them told it."""
    best = min(told, key=lambda s: (BELIEVED[s.messenger], s.at, s.key))
    return Entry(
        subject=best.subject,
        key=best.key,
        fact=best.fact,
        at=best.at,
        seen_at=min(sighting.seen_at for sighting in told),
        source=best.source,
        actor=best.actor,
        told_by=best.messenger,
    )
