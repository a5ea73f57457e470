"""One emergency as its page shows it: what everybody of an audience is shown alike, as frozen values.

`emergency` makes nine queries, whatever the length of the timeline: the row, its subjects (two), entries, texts,
commands, people (our own and the customer's), and the vendors' freshness.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

import msgspec
from msgspec.structs import replace

from ceoc.access.classes import Sees
from ceoc.access.models import AccessLog
from ceoc.access.viewer import Audience, Viewer
from ceoc.ops import freshness
from ceoc.outbox.models import Command
from emergencies.models import Emergency, Text
from emergencies.policy.judge import judge
from emergencies.policy.judgement import Judgement, Owed
from emergencies.policy.links import Filled, filled
from emergencies.queries import facts, words
from emergencies.queries.board import clock_of, owner_of, owner_words
from emergencies.queries.commands import CommandRow, command_rows
from emergencies.queries.echoes import echoes
from emergencies.queries.evidence import Item, checklist
from emergencies.queries.facts import Facts
from emergencies.queries.people import Faces
from emergencies.queries.rows import Clock, Face, Pill, Rule, Times
from emergencies.queries.told import TimelineRow, Told, timeline
from emergencies.story import kinds as k
from emergencies.story.entries import Entry
from emergencies.story.fold import fold
from emergencies.story.story import Story
from emergencies.timeline import team
from emergencies.timeline.read import timelines
from emergencies.timeline.seen import path_of


class Head(msgspec.Struct, frozen=True):
    """Who is in trouble, with what, and how far it is."""

    id: str
    customer: str
    subject: str
    stage: str
    stage_words: str
    track: tuple[tuple[str, str], ...]
    """Words of each stage with its state: `done`, `current` or empty."""
    pills: tuple[Pill, ...]
    dri: Face
    began_at: datetime | None


class Step(msgspec.Struct, frozen=True):
    """What is owed first, with its clock, why, and who owes it. Without a `kind` nothing is owed now."""

    kind: str
    title: str
    why: str
    rules: tuple[Rule, ...]
    clock: Clock
    owed_by: str
    owner: str
    about: str
    """Subject key of the page or ticket that the act is about."""
    until: datetime | None = None
    """Before when nothing is owed by us, where that is known."""


class WarningRow(msgspec.Struct, frozen=True):
    """Something that people should see beside the emergency."""

    kind: str
    text: str
    rules: tuple[Rule, ...]
    about: str


class View(msgspec.Struct, frozen=True):
    """The whole page, but what is the viewer's own."""

    head: Head
    step: Step
    items: tuple[Item, ...]
    warnings: tuple[WarningRow, ...]
    facts: Facts
    commands: tuple[CommandRow, ...]
    timeline: tuple[TimelineRow, ...]
    joined_into: str
    klass: str
    closed: bool
    pages: tuple[str, ...]
    """Subject keys, for choices: pages, tickets and threads of the emergency."""
    tickets: tuple[str, ...]
    threads: tuple[str, ...]


class Loaded(msgspec.Struct, frozen=True):
    """What the tables say of one emergency."""

    row: Emergency
    entries: list[Entry]
    story: Story
    judgement: Judgement
    commands: list[Command]
    texts: dict[str, tuple[str, str]]
    faces: Faces
    sources: dict[tuple[str, str], freshness.FreshnessRow]
    seen_before: Mapping[str, str]
    links: tuple[Filled, ...]


def find(viewer: Sees, public_id: str) -> Emergency | None:
    """The emergency of that id, or none when there is none that the viewer may see."""
    found: Emergency | None = Emergency.objects.visible_to(viewer).filter(public_id=public_id).first()
    return found


def emergency(viewer: Viewer | Audience, public_id: str, times: Times) -> View | None:
    """The page of an emergency for a viewer or an audience; none where there is none to see. Nine queries."""
    row = find(viewer, public_id)
    return view(load(viewer, row, times), times) if row else None


def load(viewer: Viewer | Audience, row: Emergency, times: Times) -> Loaded:
    """Reads all that the page of an emergency needs. Eight queries, one more for who is told who had seen it."""
    return load_all(viewer, [row], times, seen_before=had_seen(viewer, row))[0]


def load_all(
    viewer: Sees,
    rows: Sequence[Emergency],
    times: Times,
    *,
    known_at: datetime | None = None,
    seen_before: Mapping[str, str] = MappingProxyType({}),
) -> list[Loaded]:
    """Reads all that is told of emergencies; with `known_at` as it was known then. Eight queries, however many."""
    entries = timelines(rows, known_at)
    stories = {row.pk: fold(row.public_id, entries[row.pk], row.klass) for row in rows}
    keys = [entry.key for told in entries.values() for entry in told]
    texts = Text.objects.visible_to(viewer).filter(key__in=keys).values_list("key", "title", "body")
    said = {key: (title, body) for key, title, body in texts}
    commands = _commands(viewer, rows, known_at)
    people = (_people(entries[row.pk], stories[row.pk], commands.get(row.public_id, ())) for row in rows)
    faces = Faces({person for some in people for person in some} | seen_before.keys(), viewer)
    sources = {(source.vendor, source.account): source for source in freshness.all_for(viewer, times.wall)}
    thresholds = team.thresholds()
    return [
        Loaded(
            row=row,
            entries=entries[row.pk],
            story=stories[row.pk],
            judgement=judge(stories[row.pk], known_at or times.now, thresholds),
            commands=commands.get(row.public_id, []),
            texts=said,
            faces=faces,
            sources=sources,
            links=filled(team.links(), stories[row.pk], row.public_id),
            seen_before=seen_before,
        )
        for row in rows
    ]


def as_known(viewer: Sees, row: Emergency, times: Times, at: datetime) -> Loaded | None:
    """What was known at that time, judged as of then; none where nothing was known yet. Eight queries."""
    loaded = load_all(viewer, [row], times, known_at=at)[0]
    return loaded if loaded.entries else None


def as_happened(viewer: Sees, row: Emergency, times: Times, at: datetime) -> Loaded | None:
    """What had happened by that time as it is known now, judged by today's rules; none before it began. Eight
    queries."""
    loaded = load_all(viewer, [row], times)[0]
    entries = [entry for entry in loaded.entries if entry.judged_at < at]
    if not entries:
        return None
    story = fold(row.public_id, entries, row.klass)
    commands = [command for command in loaded.commands if command.queued_at < at]
    judgement = judge(story, at, team.thresholds())
    return replace(loaded, entries=entries, story=story, judgement=judgement, commands=commands)


def had_seen(viewer: Viewer | Audience, row: Emergency) -> dict[str, str]:
    """Which uncleared people had seen it before it was US Government's, and how that is known: for cleared managers
    and administrators. One query, none for others."""
    if row.klass != "us_gov" or not (viewer.cleared and viewer.may("manage")):
        return {}
    lines = AccessLog.objects.visible_to(viewer).filter(kind="had_seen", path=path_of(row.public_id))
    return dict(lines.order_by("email", "at").values_list("email", "reason"))


def _commands(viewer: Sees, rows: Iterable[Emergency], known_at: datetime | None) -> dict[str, list[Command]]:
    """What was asked of vendors, by emergency, oldest first; with `known_at` what had been asked by then."""
    found = Command.objects.visible_to(viewer).filter(group__in=[row.public_id for row in rows])
    if known_at:
        found = found.filter(queued_at__lte=known_at)
    by_group: dict[str, list[Command]] = {}
    for command in found.order_by("queued_at", "pk"):
        by_group.setdefault(command.group, []).append(command)
    return by_group


def telling(loaded: Loaded) -> Told:
    """What is needed to tell the entries of what was read. No query."""
    story = loaded.story
    return Told(
        faces=loaded.faces,
        texts=loaded.texts,
        commands={command.public_id: command for command in loaded.commands},
        echoes=echoes(loaded.entries, loaded.commands),
        retracted=story.retracted,
        automatic=story.automatic,
        dri_since=story.dri.since if story.dri else None,
    )


def view(loaded: Loaded, times: Times) -> View:
    """What the page shows of what was read. No query."""
    story, row, judgement, now = loaded.story, loaded.row, loaded.judgement, times.now
    return View(
        head=_head(loaded),
        step=_step(judgement.next_owed(now), judgement, loaded, now),
        items=checklist(story, judgement, loaded.faces, now),
        warnings=tuple(_warning(one.kind, one.rules, one.about) for one in judgement.warnings),
        facts=facts.facts(
            story, loaded.entries, loaded.faces, loaded.sources, links=loaded.links, seen_before=loaded.seen_before
        ),
        commands=command_rows(loaded.commands, loaded.faces, times),
        timeline=tuple(timeline(loaded.entries, telling(loaded))),
        joined_into=story.joined_into,
        klass=row.klass,
        closed=judgement.stage == "closed",
        pages=tuple(page.key for page in story.live_pages),
        tickets=tuple(ticket.key for ticket in story.open_tickets),
        threads=story.threads,
    )


def _people(entries: Iterable[Entry], story: Story, commands: Iterable[Command]) -> set[str]:
    people = {entry.actor for entry in entries} | {command.by for command in commands}
    for fact in (entry.fact for entry in entries):
        if isinstance(fact, k.PageEscalated | k.PageReassigned | k.SummonsSent):
            people.update(fact.to)
        elif isinstance(fact, k.DriChanged | k.TicketChanged):
            people.add(fact.to)
    people.update(person for page in story.pages.values() for person in page.assigned)
    people.update(filter(None, (customer.csm for customer in story.customers.values())))
    people.update(filter(None, (ticket.assignee for ticket in story.tickets.values())))
    people.update(filter(None, (ticket.requester for ticket in story.tickets.values())))
    return people | ({story.dri.person} if story.dri else set())


def _head(loaded: Loaded) -> Head:
    row, judgement = loaded.row, loaded.judgement
    return Head(
        id=row.public_id,
        customer=row.customer_name or "Customer not known yet",
        subject=row.title or "No subject yet",
        stage=judgement.stage,
        stage_words=words.STAGES[judgement.stage],
        track=_track(judgement.stage),
        pills=tuple(_head_pills(row, judgement)),
        dri=loaded.faces.of(row.dri, is_dri=True),
        began_at=row.began_at,
    )


def _head_pills(row: Emergency, judgement: Judgement) -> Iterable[Pill]:
    if row.klass == "us_gov":
        yield Pill(f"US Gov {row.us_gov_support}".strip(), "gov", "lock")
    if row.plan:
        yield Pill(words.plan(row.plan))
    if row.product:
        yield Pill(words.product(row.product))
    if row.region:
        yield Pill(words.REGIONS.get(row.region, row.region))
    if judgement.stage in ("closed", "deferred"):
        yield Pill(words.STAGES[judgement.stage], "wait", "closed")
    if judgement.ended:
        yield Pill(words.ENDED.get(judgement.ended, judgement.ended), "good", "check")


def _track(stage: str) -> tuple[tuple[str, str], ...]:
    """The usual stages in their order, up to the present one done."""
    place = words.TRACK.index(stage) if stage in words.TRACK else (len(words.TRACK) if stage == "closed" else -1)
    states = ["done" if i < place else "current" if i == place else "" for i in range(len(words.TRACK))]
    return tuple((words.STAGES[name], state) for name, state in zip(words.TRACK, states, strict=True))


def _step(act: Owed | None, judgement: Judgement, loaded: Loaded, now: datetime) -> Step:
    """The first open act; else what the stage says is watched."""
    if act is None:
        calm = words.IN_PROGRESS[judgement.stage]
        clock = clock_of(judgement.stage, None, now, loaded.story.began_at)
        rules = words.rules(("GOV-5",)) if clock.due else ()
        return Step("", calm.title, calm.why, rules, clock, "", "", "", clock.due)
    said = words.act(act.kind)
    return Step(
        kind=act.kind,
        title=said.title,
        why=said.why,
        rules=words.rules(act.rules),
        clock=clock_of(judgement.stage, act, now),
        owed_by=owner_words(act, loaded.row.dri, loaded.faces),
        owner=owner_of(act, loaded.row.dri),
        about=act.about.key,
    )


def _warning(kind: str, rules: Sequence[str], about: str) -> WarningRow:
    return WarningRow(kind, words.warning(kind), words.rules(tuple(rules)), about)
