"""What is one's own: the next step on the board, drafts, what is new since one's last look. Fetched, never pushed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from ceoc.access.viewer import Viewer
from emergencies.models import Draft, Emergency, Look
from emergencies.policy.judgement import FAR, Owed
from emergencies.queries import words
from emergencies.queries.board import clock_of, next_act, open_emergencies
from emergencies.queries.rows import Clock, Rule
from emergencies.queries.told import TimelineRow


class OwnStep(msgspec.Struct, frozen=True):
    """The first of all that a person owes. `act` is the address that does it, empty where it is done on its page."""

    title: str
    customer: str
    why: str
    rules: tuple[Rule, ...]
    clock: Clock
    me: str
    act: str
    page: str
    button: str
    address: str


class OwnBoard(msgspec.Struct, frozen=True):
    """The card above the queue: a step, or that nothing is owed and what is watched."""

    step: OwnStep | None
    calm: str
    watched: str
    mine: int


class Looked(msgspec.Struct, frozen=True):
    """What is new to a person: since when, how many, the newest of them, and the first that they have seen before."""

    address: str
    at: datetime | None
    count: int = 0
    first: str = ""
    mark: str = ""


BUTTONS = {
    "acknowledge": "Acknowledge",
    "first_public_reply": "Write to the customer",
    "resolve_page": "Resolve the page",
}


def own_board(viewer: Viewer, now: datetime) -> OwnBoard:
    """The viewer's own card. One query."""
    emergencies = list(open_emergencies(viewer))
    mine = sum(emergency.dri == viewer.email for emergency in emergencies)
    first = next_of(viewer, emergencies, now)
    if first is None:
        return OwnBoard(None, _calm(viewer), _watched(len(emergencies), mine), mine)
    return OwnBoard(_step(*first, viewer, now), "", "", mine)


def next_of(viewer: Viewer, emergencies: Iterable[Emergency], now: datetime) -> tuple[Owed, Emergency] | None:
    """The first of all that the viewer owes in those emergencies. No query."""
    acts = [(act, one) for one in emergencies if (act := next_act(one, now)) and _is_theirs(act, one, viewer)]
    return min(acts, key=lambda pair: (pair[0].rank, pair[0].due_at or FAR, pair[1].public_id), default=None)


def _is_theirs(act: Owed, emergency: Emergency, viewer: Viewer) -> bool:
    """Acts of the DRI are the DRI's; a page that rings is for every engineer until the roster says whose it is."""
    if act.role == "dri":
        return emergency.dri == viewer.email
    return act.role in ("dispatch", "proposed") and viewer.role == "engineer"


def _step(act: Owed, emergency: Emergency, viewer: Viewer, now: datetime) -> OwnStep:
    said, address = words.act(act.kind), f"/emergencies/{emergency.public_id}/"
    return OwnStep(
        title=said.title,
        customer=emergency.customer_name or emergency.title or "customer not known yet",
        why=said.why,
        rules=words.rules(act.rules),
        clock=clock_of(emergency.stage, act, now),
        me=viewer.email,
        act=f"{address}acknowledge/" if act.kind == "acknowledge" else "",
        page=act.about.key,
        button=BUTTONS.get(act.kind, "Open"),
        address=address,
    )


def _calm(viewer: Viewer) -> str:
    return "Nothing is owed by you" if viewer.may("work") else "You follow along: nothing is asked of you"


def _watched(every: int, mine: int) -> str:
    if not every:
        return "PagerDuty, Zendesk and Slack are watched; whatever arrives shows here by itself."
    theirs = f"{mine} of them yours" if mine else "none of them yours"
    things = "emergency" if every == 1 else "emergencies"
    return f"Watched: {every} open {things}, {theirs}. Words of customers and pages show here."


def drafts(viewer: Viewer, emergency: Emergency) -> dict[str, tuple[str, datetime]]:
    """The viewer's texts that are not sent yet, with when each was kept, by audience. One query."""
    kept = Draft.objects.filter(person_id=viewer.person_id, emergency=emergency).exclude(text="")
    return {audience: (text, at) for audience, text, at in kept.values_list("audience", "text", "kept_at")}


def looked(viewer: Viewer, emergency: Emergency, rows: tuple[TimelineRow, ...]) -> Looked:
    """What is new to the viewer in a timeline that is newest first; what they did themselves is not. One query."""
    address = f"/emergencies/{emergency.public_id}/looked/"
    at = Look.objects.filter(person_id=viewer.person_id, emergency=emergency).values_list("at", flat=True).first()
    if at is None:
        return Looked(address, None)
    new = [row for row in rows if row.learned_at > at and row.by != viewer.email]
    seen = next((row.id for row in rows if row.learned_at <= at), "")
    return Looked(address, at, len(new), new[0].id if new else "", seen if new else "")
