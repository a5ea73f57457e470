"""What is owed: one small function per act, each with its rule's id, in the order of the procedure (vocabulary.md,
'Owed')."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from emergencies.policy.judgement import FAR, About, Owed
from emergencies.policy.registry import rule
from emergencies.policy.stage import deferred
from emergencies.policy.thresholds import Standing
from emergencies.story.story import End, Story, TicketStory

OwedRule = Callable[[Story, Standing], Iterable[Owed] | None]


@rule("PAGE-2")
def acknowledge(story: Story, settings: Standing) -> list[Owed]:
    """A page rings: somebody acknowledges it, at once. Whom it is dispatched to is resolved at reading."""
    return [
        Owed(
            kind="acknowledge",
            rules=("PAGE-2",),
            rank=1,
            role="dispatch",
            opens_at=page.rings_since,
            due_at=page.rings_since + settings.at(page.rings_since).at_once,
            about=About("page", page.key),
        )
        for page in story.live_pages
        if page.rings_since
    ]


@rule("PAGE-7")
def first_public_reply(story: Story, settings: Standing) -> list[Owed]:
    """The customer is told that we are here and what was determined: a public reply, on each urgent ticket of the
    emergency."""
    return [act for ticket in story.open_tickets if (act := _first_reply(story, ticket, settings))]


def _first_reply(story: Story, ticket: TicketStory, settings: Standing) -> Owed | None:
    if ticket.contact_at or ticket.solved or not (ticket.urgent or not ticket.known):
        return None
    pages = [page for page in story.live_pages if page.triggered_at]
    if not pages:
        began = ticket.created_at
        opens = began
    else:
        began = min(page.triggered_at for page in pages if page.triggered_at)
        opens = min((page.acknowledged_at or page.resolved_at or FAR for page in pages), default=FAR)
    if began is None or opens is None or opens == FAR:
        return None
    return Owed(
        kind="first_public_reply",
        rules=("PAGE-7",),
        rank=2,
        role="dri" if pages else "proposed",
        opens_at=opens,
        due_at=began + settings.at(began).first_reply,
        about=About("ticket", ticket.key),
    )


@rule("PAGE-9")
def resolve_page(story: Story, settings: Standing) -> list[Owed]:
    """The customer was written to, so the page may be resolved. It has no due time and outlives the end."""
    acts = []
    for page in story.live_pages:
        contact = story.contact_at(page.key)
        if page.status == "acknowledged" and contact is not None:
            acts.append(
                Owed(
                    kind="resolve_page",
                    rules=("PAGE-9",),
                    rank=3,
                    role="dri",
                    opens_at=max(contact, page.acknowledged_at or contact),
                    due_at=None,
                    about=About("page", page.key),
                    survives=True,
                )
            )
    return acts


ACTS: tuple[OwedRule, ...] = (acknowledge, first_public_reply, resolve_page)
"""The table of owed acts, in its order."""


def owed(story: Story, end: End | None, settings: Standing) -> tuple[Owed, ...]:
    """Everything owed in a story, by rank, then due time, then the table's order. After an end only what survives
    it."""
    if story.joined_into or (end is None and deferred(story)):
        return ()
    acts = [act for rule_of in ACTS for act in rule_of(story, settings) or ()]
    if end is not None:
        acts = [act for act in acts if act.survives or act.kind == "acknowledge"]
    return tuple(sorted(acts, key=lambda act: (act.rank, act.due_at or FAR)))
