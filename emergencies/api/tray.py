"""Pages made by hand that wait to be tied."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from ceoc.api.operations import Asked, Operation
from ceoc.api.problems import Problem
from emergencies import actions
from emergencies.actions import Refused
from emergencies.actions.naming import named
from emergencies.api import emergencies, shapes, tell
from emergencies.api.acts import Fields, WithReason
from emergencies.models import Emergency
from emergencies.queries import tray


class Tie(Fields, frozen=True, kw_only=True):
    """The ticket that the page is about."""

    ticket: Annotated[str, Meta(max_length=80)]
    account: Literal["global", "us_gov"] = "global"


def _found(asked: Asked) -> tray.TrayPage:
    page = tray.find(asked.viewer, asked.parts["page"])
    if page is None:
        raise Problem(404)
    return page


def every(asked: Asked) -> shapes.WaitingPages:
    """The pages that wait. Four queries, two when none waits."""
    return shapes.WaitingPages(results=tuple(tell.waiting(page) for page in tray.tray(asked.viewer)))


def tie(asked: Asked) -> shapes.Emergency:
    """Ties a page to a ticket; answers the emergency that it is part of now."""
    page = _found(asked)
    try:
        ticket = named("ticket", asked.body.ticket, asked.body.account)
        actions.tie_waiting(page=page.key, ticket=ticket, by=asked.viewer, now=asked.now)
    except Refused as refusal:
        raise Problem(409, str(refusal)) from None
    tied = Emergency.objects.visible_to(asked.viewer).filter(links__subject__key=page.key, links__ended=False).get()
    return emergencies.standing(asked, tied.public_id)


def put_aside(asked: Asked) -> shapes.WaitingPage:
    """Says that a page is no emergency; answers the page."""
    page = _found(asked)
    try:
        actions.put_aside(page=page.key, by=asked.viewer, now=asked.now, why=asked.body.why)
    except Refused as refusal:
        raise Problem(409, str(refusal)) from None
    return tell.waiting(page)


UNKNOWN = {404: "No such page waits, or none that you may see."}
REFUSED = UNKNOWN | {409: "It was refused; `detail` says why and what to do instead."}

LIST = Operation(
    name="list_waiting_pages", method="GET", tag="tray", summary="Pages that wait, the longest waiting first",
    scope="read", capability="view", do=every, answers=shapes.WaitingPages,
)  # fmt: skip
TIE = Operation(
    name="act_tie", method="POST", tag="tray", summary="Tie a waiting page to a ticket", scope="act",
    capability="work", do=tie, answers=shapes.Emergency, body=Tie, also=REFUSED,
)  # fmt: skip
PUT_ASIDE = Operation(
    name="act_put_aside", method="POST", tag="tray", summary="Say that a waiting page is no emergency", scope="act",
    capability="work", do=put_aside, answers=shapes.WaitingPage, body=WithReason, also=REFUSED,
)  # fmt: skip
