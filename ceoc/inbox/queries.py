"""What the administrators' page shows of deliveries, as frozen rows. Each function says how many queries it makes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

import msgspec
from django.db.models import Count, QuerySet

from ceoc.access.classes import Sees
from ceoc.access.viewer import ANYBODY
from ceoc.inbox.models import STATES, Delivery
from ceoc.look import paging
from ceoc.vendors.names import NAMES

MASK = "[hidden]"
SECRET = ("signature", "secret", "token", "authorization", "cookie", "key")
"""Headers whose names hold one of these words are not shown."""
SHOWN = 200_000
"""Characters of a body that one page shows."""

TONES = {"stored": ("wait", "hour"), "processed": ("good", "check"), "unreadable": ("late", "warn")}


class Filters(msgspec.Struct, frozen=True):
    """What was asked for, as it stands in the address. Words that are none of ours ask for everything."""

    vendor: str = ""
    state: str = ""
    kind: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """From the address's query."""
        vendor, state = query.get("vendor", ""), query.get("state", "")
        return cls(
            vendor if vendor in NAMES else "",
            state if state in STATES else "",
            query.get("kind", "").strip()[:80],
            paging.number(query.get("page", "")),
        )

    def address(self, page: int) -> str:
        """The same list at another page."""
        kept = {"vendor": self.vendor, "state": self.state, "kind": self.kind, "page": str(page) if page > 1 else ""}
        return "?" + urlencode({name: value for name, value in kept.items() if value})

    @property
    def any(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.vendor or self.state or self.kind)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery in the list."""

    id: str
    vendor: str
    account: str
    kind: str
    state: str
    words: str
    """Its state, as people call it."""
    tone: str
    icon: str
    gov: bool
    received_at: datetime
    processed_at: datetime | None
    attempts: int
    reason: str


class Listed(msgspec.Struct, frozen=True):
    """One page of the list, the latest first."""

    rows: list[Row]
    newer: str = ""
    older: str = ""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One delivery in full."""

    row: Row
    event_id: str
    headers: list[tuple[str, str]]
    body: str
    length: int
    cut: bool
    shortened: bool


def listed(viewer: Sees, filters: Filters) -> Listed:
    """The deliveries that the viewer may see (one query)."""
    found = deliveries_of(viewer, filters).order_by("-received_at", "-id")
    page = paging.page_of(found, filters.page, filters.address)
    return Listed([row_of(one) for one in page.found], newer=page.newer, older=page.older)


def deliveries_of(viewer: Sees, filters: Filters) -> QuerySet[Delivery]:
    """The deliveries that fit and that the viewer may see, without their bodies. No query yet."""
    found = Delivery.objects.visible_to(viewer).defer("body", "headers")
    if filters.vendor:
        found = found.filter(vendor=filters.vendor)
    if filters.state:
        found = found.filter(state=filters.state)
    if filters.kind:
        found = found.filter(kind__icontains=filters.kind)
    return found


def by_state() -> list[tuple[tuple[str, ...], float]]:
    """How many deliveries there are by vendor and state, as anybody may know (one query)."""
    rows = Delivery.objects.visible_to(ANYBODY).order_by().values_list("vendor", "state").annotate(count=Count("pk"))
    return [((vendor, state), count) for vendor, state, count in rows]


def one(viewer: Sees, public_id: str) -> Delivery | None:
    """The delivery, where the viewer may see it (one query)."""
    return Delivery.objects.visible_to(viewer).filter(public_id=public_id).first()


def shown(delivery: Delivery) -> Shown:
    """The delivery as its page shows it: secrets among the headers masked, JSON indented (no query)."""
    body = _indented(bytes(delivery.body))
    return Shown(
        row=row_of(delivery),
        event_id=delivery.event_id,
        headers=sorted((name, MASK if _secret(name) else str(value)) for name, value in delivery.headers.items()),
        body=body[:SHOWN],
        length=len(delivery.body),
        cut=delivery.cut,
        shortened=len(body) > SHOWN,
    )


def row_of(delivery: Delivery) -> Row:
    """The delivery as a row (no query)."""
    tone, icon = TONES[delivery.state]
    words = {"global": "global", "us_gov": "US Government"}
    return Row(
        id=delivery.public_id,
        vendor=NAMES.get(delivery.vendor, delivery.vendor),
        account=words.get(delivery.account, ""),
        kind=delivery.kind or "not known",
        state=delivery.state,
        words=_words(delivery),
        tone=tone,
        icon=icon,
        gov=delivery.klass == "us_gov",
        received_at=delivery.received_at,
        processed_at=delivery.processed_at,
        attempts=delivery.attempts,
        reason=delivery.reason,
    )


def _words(delivery: Delivery) -> str:
    if delivery.state == "stored":
        return "Waits to be read again" if delivery.reason else "Waits to be read"
    return delivery.state.capitalize()


def _secret(name: str) -> bool:
    return any(word in name.lower() for word in SECRET)


def _indented(body: bytes) -> str:
    """JSON over several lines; anything else as it came, with a mark for each byte that is no text."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body.decode(errors="replace")
