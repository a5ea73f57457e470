"""One emergency as its page shows it: what everybody of an audience is shown alike, as frozen values.

`emergency` makes nine queries, whatever the length of the timeline: the row, its subjects (two), entries, texts,
commands, people (our own and the customer's), and the vendors' freshness.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from ceoc.access.classes import Sees
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
    links: tuple[Filled, ...]


def find(viewer: Sees, public_id: str) -> Emergency | None:
    """The emergency of that id, or none when there is none that the viewer may see."""
    found: Emergency | None = Emergency.objects.visible_to(viewer).filter(public_id=public_id).first()
    return found


def emergency(viewer: Sees, public_id: str, times: Times) -> View | None:
    """The page of an emergency for a viewer or an audience; none where there is none to see. Nine queries."""
    row = find(viewer, public_id)
    return view(load(viewer, row, times), times) if row else None


def load(viewer: Sees, row: Emergency, times: Times) -> Loaded:
    """Reads all that the page of an emergency needs. Eight queries."""
    entries = timelines([row])[row.pk]
    story = fold(row.public_id, entries, row.klass)
    texts = Text.objects.visible_to(viewer).filter(key__in=[entry.key for entry in entries])
    commands = list(Command.objects.visible_to(viewer).filter(group=row.public_id).order_by("queued_at", "pk"))
    return Loaded(
        row=row,
        entries=entries,
        story=story,
        judgement=judge(story, times.now, team.thresholds()),
        commands=commands,
        texts={key: (title, body) for key, title, body in texts.values_list("key", "title", "body")},
        faces=Faces(_people(entries, story, commands), viewer),
        links=filled(team.links(), story, row.public_id),
        sources={(source.vendor, source.account): source for source in freshness.all_for(viewer, times.wall)},
    )


def view(loaded: Loaded, times: Times) -> View:
    """What the page shows of what was read. No query."""
    story, row, judgement, now = loaded.story, loaded.row, loaded.judgement, times.now
    told = Told(
        faces=loaded.faces,
        texts=loaded.texts,
        commands={command.public_id: command for command in loaded.commands},
        echoes=echoes(loaded.entries, loaded.commands),
        retracted=story.retracted,
        automatic=story.automatic,
        dri_since=story.dri.since if story.dri else None,
    )
    return View(
        head=_head(loaded),
        step=_step(judgement.next_owed(now), judgement, loaded, now),
        items=checklist(story, judgement, loaded.faces, now),
        warnings=tuple(_warning(one.kind, one.rules, one.about) for one in judgement.warnings),
        facts=facts.facts(story, loaded.entries, loaded.faces, loaded.sources, loaded.links),
        commands=command_rows(loaded.commands, loaded.faces, times),
        timeline=tuple(timeline(loaded.entries, told)),
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
