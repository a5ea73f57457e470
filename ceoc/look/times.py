"""How instants stand in a page: UTC in the markup, the viewer's zone written by the browser.

The text that the server writes never depends on the clock, so that the same facts always give the same bytes.
"""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString


def iso(at: datetime) -> str:
    """RFC 3339 in UTC, to the second (to the millisecond where there is a fraction)."""
    utc = at.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds" if utc.microsecond else "seconds").replace("+00:00", "Z")


def stamp(at: datetime) -> str:
    """An instant in UTC with its date, for the eye: `14 Jul 2026 16:42 UTC`."""
    return at.astimezone(UTC).strftime("%-d %b %Y %H:%M UTC")


def city(zone: str) -> str:
    """A zone as people call it: `America/New_York` is New York."""
    return zone.rpartition("/")[2].replace("_", " ")


def moment(at: datetime, shown: str) -> SafeString:
    """An instant for the eye; without JavaScript its UTC time is read.

    `shown` says how the browser writes it: `time` (16:20), `stamp` (with its date), `date`, `age` (34 m), `count`
    (02:41, counting down, +01:12 when late).
    """
    utc = at.astimezone(UTC)
    words = {"stamp": "%-d %b %Y %H:%M UTC", "date": "%-d %b %Y"}.get(shown, "%H:%M UTC")
    title = format_html(' title="{}"', stamp(at)) if shown in ("age", "count") else ""
    return format_html('<time datetime="{}" data-show="{}"{}>{}</time>', iso(at), shown, title, utc.strftime(words))
