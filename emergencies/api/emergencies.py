"""Reading emergencies: the list, one of them, and the next step of the token's person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ceoc import clock
from ceoc.access import audit
from ceoc.access.classes import US_GOV
from ceoc.api.operations import Asked, Elsewhere, Operation
from ceoc.api.paging import CursorText, Size, page
from ceoc.api.problems import Problem, field_problem
from emergencies import models
from emergencies.api import shapes, tell
from emergencies.policy.judgement import Stage
from emergencies.queries import emergency as one
from emergencies.queries.board import open_emergencies
from emergencies.queries.listed import Wanted, listed
from emergencies.queries.own import next_of
from emergencies.queries.rows import Times


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What a list may be narrowed to."""

    stage: Stage | UnsetType = UNSET
    open: bool | UnsetType = UNSET
    region: shapes.Region | UnsetType = UNSET
    dri: Annotated[str, Meta(max_length=254, description="An e-mail.")] | UnsetType = UNSET
    customer: Annotated[str, Meta(max_length=200, description="Part of the customer's name.")] | UnsetType = UNSET
    incident: Annotated[str, Meta(max_length=200, description="Id of a widespread incident.")] | UnsetType = UNSET
    q: Annotated[str, Meta(max_length=200, description="Beginnings of words.")] | UnsetType = UNSET
    since: Annotated[datetime, Meta(tz=True, description="Began at or after.")] | UnsetType = UNSET
    until: Annotated[datetime, Meta(tz=True, description="Began before.")] | UnsetType = UNSET
    page_size: Size = 50
    cursor: CursorText = ""

    @property
    def wanted(self) -> Wanted:
        """What was asked for, for the query."""
        told = {name: value for name in Wanted.__struct_fields__ if (value := getattr(self, name)) is not UNSET}
        return Wanted(**told | ({"dri": told["dri"].strip().lower()} if "dri" in told else {}))


class When(msgspec.Struct, frozen=True, kw_only=True):
    """Which time is asked for."""

    at: Annotated[datetime, Meta(tz=True, description="As it was known then.")] | UnsetType = UNSET
    by: Annotated[
        Literal["known", "happened"], Meta(description="With `happened`: what had happened by `at`, as known now.")
    ] = "known"


def times() -> Times:
    """Both clocks now."""
    return Times(clock.line(), clock.wall())


def every(asked: Asked) -> shapes.Emergencies:
    """A page of emergencies, the latest first. Nine queries, however many."""
    found = page(listed(asked.viewer, asked.query.wanted), asked, "began_at")
    _looked(asked, *found.rows)
    both = times()
    loaded = one.load_all(asked.viewer, found.rows, both) if found.rows else []
    return shapes.Emergencies(results=tuple(tell.emergency(each, both) for each in loaded), next=found.next)


def single(asked: Asked) -> shapes.Emergency | Elsewhere:
    """One emergency. Nine queries."""
    row = found(asked)
    if row.joined_into:
        query = asked.request.GET.urlencode()
        return Elsewhere(f"/api/v1/emergencies/{row.joined_into}/{f'?{query}' if query else ''}")
    _looked(asked, row)
    both, at = times(), asked.query.at
    if at is UNSET:
        if asked.query.by == "happened":
            raise field_problem(at="Say by when.")
        return tell.emergency(one.load(asked.viewer, row, both), both)
    if at > both.now:
        raise field_problem(at="That is still to come.")
    then = one.as_happened if asked.query.by == "happened" else one.as_known
    loaded = then(asked.viewer, row, both, at)
    if loaded is None:
        raise Problem(404)
    return tell.emergency(loaded, both, at)


def following(asked: Asked) -> shapes.Next | None:
    """The next step of the token's person; null while nothing is owed. One query, and eight where something is."""
    first = next_of(asked.viewer, open_emergencies(asked.viewer), asked.now)
    if first is None:
        return None
    act, row = first
    return tell.following(act, one.load(asked.viewer, row, times()), asked.now)


def _looked(asked: Asked, *rows: models.Emergency) -> None:
    """Keeps that US Government's emergencies among `rows` were read, timeline and all (security.md 8)."""
    audit.looked(asked.viewer, "emergency", *[row.public_id for row in rows if row.klass == US_GOV])


def found(asked: Asked) -> models.Emergency:
    """The emergency that the address names. Unseen is as unknown: 404."""
    row = one.find(asked.viewer, asked.parts["public_id"])
    if row is None:
        raise Problem(404)
    return row


def standing(asked: Asked, public_id: str) -> shapes.Emergency:
    """The emergency as it stands after an act; where it went into another, that one."""
    row = one.find(asked.viewer, public_id)
    if row is not None and row.joined_into:
        row = one.find(asked.viewer, row.joined_into)
    if row is None:
        raise Problem(404)
    both = times()
    return tell.emergency(one.load(asked.viewer, row, both), both)


LIST = Operation(
    name="list_emergencies",
    method="GET",
    tag="emergencies",
    summary="Emergencies, the latest first, a page at a time",
    scope="read",
    capability="view",
    do=every,
    answers=shapes.Emergencies,
    query=Filters,
)
ONE = Operation(
    name="get_emergency",
    method="GET",
    tag="emergencies",
    summary="One emergency, now or at an earlier time",
    scope="read",
    capability="view",
    do=single,
    answers=shapes.Emergency,
    query=When,
    also={
        307: "It went into another emergency; that one is at `Location`.",
        404: "There is none, none that you may see, or nothing was known of it at that time.",
    },
)
NEXT = Operation(
    name="get_my_next_step",
    method="GET",
    tag="emergencies",
    summary="The first of all that the token's person owes; null while nothing is owed",
    scope="read",
    capability="view",
    do=following,
    answers=shapes.Next | None,
)
