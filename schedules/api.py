"""Who is on call, in the API. No roster is known in this release: the answer has its shape and says so."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ceoc.api.operations import Asked, Operation

Region = Literal["AMER", "EMEA", "APAC", "US_GOV"]


class When(msgspec.Struct, frozen=True, kw_only=True):
    """Which time is asked for; now where none is named."""

    at: Annotated[datetime, Meta(tz=True)] | UnsetType = UNSET


class Rotation(msgspec.Struct, frozen=True, kw_only=True):
    """A rotation with who is on call in it."""

    name: str
    region: Region
    kind: str
    on_call: tuple[str, ...]
    until: datetime | None
    next: str | None


class DutyDri(msgspec.Struct, frozen=True, kw_only=True):
    """Who is the DRI on duty in a region, and by which rules."""

    region: Region
    person: str | None
    until: datetime | None
    why: tuple[str, ...]


class Covered(msgspec.Struct, frozen=True, kw_only=True):
    """How many engineers are on call in a region."""

    region: Region
    engineers: int
    single: bool
    gap: bool


class OnCall(msgspec.Struct, frozen=True, kw_only=True):
    """Who is on call at a time. `known` is false while no roster is read: the lists are empty then, and say nothing."""

    at: datetime
    known: bool
    rotations: tuple[Rotation, ...] = ()
    duty_dri: tuple[DutyDri, ...] = ()
    coverage: tuple[Covered, ...] = ()


def oncall(asked: Asked) -> OnCall:
    """What is known of who is on call. No query."""
    return OnCall(at=asked.now if asked.query.at is UNSET else asked.query.at, known=False)


ONCALL = Operation(
    name="get_oncall",
    method="GET",
    tag="oncall",
    summary="Who is on call, as far as it is known",
    scope="read",
    capability="view",
    do=oncall,
    answers=OnCall,
    query=When,
)
