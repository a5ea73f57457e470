"""Acts on emergencies: each through the same action and capability as its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from ceoc.api.operations import Asked, Operation, Told
from ceoc.api.problems import Problem, field_problem
from emergencies import actions, models
from emergencies.actions import Refused
from emergencies.actions.naming import named
from emergencies.api import emergencies, shapes
from emergencies.queries.emergency import find
from emergencies.story.entries import Ref
from emergencies.timeline.read import story_of
from emergencies.timeline.record import Recorded

Text = Annotated[str, Meta(max_length=60_000, description="What is written.")]
Why = Annotated[str, Meta(max_length=500, description="Why, in a few words.")]
Vendors = Annotated[str, Meta(max_length=80, description="The vendor's id; not needed where there is just one.")]
Id = Annotated[str, Meta(max_length=80)]


class Fields(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an act is told."""


class OnPage(Fields, frozen=True, kw_only=True):
    """Which page."""

    page: Vendors = ""


class Resolve(Fields, frozen=True, kw_only=True):
    """Which page; a manager may say why it is resolved although nobody wrote to the customer."""

    page: Vendors = ""
    although: Why = ""


class PageNote(Fields, frozen=True, kw_only=True):
    """Which page, and what is noted on it."""

    text: Text
    page: Vendors = ""


class Call(Fields, frozen=True, kw_only=True):
    """Whom to call, by e-mail, and what they are told."""

    to: Annotated[str, Meta(max_length=190)]
    text: Text = ""


class Note(Fields, frozen=True, kw_only=True):
    """What is noted."""

    text: Text


class Reply(Fields, frozen=True, kw_only=True):
    """What the customer reads. After it, it is the customer's turn."""

    text: Text
    ticket: Vendors = ""
    turn: Literal["theirs"] = "theirs"


class InternalNote(Fields, frozen=True, kw_only=True):
    """What the team reads on the ticket."""

    text: Text
    ticket: Vendors = ""


class OfEntry(Fields, frozen=True, kw_only=True):
    """Which entry of the timeline."""

    entry: Id


class Retract(Fields, frozen=True, kw_only=True):
    """Which entry of the timeline is taken back."""

    entry: Id
    why: Why = ""


class WithReason(Fields, frozen=True, kw_only=True):
    """Why."""

    why: Why


class Subject(Fields, frozen=True, kw_only=True):
    """A page, ticket or thread by the vendor's id. Without an account a ticket is the emergency's account's."""

    kind: Literal["ticket", "page", "thread"]
    id: Id
    account: Literal["", "global", "us_gov"] = ""
    why: Why = ""


class Join(Fields, frozen=True, kw_only=True):
    """Id of the emergency that this one belongs to. The older of the two stands."""

    into: Id
    why: Why = ""


Doing = Callable[..., Recorded]


class Act(msgspec.Struct, frozen=True):
    """One act: its name, what it is told, how its fields become those of the action, and the action."""

    name: str
    summary: str
    body: type[Fields]
    action: Doing
    fields: Callable[[models.Emergency, Any, Asked], Mapping[str, Any]]


def _as_told(_row: models.Emergency, body: Fields, _asked: Asked) -> Mapping[str, Any]:
    return msgspec.structs.asdict(body)


def _on_page(row: models.Emergency, body: Any, _asked: Asked) -> Mapping[str, Any]:
    keys = [page.key for page in story_of(row).live_pages]
    return msgspec.structs.asdict(body) | {"page": _chosen(keys, body.page, "page")}


def _on_ticket(row: models.Emergency, body: Any, _asked: Asked) -> Mapping[str, Any]:
    keys = [ticket.key for ticket in story_of(row).open_tickets]
    told = msgspec.structs.asdict(body) | {"ticket": _chosen(keys, body.ticket, "ticket")}
    told.pop("turn", None)
    return told


def _chosen(keys: list[str], id: str, word: str) -> str:
    """The key for a vendor's id, "" for the only one there is. Raises Problem 400 that names the choices."""
    choices = {Ref.parse(key).ref: key for key in keys}
    if not id and len(choices) < 2:
        return ""
    if id not in choices:
        there = f"Say which one: {', '.join(sorted(choices))}." if choices else f"No {word} is tied to this emergency."
        raise field_problem(**{word: there})
    return choices[id]


def _subject(row: models.Emergency, body: Subject, _asked: Asked) -> Mapping[str, Any]:
    return {"subject": named(body.kind, body.id, body.account or row.klass), "why": body.why}


def _into(_row: models.Emergency, body: Join, asked: Asked) -> Mapping[str, Any]:
    into = find(asked.viewer, body.into)
    if into is None:
        raise field_problem(into="There is no such emergency, or none that you may see.")
    return {"into": into, "why": body.why}


ACTS = (
    Act("acknowledge", "Acknowledge a page in PagerDuty", OnPage, actions.acknowledge, _on_page),
    Act("resolve", "Resolve a page once the customer was written to", Resolve, actions.resolve_page, _on_page),
    Act("ring_again", "Let a page ring again", OnPage, actions.ring_again, _on_page),
    Act("page_note", "Write a note on a page in PagerDuty", PageNote, actions.page_note, _on_page),
    Act("call", "Call a colleague by a page of our own", Call, actions.call_colleague, _as_told),
    Act("note", "Keep a note in the timeline", Note, actions.note, _as_told),
    Act("public_reply", "Write to the customer; held for ten seconds", Reply, actions.public_reply, _on_ticket),
    Act("internal_note", "Write for the team on the ticket", InternalNote, actions.internal_note, _on_ticket),
    Act("thread_reply", "Write in the Slack thread, or begin it", Note, actions.thread_reply, _as_told),
    Act("retract", "Take back what was said in the dashboard", Retract, actions.retract, _as_told),
    Act("automatic", "Say that a customer's comment was an automatic reply", OfEntry, actions.said_automatic, _as_told),
    Act("take_over", "Become the DRI", WithReason, actions.take_over, _as_told),
    Act("dismiss", "Say that a page without a ticket is no emergency", WithReason, actions.dismiss_page, _as_told),
    Act("link", "Tie a page, ticket or thread to the emergency", Subject, actions.link, _subject),
    Act("unlink", "Take a page, ticket or thread out", Subject, actions.unlink, _subject),
    Act("split", "Take a page or ticket out into an emergency of its own", Subject, actions.split, _subject),
    Act("join", "Let two emergencies be one", Join, actions.join, _into),
)
"""Every act of an emergency's page."""


def operation(act: Act) -> Operation:
    """The operation of an act."""

    def do(asked: Asked) -> Told:
        row = emergencies.found(asked)
        try:
            told = act.fields(row, asked.body, asked)
            recorded = act.action(emergency=row, by=asked.viewer, now=asked.now, **told)
        except Refused as refusal:
            raise Problem(409, str(refusal)) from None
        status = 202 if recorded.commands else 200
        return Told(emergencies.standing(asked, row.public_id), status)

    return Operation(
        name=f"act_{act.name}",
        method="POST",
        tag="acts",
        summary=act.summary,
        scope="act",
        capability="work",
        do=do,
        answers=shapes.Emergency,
        body=act.body,
        also={
            202: "It is on its way; the vendor must confirm it.",
            404: "There is no such emergency, or none that you may see.",
            409: "It was refused; `detail` says why and what to do instead.",
        },
    )
