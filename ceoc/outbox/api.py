"""Commands in the API: the list, and what people do with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ceoc import clock
from ceoc.access import audit
from ceoc.access.classes import US_GOV
from ceoc.api.operations import Asked, Operation, Told
from ceoc.api.paging import CursorText, Size, page
from ceoc.api.problems import Problem
from ceoc.outbox import people, queries
from ceoc.outbox.models import STATES, WAITING
from ceoc.outbox.models import Command as Row

Vendor = Literal["pagerduty", "zendesk", "slack"]
State = Literal[
    "held", "queued", "sending", "checking", "delivered", "will_retry", "asks", "refused", "expired", "dismissed",
]  # fmt: skip


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What a list may be narrowed to."""

    state: State | UnsetType = UNSET
    vendor: Vendor | UnsetType = UNSET
    emergency: Annotated[str, Meta(max_length=40, description="Id of an emergency.")] | UnsetType = UNSET
    page_size: Size = 50
    cursor: CursorText = ""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """An act on its way to a vendor. `next_try_at`: when it goes out, or is tried again."""

    id: str
    emergency: str | None
    vendor: Vendor
    kind: str
    state: State
    attempts: int
    next_try_at: datetime | None
    reason: str | None
    queued_at: datetime
    delivered_at: datetime | None


class Commands(msgspec.Struct, frozen=True, kw_only=True):
    """A page of commands; `next` is the address of the next one."""

    results: tuple[Command, ...]
    next: str | None


def every(asked: Asked) -> Commands:
    """A page of commands, the latest first. One query."""
    query = asked.query
    states = STATES if query.state is UNSET else (query.state,)
    rows = queries.commands_of(asked.viewer, states, "" if query.vendor is UNSET else query.vendor)
    if query.emergency is not UNSET:
        rows = rows.filter(group=query.emergency)
    found, line = page(rows, asked, "queued_at"), clock.line()
    audit.looked(asked.viewer, "command", *[row.public_id for row in found.rows if row.klass == US_GOV])
    return Commands(results=tuple(told(row, line) for row in found.rows), next=found.next)


def told(row: Row, line: clock.Line) -> Command:
    """A command as the API tells it; what workers count in real time is told by the domain's clock."""
    due = (row.hold_until or row.due_at) if row.state in WAITING else None
    return Command(
        id=row.public_id,
        emergency=row.group or None,
        vendor=row.vendor,
        kind=row.kind,
        state=row.state,
        attempts=row.attempts,
        next_try_at=line.at(due) if due else None,
        reason=row.reason or None,
        queued_at=row.queued_at,
        delivered_at=row.delivered_at,
    )


Press = Callable[..., None]


def _press(name: str, summary: str, press: Press, *, vendor_confirms: bool = False) -> Operation:
    """The operation that does something with one command, as the page's button does."""

    def do(asked: Asked) -> Told:
        command = queries.one(asked.viewer, asked.parts["public_id"])
        if command is None:
            raise Problem(404)
        try:
            press(command, by=asked.viewer.email, now=asked.now)
        except people.TooLate as refusal:
            raise Problem(409, str(refusal)) from None
        command.refresh_from_db()
        return Told(told(command, clock.line()), 202 if vendor_confirms else 200)

    also = {
        404: "There is no such command, or none that you may see.",
        409: "It is in another state by now; `detail` says which.",
    }
    return Operation(
        name=f"command_{name}",
        method="POST",
        tag="commands",
        summary=summary,
        scope="act",
        capability="work",
        do=do,
        answers=Command,
        also=also | ({202: "It is sent; the vendor must confirm it."} if vendor_confirms else {}),
    )


LIST = Operation(
    name="list_commands",
    method="GET",
    tag="commands",
    summary="What was asked of the vendors and what became of it, the latest first",
    scope="read",
    capability="view",
    do=every,
    answers=Commands,
    query=Filters,
)
PRESSES = {
    "retry": _press("retry", "Send again, or now", people.retry, vendor_confirms=True),
    "dismiss": _press("dismiss", "Put aside: it will not be sent", people.dismiss),
    "take_back": _press("take_back", "Take back what is still held", people.take_back),
}
