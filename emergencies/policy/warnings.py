"""What people should see beside an emergency (vocabulary.md, 'Warnings'). Each rule answers with the instant from
which it holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from emergencies.policy.judgement import Warning
from emergencies.policy.registry import rule
from emergencies.policy.thresholds import Standing
from emergencies.story.story import Story

Held = list[tuple[Warning, datetime | None]]
"""Warnings, each with the instant from which it holds; none for always."""


def _warning(kind: str, rules: tuple[str, ...] = (), about: str = "", since: datetime | None = None) -> Held:
    return [(Warning(kind=kind, rules=rules, about=about), since)]


@rule("PAGE-9")
def resolved_before_contact(story: Story, settings: Standing) -> Held:
    """A page was resolved and nobody wrote to the customer. Goes when contact exists; clocks may differ by half a
    minute."""
    held: Held = []
    for page in story.live_pages:
        if page.resolved_at and not story.contacted(page.key):
            since = page.resolved_at + settings.at(page.resolved_at).apart
            held += _warning("resolved_before_contact", ("PAGE-9",), page.key, since)
    return held


@rule("PAGE-7")
def internal_note_is_no_contact(story: Story, settings: Standing) -> Held:
    """We wrote on the ticket, but only for ourselves."""
    held: Held = []
    for ticket in story.open_tickets:
        if ticket.noted_at and ticket.contact_at is None and ticket.urgent and not ticket.solved:
            held += _warning("internal_note_is_no_contact", ("PAGE-7",), ticket.key)
    return held


@rule("DONE-2")
def reply_after_solved(story: Story, settings: Standing) -> Held:
    """The customer wrote in a ticket after it was solved."""
    held: Held = []
    for ticket in story.open_tickets:
        if ticket.solved_at and ticket.replied_after_solved:
            held += _warning("reply_after_solved", ("DONE-2",), ticket.key)
    return held


@rule("PAGE-1")
def rings_again(story: Story, settings: Standing) -> Held:
    """A page rings that had been acknowledged or resolved before."""
    return [
        held
        for page in story.live_pages
        if page.rings_since and page.rang_again
        for held in _warning("rings_again", (), page.key)
    ]


@rule("PAGE-2")
def page_exhausted(story: Story, settings: Standing) -> Held:
    """The whole chain was rung and nobody took the page."""
    return [
        held
        for page in story.live_pages
        if page.exhausted and page.rings_since
        for held in _warning("page_exhausted", (), page.key)
    ]


@rule("PAGE-14")
def two_pages_one_ticket(story: Story, settings: Standing) -> Held:
    """Several pages ask for one ticket."""
    return (
        _warning("two_pages_one_ticket", ("PAGE-14",))
        if len(story.live_pages) > 1 and len(story.open_tickets) == 1
        else []
    )


@rule("PAGE-14")
def no_ticket(story: Story, settings: Standing) -> Held:
    """A page that no ticket is tied to."""
    return _warning("no_ticket", ("PAGE-14",)) if story.live_pages and not story.has_ticket else []


@rule("PAGE-14")
def no_page(story: Story, settings: Standing) -> Held:
    """An urgent ticket that nobody was paged for."""
    ticket = story.ticket
    return _warning("no_page", ("PAGE-14",), ticket.key) if ticket and ticket.urgent and not story.pages else []


@rule("PAGE-14")
def merged(story: Story, settings: Standing) -> Held:
    """A ticket or page of the emergency was merged into another one."""
    held: Held = []
    into = {ticket.key: ticket.merged_into for ticket in story.tickets.values()}
    into |= {page.key: page.merged_into for page in story.pages.values()}
    for key, target in into.items():
        if target:
            held += _warning("merged", ("PAGE-14",), key)
    return held


def vendor_clock(story: Story, settings: Standing) -> Held:
    """A vendor dated something more than two minutes after we saw it."""
    return _warning("vendor_clock") if story.vendor_clock else []


def command_refused(story: Story, settings: Standing) -> Held:
    """A vendor refused something that one of us asked for, and nobody has dealt with it."""
    return [held for command in story.refused_commands for held in _warning("command_refused", (), command)]


WARNINGS: tuple[Callable[[Story, Standing], Held | None], ...] = (
    resolved_before_contact, internal_note_is_no_contact, reply_after_solved, rings_again, page_exhausted,
    two_pages_one_ticket,
    no_ticket, no_page, merged, vendor_clock, command_refused,
)  # fmt: skip


def warnings(story: Story, settings: Standing) -> Held:
    """Every warning of a story, in the order of the table."""
    if story.joined_into:
        return []
    return [held for rule_of in WARNINGS for held in rule_of(story, settings) or ()]
