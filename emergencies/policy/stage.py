"""The end of an emergency, and its stage: the first line of the table that fits (vocabulary.md)."""

from __future__ import annotations

from datetime import datetime, time

from emergencies.policy.judgement import Stage
from emergencies.policy.registry import rule
from emergencies.story.story import End, Story, TicketStory
from schedules.policy.regions import ZONES

GOV_BEGINS, GOV_ENDS = time(5), time(17)
"""US Gov support hours, Pacific, every day, half-open (GOV-1)."""


def ended(story: Story) -> End | None:
    """How the emergency ended, or none while it has not."""
    if story.joined_into:
        return "joined"
    return solved(story) or merged_away(story) or withdrawn(story)


@rule("DONE-1")
def solved(story: Story) -> End | None:
    """Every member ticket that was not merged away is solved or closed."""
    tickets = story.open_tickets
    return "solved" if tickets and all(ticket.solved for ticket in tickets) else None


@rule("OPEN-2")
def merged_away(story: Story) -> End | None:
    """Its tickets were merged into one that is nobody's emergency: known, and not urgent."""
    targets = {ticket.merged_into for ticket in story.tickets.values() if ticket.merged_into}
    left = story.open_tickets
    quiet = all(ticket.key in targets and ticket.known and not ticket.urgent for ticket in left)
    return "merged" if targets and left and quiet else None


@rule("PAGE-14")
def withdrawn(story: Story) -> End | None:
    """A person dismissed a page that no ticket was ever tied to, and it rings no more."""
    if story.dismissed_at is None or story.has_ticket or any(page.rings_since for page in story.pages.values()):
        return None
    return "withdrawn"


@rule("PAGE-1", off=False)
def ringing(story: Story) -> bool:
    """A page is triggered now, even after an end; or an urgent ticket waits without a page and without contact."""
    if any(page.rings_since for page in story.live_pages):
        return True
    ticket = story.ticket
    waits = ticket is not None and ticket.urgent and not ticket.solved and ticket.contact_at is None
    return waits and not story.live_pages


@rule("GOV-5", "GOV-1", off=False)
def deferred(story: Story) -> bool:
    """US Gov, package known without 24x7, the ticket made off hours, and nobody works it."""
    ticket, customer = story.ticket, story.customer
    if story.account != "us_gov" or ticket is None or ticket.created_at is None or customer is None:
        return False
    if customer.us_gov_support != "12x5" or _worked(story, ticket):
        return False
    local = ticket.created_at.astimezone(ZONES["US_GOV"]).time()
    return not GOV_BEGINS <= local < GOV_ENDS


def _worked(story: Story, ticket: TicketStory) -> bool:
    """Somebody who helps all the same takes it out of `deferred`."""
    return ticket.contact_at is not None or any(page.acknowledged_at for page in story.pages.values())


def stage(story: Story, end: End | None, *, survives: bool) -> Stage:
    """The stage of a story; `survives` says whether something that outlives the end is still owed."""
    if story.joined_into:
        return "closed"
    if end is None and deferred(story):
        return "deferred"
    if ringing(story):
        return "ringing"
    if end is not None:
        return "ending" if survives else "closed"
    return _conversation(story)


def _conversation(story: Story) -> Stage:
    """Whose word is the last, over all tickets that were not merged away."""
    tickets = [ticket for ticket in story.open_tickets if not ticket.solved]
    if any(ticket.unanswered or ticket.turn == "ours" for ticket in tickets):
        return "working"
    if any(ticket.contact_at for ticket in tickets):
        return "waiting"
    return "reviewing"


def ended_at(story: Story) -> datetime | None:
    """When the end came: the last ticket solved, the dismissal, or the last thing that happened."""
    if story.dismissed_at:
        return story.dismissed_at
    solved_at = [ticket.solved_at for ticket in story.open_tickets if ticket.solved_at]
    return max(solved_at) if solved_at and not story.joined_into else story.last_at
