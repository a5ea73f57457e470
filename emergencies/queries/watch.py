"""What people are told wherever they are: the nearest clock of each one's own, and what rings. Two queries at most."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from ceoc.access.classes import Sees
from emergencies.models import Emergency, Entry
from emergencies.policy.judgement import FAR, Owed
from emergencies.queries import words
from emergencies.queries.board import next_act, open_emergencies, owner_of

FRESH = timedelta(minutes=5)
"""How long what rang is told to a page that opens; what is older was heard, or nobody was there."""

RINGS = ("page_triggered", "page_unacknowledged", "page_reopened", "page_escalated", "page_reassigned")
"""What lets a page ring (again), where it is triggered afterwards."""


class OwnClock(msgspec.Struct, frozen=True):
    """The nearest clock of one person."""

    who: str
    title: str
    due: datetime


class Ring(msgspec.Struct, frozen=True):
    """Something to be heard once in each browser: a page, or an act that is late. US Gov's customers are not named."""

    key: str
    """The same for the same ring, whenever it is told again."""
    id: str
    text: str
    to: tuple[str, ...] = ()
    """E-mails of whom it concerns; empty: everybody who sees it."""
    by: str = ""
    """Who brought it about; they need not be told."""


class Watch(msgspec.Struct, frozen=True):
    """Both, for an audience."""

    clocks: tuple[OwnClock, ...]
    rings: tuple[Ring, ...]


def watch(viewer: Sees, now: datetime, since: datetime, ids: Collection[str] | None = None) -> Watch:
    """Everybody's nearest clock; and what rang after `since`, of these emergencies or of all."""
    every = list(open_emergencies(viewer))
    concerned = [one for one in every if ids is None or one.public_id in ids]
    late = [ring for one in concerned for ring in _late(one, now, since)]
    return Watch(tuple(_clocks(every, now)), (*_pages(viewer, concerned, since), *late))


def _clocks(every: Iterable[Emergency], now: datetime) -> Iterable[OwnClock]:
    nearest: dict[str, OwnClock] = {}
    for emergency in every:
        act = next_act(emergency, now)
        who = owner_of(act, emergency.dri)
        due = act.due_at if act else None
        if who and due and (who not in nearest or due < nearest[who].due):
            nearest[who] = OwnClock(who, emergency.customer_name, due)
    return sorted(nearest.values(), key=lambda clock: clock.who)


def _pages(viewer: Sees, emergencies: Sequence[Emergency], since: datetime) -> Iterable[Ring]:
    """The last ring of each page that is triggered now. One query, none where none is."""
    ringing = {one.pk: one for one in emergencies if one.page_status == "triggered"}
    if not ringing:
        return
    rows = Entry.objects.visible_to(viewer).filter(
        kind__in=RINGS,
        known_until__isnull=True,
        subject__links__emergency__in=list(ringing),
        subject__links__ended=False,
    )
    told: dict[int, list[tuple[datetime, str]]] = {}
    for pk, seen_at, actor in rows.order_by("at", "key").values_list("subject__links__emergency", "seen_at", "actor"):
        told.setdefault(pk, []).append((seen_at, actor))
    for pk, rings in sorted(told.items()):
        seen_at, actor = rings[-1]
        if seen_at > since:
            key = f"page {ringing[pk].public_id} {len(rings)}"
            yield Ring(key, ringing[pk].public_id, f"{_who(ringing[pk])}: a page rings", by=actor)


def _late(emergency: Emergency, now: datetime, since: datetime) -> Iterable[Ring]:
    """The acts that are late since a moment: for the one who owes them, else for everybody."""
    for act in msgspec.convert(emergency.owed, list[Owed], strict=False):
        due = act.due_at or FAR
        if since < due <= now and act.open(now) and not act.locked and act.role != "customer":
            owner = owner_of(act, emergency.dri)
            key = f"late {emergency.public_id} {act.kind} {act.about.key} {due.timestamp():.0f}"
            text = f"{_who(emergency)}: {words.act(act.kind).title}, late now"
            yield Ring(key, emergency.public_id, text, (owner,) if owner else ())


def _who(emergency: Emergency) -> str:
    """Who it is about, in words that may stand on a screen that others look at."""
    if emergency.klass == "us_gov":
        return "US Gov"
    return emergency.customer_name or "A customer"
