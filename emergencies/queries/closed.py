"""Closed emergencies by the day on which they closed, in the viewer's zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import msgspec

from ceoc.access.classes import Sees
from emergencies.models import Emergency
from emergencies.queries import words
from emergencies.queries.people import Faces
from emergencies.queries.rows import Face, Pill

PAGE = 100
"""Emergencies of one page."""


class ClosedRow(msgspec.Struct, frozen=True):
    """One closed emergency."""

    id: str
    closed_at: datetime
    customer: str
    subject: str
    plan: str
    gov: str
    ended: str
    took: str
    dri: Face
    page: Pill
    ticket: Pill


class Day(msgspec.Struct, frozen=True):
    """The emergencies that closed on one day."""

    iso: str
    words: str
    rows: tuple[ClosedRow, ...]


class Closed(msgspec.Struct, frozen=True):
    """One page of them; `older` is where the next page begins, none at the end."""

    days: tuple[Day, ...]
    older: datetime | None


def closed(viewer: Sees, zone: ZoneInfo, before: datetime | None = None) -> Closed:
    """A page of closed emergencies, newest first, those that closed before `before`. Two queries.

    What was joined into another emergency did not close: it goes on there.
    """
    found = Emergency.objects.visible_to(viewer).filter(
        stage="closed", historical=False, joined_into="", closed_at__isnull=False
    )
    if before:
        found = found.filter(closed_at__lt=before)
    shown = list(found.order_by("-closed_at", "public_id")[: PAGE + 1])
    page = shown[:PAGE]
    faces = Faces(emergency.dri for emergency in page)
    rows = [_row(emergency, faces) for emergency in page]
    days = groupby(rows, key=lambda row: row.closed_at.astimezone(zone).date())
    return Closed(
        days=tuple(Day(day.isoformat(), _words(day), tuple(of_day)) for day, of_day in days),
        older=page[-1].closed_at if len(shown) > PAGE else None,
    )


def _row(emergency: Emergency, faces: Faces) -> ClosedRow:
    return ClosedRow(
        id=emergency.public_id,
        closed_at=emergency.closed_at,
        customer=emergency.customer_name or "Customer not known",
        subject=emergency.title or "No subject",
        plan=words.plan(emergency.plan),
        gov=f"US Gov {emergency.us_gov_support}".strip() if emergency.klass == "us_gov" else "",
        ended=words.ENDED.get(emergency.ended, "Closed"),
        took=took(emergency.closed_at - emergency.began_at) if emergency.began_at else "an unknown time",
        dri=faces.of(emergency.dri, is_dri=True),
        page=words.page_pill(emergency.page_status, contacted=emergency.page_contacted),
        ticket=words.ticket_pill(emergency.ticket_key, emergency.ticket_status),
    )


def took(length: timedelta) -> str:
    """A length of time in words: `34 m`, `2 h 5 m`, `3 d 4 h`."""
    minutes = max(0, int(length.total_seconds() // 60))
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} m" if hours else f"{minutes} m"


def _words(day: date) -> str:
    return f"{day:%A %-d %B %Y}"
