"""What a page's entries do to the story: ringing, acknowledged, resolved, merged, per page (PAGE-1)."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from emergencies.story import kinds as k
from emergencies.story.entries import Entry
from emergencies.story.story import PageStory, Story


def tell_page(story: Story, entry: Entry) -> Story:
    """The story with one more entry of a page."""
    page = story.pages.get(entry.subject) or PageStory(key=entry.subject)
    rung = _changed(page, entry)
    story = replace(story, pages={**story.pages, entry.subject: rung})
    if rung.rings_since == entry.judged_at and page.rings_since != entry.judged_at:
        return _ring(story, entry)
    return story


def _ring(story: Story, entry: Entry) -> Story:
    """A ring takes back every end that came before it (readings.md, 'Ends')."""
    began = min(filter(None, (story.began_at, entry.judged_at)))
    tickets = {
        key: replace(ticket, solved_at=None, replied_after_solved=False) if ticket.solved_at else ticket
        for key, ticket in story.tickets.items()
    }
    return replace(story, began_at=began, dismissed_at=None, tickets=tickets)


def _changed(page: PageStory, entry: Entry) -> PageStory:
    at, by = entry.judged_at, entry.actor
    match entry.fact:
        case k.PageTriggered() as fact:
            return _triggered(page, entry, fact)
        case k.PageAcknowledged() if page.status != "merged":
            # Acknowledged by several: the first counts as the one who responded.
            first = page.acknowledged_at is None or page.status == "triggered"
            who: dict[str, Any] = {"acknowledged_at": at, "acknowledged_by": by} if first else {}
            return replace(page, status="acknowledged", rings_since=None, resolved_at=None, **who)
        case k.PageUnacknowledged() | k.PageReopened() if page.status in ("acknowledged", "resolved"):
            again = replace(page, status="triggered", rings_since=at, rang_again=True)
            return replace(again, resolved_at=None, resolved_by="", put_aside=False)
        case k.PageResolved() if page.status != "merged":
            return replace(page, status="resolved", rings_since=None, resolved_at=at, resolved_by=by, exhausted=False)
        case k.PageMerged(into=into):
            return replace(page, status="merged", rings_since=None, merged_into=into)
        case (k.PageEscalated() | k.PageReassigned()) as fact if page.status == "acknowledged":
            # PagerDuty takes the acknowledgement back and rings whoever is asked now.
            return _passed_on(replace(page, status="triggered", rings_since=at), fact)
    return _passed_on(page, entry.fact)


def _passed_on(page: PageStory, fact: k.Fact) -> PageStory:
    """Who is asked now."""
    match fact:
        case k.PageEscalated(to=to):
            return replace(page, assigned=to or page.assigned)
        case k.PageReassigned(to=to, policy=policy):
            return replace(page, assigned=to or page.assigned, policy=policy or page.policy)
        case k.PageExhausted():
            return replace(page, exhausted=True)
    return page


def _triggered(page: PageStory, entry: Entry, fact: k.PageTriggered) -> PageStory:
    """The trigger's own facts; a page triggers once, whatever else is told of it before."""
    if page.known:
        return page
    return replace(
        page,
        known=True,
        missing=False,
        triggered_at=entry.judged_at,
        rings_since=entry.judged_at if page.status == "triggered" else None,
        service=fact.service,
        policy=page.policy or fact.policy,
        portal=fact.portal,
        by_hand=fact.by_hand,
        tickets=fact.tickets,
        url=fact.url,
        assigned=page.assigned or fact.assigned,
    )
