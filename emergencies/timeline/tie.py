"""Finds what belongs together for the subjects that changed, and turns each decision into entries (policy: `tying`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import count

from ceoc.access.opaque import opaque_id
from emergencies import models
from emergencies.policy import tying
from emergencies.story import kinds as k
from emergencies.story.entries import Entry, Ref
from emergencies.story.fold import fold
from emergencies.timeline import rows
from emergencies.timeline.append import Subjects
from emergencies.timeline.drafts import Draft
from emergencies.timeline.locks import NeedMore

TIED = ("page", "ticket", "thread", "summons")
"""Kinds of subjects that are tied to an emergency by what their facts name."""


def name_partners(changed: Iterable[str], subjects: Subjects, entries: dict[str, list[Entry]]) -> None:
    """Keeps with each changed subject the keys that its facts name, and whether it waits in the tray."""
    for key in changed:
        subject = subjects[key]
        member = _told(subject, entries[key])
        partners = sorted(member.names)
        if partners != subject.partners:
            subject.partners = partners
            subject.save(update_fields=["partners"])


def tie(key: str, subjects: Subjects, entries: dict[str, list[Entry]], now: datetime) -> list[Draft]:
    """The entries that tie one changed subject. Raises NeedMore while a subject that matters is not locked."""
    group = _group(subjects[key])
    missing = group - subjects.keys()
    if missing:
        raise NeedMore(missing)
    members = _members(sorted(group), subjects, entries)
    called_for = [name.removeprefix("emergency:") for name in members[key].names if name.startswith("emergency:")]
    if called_for:  # a summons names its emergency outright
        stays = members[key].emergency or called_for[0] in members[key].parted
        return [] if stays else [linked(called_for[0], key, "named", "", now)]
    decision = tying.decide(members[key], tuple(members[other] for other in sorted(group - {key})))
    return _entries(decision, members[key], now) if decision else []


def wait_in_tray(subject: models.Subject, entries: list[Entry]) -> None:
    """A page that belongs nowhere waits in the tray while it is open at PagerDuty. What is tied waits no more
    (`links.apply`)."""
    page = fold("", entries, subject.klass).pages.get(subject.key)
    open_there = bool(page and page.known and not page.put_aside and page.status in ("triggered", "acknowledged"))
    waits = open_there and not models.Link.objects.filter(subject=subject, ended=False, alone=True).exists()
    if waits != subject.waiting:
        subject.waiting = waits
        subject.save(update_fields=["waiting"])


def _group(subject: models.Subject) -> set[str]:
    """The subject, what it names, and what names it. An emergency that is named stands for itself and is no member."""
    naming = models.Subject.objects.filter(partners__contains=[subject.key]).values_list("key", flat=True)
    return {key for key in {subject.key, *subject.partners, *naming} if Ref.parse(key).kind in TIED}


def _members(keys: Sequence[str], subjects: Subjects, entries: dict[str, list[Entry]]) -> dict[str, tying.Member]:
    """Each subject as tying needs it: what it tells, where it belongs, where a person took it out. One query."""
    links = models.Link.objects.filter(subject__key__in=keys).select_related("subject", "emergency")
    belongs: dict[str, models.Emergency] = {}
    parted: dict[str, set[str]] = defaultdict(set)
    for link in links:
        if link.ended:
            parted[link.subject.key].add(link.emergency.public_id)
        else:
            belongs[link.subject.key] = link.emergency
    members = {}
    for key in keys:
        told = _told(subjects[key], entries.get(key, []))
        home = belongs.get(key)
        members[key] = tying.Member(
            key=key,
            account=told.account,
            known=told.known,
            begins=told.begins,
            names=told.names,
            emergency=home.public_id if home else "",
            began_at=home.began_at if home else None,
            parted=frozenset(parted[key]),
        )
    return members


def _told(subject: models.Subject, entries: list[Entry]) -> tying.Member:
    """What a subject's own entries say: whether it is known, is an emergency by itself, and what it names."""
    account: k.Account = subject.klass
    story = fold("", entries, account)
    known = bool(entries)
    names: frozenset[str] = frozenset()
    begins = False
    if page := story.pages.get(subject.key):
        known, begins, names = page.known, tying.page_begins(page), tying.page_names(page)
    elif ticket := story.tickets.get(subject.key):
        known, begins, names = ticket.known, tying.ticket_begins(ticket), tying.ticket_names(ticket)
    elif subject.kind == "thread":
        names = frozenset(page for e in entries if isinstance(e.fact, k.ThreadStarted) for page in e.fact.pages)
    elif subject.kind == "summons":
        names = frozenset(
            f"emergency:{e.fact.about}" for e in entries if isinstance(e.fact, k.SummonsSent) and e.fact.about
        )
    return tying.Member(key=subject.key, account=account, known=known, begins=begins, names=names)


def _entries(decision: tying.Tie, member: tying.Member, now: datetime) -> list[Draft]:
    """The entries of a decision; a subject that a person took out of an emergency begins one that says so."""
    home = decision.emergency or _new_id(member.key)
    drafts = [linked(home, subject, "named", "", now) for subject in decision.link]
    if not decision.emergency and member.parted:
        fact = k.SplitFrom(other=min(member.parted), why="taken_out")
        drafts.append(Draft(subject=Ref("emergency", home), fact=fact, at=now, key=f"split:{home}"))
    return drafts + [joined(younger, home, "named", "", now) for younger in decision.join]


def _new_id(key: str) -> str:
    """A public id for the emergency that a subject begins; a second one where its first id is taken."""
    return next(
        id
        for n in count()
        if not models.Emergency.objects.filter(
            public_id=(id := opaque_id(f"emergency:{key}" + (f":{n}" if n else "")))
        ).exists()
    )


def linked(emergency: str, subject: str, why: str, by: str, now: datetime) -> Draft:
    """That a subject is part of an emergency from now on, with all that happened to it before."""
    return moved(emergency, k.Linked(subject=subject, why=why), subject, by, now)


def joined(younger: str, older: str, why: str, by: str, now: datetime) -> Draft:
    """That an emergency went into an older one."""
    return moved(younger, k.Joined(into=older, why=why), older, by, now)


def moved(emergency: str, fact: k.Fact, other: str, by: str, now: datetime) -> Draft:
    """What became of an emergency together with `other`: a subject's key, or another emergency's id."""
    key = f"{fact.kind}:{emergency}:{other}:{now.isoformat()}"
    return Draft(subject=Ref("emergency", emergency), fact=fact, at=now, key=key, actor=by)


def entries_by_subject(subjects: Subjects) -> dict[str, list[Entry]]:
    """The standing entries of the locked subjects. One query."""
    keys = {subject.pk: key for key, subject in subjects.items()}
    told: dict[str, list[Entry]] = {key: [] for key in subjects}
    for row in models.Entry.objects.filter(subject__in=keys, known_until=None):
        told[keys[row.subject_id]].append(rows.entry_of(row, keys[row.subject_id]))
    return told
