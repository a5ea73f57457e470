"""What is owed in an emergency and what was seen done, as a list that closes itself by evidence.

The three acts that the policy knows so far; runbooks bring the whole procedure.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

import msgspec
from msgspec.structs import replace

from emergencies.policy.business_hours import follow_up_from
from emergencies.policy.judgement import Judgement, Owed
from emergencies.queries import words
from emergencies.queries.people import Faces
from emergencies.queries.rows import Rule
from emergencies.story.entries import Ref
from emergencies.story.story import PageStory, Story, TicketStory


class Item(msgspec.Struct, frozen=True):
    """One line of the list."""

    state: Literal["seen", "now", "todo", "locked"]
    title: str
    words: str
    at: datetime | None
    due: datetime | None
    rules: tuple[Rule, ...]
    kind: str = ""
    """The act that it is about, and the key of the page or ticket."""
    about: str = ""


def checklist(story: Story, judgement: Judgement, faces: Faces, now: datetime) -> tuple[Item, ...]:
    """Each page is acknowledged, each ticket answered, each page resolved: seen, owed now, or still to come."""
    owed = {(act.kind, act.about.key): act for act in judgement.owed}
    pages, tickets = story.live_pages, [ticket for ticket in story.open_tickets if ticket.urgent or ticket.contact_at]
    several_pages, several_tickets = len(pages) > 1, len(tickets) > 1
    until = follow_up_from(story.began_at) if judgement.stage == "deferred" and story.began_at else None
    lines: list[Item] = []
    for page in pages:
        line = _acknowledged(page, owed, faces, now, until, several=several_pages)
        lines.append(replace(line, kind="acknowledge", about=page.key))
    for ticket in tickets:
        line = _answered(ticket, owed, faces, now, until, several=several_tickets)
        lines.append(replace(line, kind="first_public_reply", about=ticket.key))
    for page in pages:
        line = _resolved(page, owed, faces, now, story, several=several_pages)
        lines.append(replace(line, kind="resolve_page", about=page.key))
    return tuple(lines)


Acts = dict[tuple[str, str], Owed]


def _acknowledged(
    page: PageStory, owed: Acts, faces: Faces, now: datetime, until: datetime | None, *, several: bool
) -> Item:
    title = _titled("acknowledge", page.key, several=several)
    act = owed.get(("acknowledge", page.key))
    if act:
        return _open(title, act, now)
    if page.rings_since:
        said = "It rings in PagerDuty; nothing is owed by us before" if until else "It rings in PagerDuty"
        return Item("todo", title, said, None, until, words.rules(("PAGE-2",)))
    return _seen(
        title, page.acknowledged_by or page.resolved_by, page.acknowledged_at or page.resolved_at, ("PAGE-2",), faces
    )


def _answered(
    ticket: TicketStory, owed: Acts, faces: Faces, now: datetime, until: datetime | None, *, several: bool
) -> Item:
    title = _titled("first_public_reply", ticket.key, several=several)
    act = owed.get(("first_public_reply", ticket.key))
    if act:
        return _open(title, act, now)
    if ticket.contact_at:
        return _seen(title, ticket.contact_by, ticket.contact_at, ("PAGE-7",), faces)
    said = "Owed as soon as the page is acknowledged"
    if until or ticket.solved:
        said = "Nothing is owed by us before" if until else "The ticket was solved, and nobody wrote"
    return Item("todo", title, said, None, until, words.rules(("PAGE-7",)))


def _resolved(page: PageStory, owed: Acts, faces: Faces, now: datetime, story: Story, *, several: bool) -> Item:
    title = _titled("resolve_page", page.key, several=several)
    act = owed.get(("resolve_page", page.key))
    if act:
        return _open(title, act, now)
    if page.status == "resolved" and page.resolved_at:
        return _seen(title, page.resolved_by, page.resolved_at, ("PAGE-9",), faces)
    if story.contacted(page.key):
        return Item("todo", title, "The customer was written to: it may be done", None, None, words.rules(("PAGE-9",)))
    return Item("locked", title, "Opens when the customer was written to", None, None, words.rules(("PAGE-9",)))


def _open(title: str, act: Owed, now: datetime) -> Item:
    said = "Due" if act.due_at else "May be done now"
    return Item(
        "now" if act.open(now) and not act.locked else "todo", title, said, None, act.due_at, words.rules(act.rules)
    )


def _seen(title: str, by: str, at: datetime | None, rules: Iterable[str], faces: Faces) -> Item:
    return Item("seen", title, faces.name(by) or by or "Done", at, None, words.rules(tuple(rules)))


def _titled(kind: str, key: str, *, several: bool) -> str:
    title = words.act(kind).title
    return f"{title} {Ref.parse(key).ref}" if several else title
