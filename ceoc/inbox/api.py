"""Deliveries in the API, for administrators: the list, and reading one once more."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ceoc.api.operations import Asked, Operation, Told
from ceoc.api.paging import CursorText, Size, page
from ceoc.api.problems import Problem
from ceoc.inbox import processing, queries
from ceoc.inbox.models import Delivery as Row

Vendor = Literal["pagerduty", "zendesk", "slack"]
State = Literal["stored", "processed", "unreadable"]


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What a list may be narrowed to."""

    vendor: Vendor | UnsetType = UNSET
    state: State | UnsetType = UNSET
    kind: Annotated[str, Meta(max_length=80, description="Part of the event's name.")] | UnsetType = UNSET
    page_size: Size = 50
    cursor: CursorText = ""


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook received."""

    id: str
    vendor: Vendor
    account: Literal["global", "us_gov"] | None
    kind: str
    state: State
    received_at: datetime
    processed_at: datetime | None
    reason: str | None


class Deliveries(msgspec.Struct, frozen=True, kw_only=True):
    """A page of deliveries; `next` is the address of the next one."""

    results: tuple[Delivery, ...]
    next: str | None


def every(asked: Asked) -> Deliveries:
    """A page of deliveries, the latest first. One query."""
    words = {name: value for name in ("vendor", "state", "kind") if (value := getattr(asked.query, name)) is not UNSET}
    found = page(queries.deliveries_of(asked.viewer, queries.Filters(**words)), asked, "received_at")
    return Deliveries(results=tuple(told(row) for row in found.rows), next=found.next)


def told(row: Row) -> Delivery:
    """A delivery as the API tells it."""
    return Delivery(
        id=row.public_id,
        vendor=row.vendor,
        account=row.account or None,
        kind=row.kind,
        state=row.state,
        received_at=row.received_at,
        processed_at=row.processed_at,
        reason=row.reason or None,
    )


def replay(asked: Asked) -> Told:
    """Reads a delivery once more, in a moment."""
    delivery = queries.one(asked.viewer, asked.parts["public_id"])
    if delivery is None:
        raise Problem(404)
    processing.replay(delivery)
    delivery.refresh_from_db()
    return Told(told(delivery), 202)


LIST = Operation(
    name="list_deliveries",
    method="GET",
    tag="deliveries",
    summary="What the vendors' webhooks brought, the latest first",
    scope="administer",
    capability="administer",
    do=every,
    answers=Deliveries,
    query=Filters,
)
REPLAY = Operation(
    name="delivery_replay",
    method="POST",
    tag="deliveries",
    summary="Read a delivery once more; what it told before is not doubled",
    scope="administer",
    capability="administer",
    do=replay,
    answers=Delivery,
    also={202: "It is read in a moment.", 404: "There is no such delivery, or none that you may see."},
)
