"""The projection: the columns of `Emergency` that lists and indexes read, written in this one place (architecture.md
2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from emergencies import models
from emergencies.policy.judge import judge
from emergencies.policy.judgement import Judgement
from emergencies.policy.stage import ended_at
from emergencies.story import kinds as k
from emergencies.story.entries import Entry
from emergencies.story.story import Story
from emergencies.timeline.team import Judged, judged_by


def columns(story: Story, team: Judged, title: str, now: datetime) -> tuple[Judgement, dict[str, Any]]:
    """The judgement of a story, and with it every projected column of an emergency's row. Only `judged_at` and
    `next_change_at` depend on `now`."""
    judgement = judge(story, now, team.thresholds)
    return judgement, {
        **_state(story, judgement),
        **_people(story),
        "region": _region(story, judgement, team),
        **_subjects(story),
        **_owed(judgement),
        "title": title[:300],
        "judged_at": now,
        "next_change_at": judgement.changes_at,
        "warnings": _json(judgement.warnings),
    }


def _state(story: Story, judgement: Judgement) -> dict[str, Any]:
    closed_at = ended_at(story) if judgement.stage == "closed" else None
    return {
        "began_at": story.began_at,
        "last_at": story.last_at,
        "stage": judgement.stage,
        "ended": judgement.ended or "",
        "closed_at": closed_at,
        "historical": bool(closed_at and story.first_seen_at and closed_at < story.first_seen_at),
        "joined_into": story.joined_into,
    }


def _people(story: Story) -> dict[str, Any]:
    customer = story.customer
    return {
        "dri": story.dri.person if story.dri else "",
        "dri_since": story.dri.since if story.dri else None,
        "dri_why": story.dri.why if story.dri else "",
        "customer_key": story.ticket.customer if story.ticket else "",
        "customer_name": customer.name[:200] if customer else "",
        "plan": customer.plan if customer else "",
        "product": (story.ticket.product if story.ticket else "") or (customer.product if customer else ""),
        "us_gov_support": customer.us_gov_support if customer else "",
    }


def _region(story: Story, judgement: Judgement, team: Judged) -> str:
    """The region of the page's escalation policy, as settings map it now; what is closed keeps the one that it closed
    with. The DRI's rotation and expected windows come with the schedules."""
    if story.account == "us_gov":
        return "US_GOV"
    names = team.services_at(ended_at(story) if judgement.stage == "closed" else None)
    return next(filter(None, (names.region_of(page.policy) for page in story.live_pages)), None) or ""


def _subjects(story: Story) -> dict[str, Any]:
    page, ticket = story.page, story.ticket
    return {
        "page_key": page.key if page else "",
        "page_status": page.status if page else "",
        "page_contacted": bool(page and story.contacted(page.key)),
        "ticket_key": ticket.key if ticket else "",
        "ticket_status": ticket.status if ticket else "",
        "ticket_priority": ticket.priority if ticket else "",
        "pages": len(story.live_pages),
        "tickets": len(story.open_tickets),
    }


def _owed(judgement: Judgement) -> dict[str, Any]:
    first = judgement.owed[0] if judgement.owed else None
    return {
        "owed": _json(judgement.owed),
        "owed_kind": first.kind if first else "",
        "owed_role": first.role if first else "",
        "owed_rank": first.rank if first else None,
        "next_opens_at": first.opens_at if first else None,
        "next_due_at": first.due_at if first else None,
    }


def _json(structs: Sequence[msgspec.Struct]) -> list[dict[str, Any]]:
    """As the database gives it back: lists, and instants as text."""
    plain: list[dict[str, Any]] = msgspec.json.decode(msgspec.json.encode(structs))
    return plain


def headline(story: Story, entries: Sequence[Entry]) -> str:
    """The title under which an emergency is listed: its ticket's, else its page's, as it was first written. At most
    one query."""
    shown = [subject.key for subject in (story.ticket, story.page) if subject]
    keys = {e.subject: e.key for e in entries if isinstance(e.fact, k.TicketCreated | k.PageTriggered)}
    wanted = [keys[subject] for subject in shown if subject in keys]
    titles = dict(models.Text.objects.filter(key__in=wanted).values_list("key", "title"))
    return next((titles[key] for key in wanted if titles.get(key)), "")


def project(emergency: models.Emergency, story: Story, entries: Sequence[Entry], now: datetime) -> Judgement:
    """Writes the projection of a story that was just folded, and answers the judgement that it came from. The caller
    has locked the emergency."""
    judgement, fresh = columns(story, judged_by(sure=True), headline(story, entries), now)
    for name, value in fresh.items():
        setattr(emergency, name, value)
    emergency.save()
    return judgement


def differences(emergency: models.Emergency, story: Story, entries: Sequence[Entry]) -> dict[str, tuple[Any, Any]]:
    """Columns that differ from a fresh fold, as (stored, fresh); judged at the stored instant, so independent of
    now."""
    now = emergency.judged_at or emergency.began_at
    if now is None:
        return {"judged_at": (None, "never projected")}
    _, fresh = columns(story, judged_by(), headline(story, entries), now)
    return {
        name: (getattr(emergency, name), value) for name, value in fresh.items() if getattr(emergency, name) != value
    }
