"""What the page of the audit shows, as frozen rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import Q, QuerySet

from ceoc.access.models import AUDITED, AccessLog
from ceoc.access.people import PersonCard, people_by_email
from ceoc.access.viewer import Viewer
from ceoc.look import paging

WORDS = dict(AUDITED)
LOOKS = {
    "signed_in": ("good", "person"),
    "broke_glass": ("late", "key"),
    "signed_out": ("", "out"),
    "not_let_in": ("soon", "warn"),
    "refused": ("soon", "warn"),
    "role_changed": ("act", "person"),
    "cleared": ("gov", "lock"),
    "clearance_ended": ("gov", "lock"),
    "codes_made": ("soon", "key"),
    "codes_ended": ("", "key"),
    "looked": ("gov", "eye"),
    "left": ("soon", "out"),
    "came_back": ("act", "person"),
    "matched": ("", "link"),
    "unmatched": ("", "unlink"),
    "setting_changed": ("act", "settings"),
    "had_seen": ("gov", "eye"),
}
"""Tone and icon of each kind; another part's kind has neither until it stands here."""
PLAIN = ("", "audit")


class Filters(msgspec.Struct, frozen=True):
    """What was asked for, as it stands in the address. What is none of ours asks for everything."""

    person: str = ""
    kind: str = ""
    since: date | None = None
    until: date | None = None
    """The last day, in it."""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """From the address's query."""
        kind = query.get("kind", "")
        return cls(
            query.get("person", "").replace("\0", "").strip()[:254],
            kind if kind in WORDS else "",
            _day(query.get("since", "")),
            _day(query.get("until", "")),
            paging.number(query.get("page", "")),
        )

    def address(self, page: int) -> str:
        """The same list at another page."""
        asked = {"person": self.person, "kind": self.kind, "since": self.since, "until": self.until}
        kept = {name: str(value) for name, value in asked.items() if value}
        return "?" + urlencode(kept | ({"page": str(page)} if page > 1 else {}))

    @property
    def any(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.person or self.kind or self.since or self.until)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One line."""

    at: datetime
    words: str
    tone: str
    icon: str
    person: PersonCard | None
    by: PersonCard | None
    """Who did it, where that is somebody else."""
    gov: bool
    about: str
    """What it was about: an address, a kind of thing with its opaque id."""
    link: str
    """Where that thing is shown; empty where it has no page."""
    reason: str
    source: str
    """The address that it came from."""


class Listed(msgspec.Struct, frozen=True):
    """One page of the list, the newest first."""

    rows: list[Row]
    newer: str = ""
    older: str = ""


def listed(viewer: Viewer, filters: Filters) -> Listed:
    """The lines that the viewer may see (two queries). Days are those of the viewer's zone."""
    found = _narrowed(AccessLog.objects.visible_to(viewer), filters, ZoneInfo(viewer.zone))
    page = paging.page_of(found, filters.page, filters.address)
    people = people_by_email(email for row in page.found for email in (row.email, row.by) if "@" in email)
    return Listed([_row(row, people) for row in page.found], page.newer, page.older)


def _narrowed(found: QuerySet, filters: Filters, zone: ZoneInfo) -> QuerySet:
    if filters.person:
        found = found.filter(Q(email__icontains=filters.person) | Q(by__icontains=filters.person))
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.since:
        found = found.filter(at__gte=datetime.combine(filters.since, time.min, zone))
    if filters.until:
        found = found.filter(at__lt=datetime.combine(filters.until + timedelta(days=1), time.min, zone))
    return found


def _row(row: AccessLog, people: Mapping[str, PersonCard]) -> Row:
    tone, icon = LOOKS.get(row.kind, PLAIN)
    about = f"{row.what} {row.public_id}".strip() or f"{row.method} {row.path}".strip()
    return Row(
        at=row.at,
        words=WORDS.get(row.kind, row.kind),
        tone=tone,
        icon=icon,
        person=_who(row.email, people),
        by=_who(row.by, people),
        gov=row.klass == "us_gov",
        about=about,
        link=f"/emergencies/{row.public_id}/" if row.what == "emergency" else "",
        reason=row.reason,
        source=row.address or "",
    )


def _who(email: str, people: Mapping[str, PersonCard]) -> PersonCard | None:
    """The person; a command that was typed, and a provider, are called as they are written."""
    return people.get(email) or (PersonCard(email, "", "", is_known=False) if email else None)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if date(1970, 1, 2) <= day <= date(9000, 1, 1) else None
