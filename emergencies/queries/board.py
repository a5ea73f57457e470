"""The board: open emergencies in the order of what is owed, as frozen rows.

`board` makes three queries whatever the rows: emergencies, people, how many closed today.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from ceoc.access.classes import Sees
from emergencies.models import Emergency
from emergencies.policy.business_hours import follow_up_from
from emergencies.policy.judgement import FAR, Owed
from emergencies.queries import words
from emergencies.queries.days import day_began
from emergencies.queries.filters import FOLLOW_UP, FOLLOW_UP_STAGES, Filters, regions
from emergencies.queries.people import Faces
from emergencies.queries.rows import Clock, Face, Pill

SECTIONS = {"owed": "Owed now", "progress": "In progress", FOLLOW_UP: "Follow-up owed"}
SAID_BY_PILLS = frozenset({"resolved_before_contact", "no_ticket", "no_page"})
"""Warnings that the pills of a row say already."""

CALM_ORDER = ("ringing", "working", "reviewing", "waiting")
"""In progress: whoever waits for us first, whoever we wait for last."""


class Row(msgspec.Struct, frozen=True):
    """One emergency in a list."""

    id: str
    section: str
    customer: str
    subject: str
    plan: str
    product: str
    gov: str
    """The US Gov package's words where the emergency is US Gov, else empty."""
    clock: Clock
    owed: str
    owed_by: str
    owner: str
    """E-mail of the one who owes the act; empty where that is a role on call."""
    rules: tuple[str, ...]
    dri: Face
    page: Pill
    rings: str
    """Subject key of the page that rings, which one may acknowledge; else empty."""
    ticket: Pill
    began_at: datetime | None
    warnings: tuple[str, ...]
    say: str
    """The polite sentence for the moment in which it appears."""
    settled: bool
    """Whether its customer is known: the sentence waits a moment for that."""


class Section(msgspec.Struct, frozen=True):
    """A part of the queue."""

    name: str
    words: str
    rows: tuple[Row, ...]


class Chip(msgspec.Struct, frozen=True):
    """A filter that one press sets, with how many it leaves."""

    words: str
    name: str
    count: int
    address: str
    current: bool


class Board(msgspec.Struct, frozen=True):
    """All that the board shows to an audience."""

    filters: Filters
    sections: tuple[Section, ...]
    chips: tuple[Chip, ...]
    counts: dict[str, int]
    """By name of chip, of the whole audience's board."""
    closed: int

    @property
    def shown(self) -> int:
        """How many rows there are."""
        return sum(len(section.rows) for section in self.sections)


def board(viewer: Sees, filters: Filters, now: datetime) -> Board:
    """The board of a viewer or an audience. Three queries. 'Today' is the day of UTC, the same for everybody."""
    every = list(open_emergencies(viewer))
    left = [emergency for emergency in every if _fits(emergency, filters)]
    faces = Faces(emergency.dri for emergency in left)
    kept = [ranked(emergency, faces, now) for emergency in left]
    counts = _counts(every, regions(viewer))
    return Board(
        filters=filters,
        sections=tuple(_section(name, kept) for name in SECTIONS),
        chips=_chips(counts, filters, regions(viewer)),
        counts=counts,
        closed=Emergency.objects.visible_to(viewer)
        .filter(stage="closed", historical=False, joined_into="", closed_at__gte=day_began(now, UTC))
        .count(),
    )


def open_emergencies(viewer: Sees) -> Iterable[Emergency]:
    """Every open emergency that the viewer may see."""
    return (
        Emergency.objects.visible_to(viewer)
        .exclude(stage="closed")
        .filter(historical=False)
        .order_by("began_at", "public_id")
    )


Ranked = tuple[tuple[object, ...], Row]
"""A row with what it is sorted by."""


def ranked(emergency: Emergency, faces: Faces, now: datetime) -> Ranked:
    """An emergency's row, and its place in its section: rank, then what is due first, then age."""
    act = next_act(emergency, now)
    row = row_of(emergency, act, faces, now)
    if row.section == "owed" and act:
        return (act.rank, act.due_at or FAR, emergency.began_at or FAR, row.id), row
    calm = CALM_ORDER.index(emergency.stage) if emergency.stage in CALM_ORDER else len(CALM_ORDER)
    return (calm, emergency.began_at or FAR, row.id), row


def next_act(emergency: Emergency, now: datetime) -> Owed | None:
    """The first owed act that is open and not locked; the order inside a rank is late first."""
    acts = msgspec.convert(emergency.owed, list[Owed], strict=False)
    ready = [act for act in acts if act.open(now) and not act.locked]
    return min(ready, key=lambda act: (act.rank, not act.late(now), act.due_at or FAR), default=None)


def row_of(emergency: Emergency, act: Owed | None, faces: Faces, now: datetime) -> Row:
    """The row of one emergency."""
    calm = words.IN_PROGRESS.get(emergency.stage, words.IN_PROGRESS["working"])
    customer = emergency.customer_name or "Customer not known yet"
    gov = emergency.klass == "us_gov"
    title = words.act(act.kind).title if act else calm.title
    return Row(
        id=emergency.public_id,
        section=section_of(emergency.stage, act),
        customer=customer,
        subject=emergency.title or "No subject yet",
        plan=words.plan(emergency.plan),
        product=words.product(emergency.product),
        gov=f"US Gov {emergency.us_gov_support}".strip() if gov else "",
        clock=clock_of(emergency.stage, act, now, emergency.began_at),
        owed=title,
        owed_by=owner_words(act, emergency.dri, faces),
        owner=owner_of(act, emergency.dri),
        rules=act.rules if act else (),
        dri=faces.of(emergency.dri, is_dri=True),
        page=words.page_pill(emergency.page_status, contacted=emergency.page_contacted),
        rings=emergency.page_key if emergency.page_status == "triggered" else "",
        ticket=words.ticket_pill(emergency.ticket_key, emergency.ticket_status),
        began_at=emergency.began_at,
        warnings=tuple(words.warning(one["kind"]) for one in emergency.warnings if one["kind"] not in SAID_BY_PILLS),
        say=f"{customer}: {title}",
        settled=bool(emergency.customer_name),
    )


def section_of(stage: str, act: Owed | None) -> str:
    """Which part of the queue an emergency stands in; an act without a due time does not make it 'owed now'."""
    if stage in FOLLOW_UP_STAGES:
        return FOLLOW_UP
    return "owed" if act and act.due_at else "progress"


def clock_of(stage: str, act: Owed | None, now: datetime, began_at: datetime | None = None) -> Clock:
    """The figure of a row: the due time of what is owed, else a word. What is deferred is due when hours begin."""
    due = act.due_at if act else None
    if stage == "deferred" and began_at:
        due = follow_up_from(began_at)
    if due:
        return Clock("late" if now >= due else "due", due=due, late=now >= due)
    if act:
        return Clock("no due time")
    return Clock("customer’s turn" if stage == "waiting" else "nothing owed")


def owner_of(act: Owed | None, dri: str) -> str:
    """The person who owes an act, where it is the DRI; every other role is resolved by the roster."""
    return dri if act and act.role == "dri" else ""


def owner_words(act: Owed | None, dri: str, faces: Faces) -> str:
    """Who owes an act, in words; without a DRI the one on duty answers for it."""
    if act is None:
        return ""
    owner = owner_of(act, dri)
    if owner:
        return f"{faces.name(owner)} owes this"
    role = "duty_dri" if act.role == "dri" else act.role
    return f"For {words.ROLES.get(role, role.replace('_', ' '))}"


def _section(name: str, kept: Sequence[Ranked]) -> Section:
    mine = sorted((one for one in kept if one[1].section == name), key=lambda one: one[0])
    return Section(name, SECTIONS[name], tuple(row for _, row in mine))


def _fits(emergency: Emergency, filters: Filters) -> bool:
    return (
        filters.fits_stage(emergency.stage)
        and filters.region in ("", emergency.region)
        and filters.dri in ("", emergency.dri)
        and filters.plan in ("", emergency.plan)
        and filters.product in ("", emergency.product)
    )


def _counts(every: Sequence[Emergency], known: dict[str, str]) -> dict[str, int]:
    counts = {"all": len(every)}
    counts |= {f"region-{word}": sum(one.region == word for one in every) for word in known}
    counts[f"stage-{FOLLOW_UP}"] = sum(one.stage in FOLLOW_UP_STAGES for one in every)
    return counts


def _chips(counts: dict[str, int], filters: Filters, known: dict[str, str]) -> tuple[Chip, ...]:
    clean = Filters(q=filters.q)
    chips = [Chip("All", "all", counts["all"], clean.address(), not filters.narrows)]
    for word, name in known.items():
        chips.append(
            Chip(name, f"region-{word}", counts[f"region-{word}"], clean.address(region=word), filters.region == word)
        )
    name, current = f"stage-{FOLLOW_UP}", filters.stage == FOLLOW_UP
    chips.append(Chip(SECTIONS[FOLLOW_UP], name, counts[name], clean.address(stage=FOLLOW_UP), current))
    return tuple(chips)
