"""What the page of commands shows, as frozen rows. Each function says how many queries it makes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlencode

import msgspec

from ceoc import clock
from ceoc.access.classes import Sees
from ceoc.access.people import PersonCard, people_by_email
from ceoc.look import paging
from ceoc.outbox import kinds
from ceoc.outbox.models import STATES, UNFINISHED, Command
from ceoc.outbox.people import DISMISSED, RETRIED
from ceoc.outbox.words import LOOKS
from ceoc.vendors.names import NAMES

SHOWS = {
    "attention": ("Need somebody", ("refused", "asks")),
    "moving": ("On their way", UNFINISHED),
    "all": ("All", STATES),
}
"""What a list may be narrowed to: its words, and the states in it."""
LONGEST_TEXT = 160
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
"""People in reasons, who are shown by name. A long word is looked at once, from its start."""


class Filters(msgspec.Struct, frozen=True):
    """What was asked for, as it stands in the address. Words that are none of ours ask for the default."""

    show: str = "all"
    vendor: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filters:
        """From the address's query."""
        show, vendor = query.get("show", ""), query.get("vendor", "")
        return cls(
            show if show in SHOWS else "all",
            vendor if vendor in NAMES else "",
            paging.number(query.get("page", "")),
        )

    @classmethod
    def of_key(cls, key: str) -> Filters:
        """From the key of a live channel (`moving.zendesk.2`)."""
        show, vendor, page = (*key.split("."), "", "", "")[:3]
        return cls.of({"show": show, "vendor": vendor, "page": page})

    @property
    def key(self) -> str:
        """The key of the live channel that shows the same list."""
        return f"{self.show}.{self.vendor}.{self.page}"

    def address(self, **other: str | int) -> str:
        """The same list, narrowed or turned otherwise."""
        wanted = {"show": self.show, "vendor": self.vendor, "page": 1} | other
        kept = {name: value for name, value in wanted.items() if value not in ("", "all", 1)}
        return "?" + urlencode(kept) if kept else "/commands/"


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One command. Instants are by the domain's clock, also those that workers count in real time."""

    id: str
    title: str
    vendor: str
    emergency: str
    object: str
    by: PersonCard
    gov: bool
    state: str
    word: str
    icon: str
    tone: str
    reason: str
    text: str
    attempts: int
    queued_at: datetime
    at: datetime | None
    """When it goes out or is tried again, or when it was delivered."""
    at_words: str
    may_retry: bool
    may_dismiss: bool
    may_take_back: bool


class Chip(msgspec.Struct, frozen=True):
    """One narrowing that can be pressed."""

    words: str
    address: str
    current: bool


class Listed(msgspec.Struct, frozen=True):
    """One page of the list, the newest first."""

    rows: list[Row]
    chips: list[Chip]
    newer: str = ""
    older: str = ""
    narrowed: bool = False


def listed(viewer: Sees, filters: Filters) -> Listed:
    """The commands that the viewer may see (two queries)."""
    found = Command.objects.visible_to(viewer).filter(state__in=SHOWS[filters.show][1]).order_by("-id")
    if filters.vendor:
        found = found.filter(vendor=filters.vendor)
    page = paging.page_of(found, filters.page, lambda page: filters.address(page=page))
    return Listed(_rows(page.found), list(_chips(filters)), page.newer, page.older, narrowed=filters != Filters())


def one(viewer: Sees, public_id: str) -> Command | None:
    """The command, where the viewer may see it (one query)."""
    found: Command | None = Command.objects.visible_to(viewer).filter(public_id=public_id).first()
    return found


def _chips(filters: Filters) -> Iterable[Chip]:
    for show, (words, _) in SHOWS.items():
        yield Chip(words, filters.address(show=show), filters.show == show)
    for vendor, words in NAMES.items():
        narrowed = filters.vendor == vendor
        yield Chip(words, filters.address(vendor="" if narrowed else vendor), narrowed)


def _rows(commands: Iterable[Command]) -> list[Row]:
    commands = list(commands)
    named = {email for command in commands for email in EMAIL.findall(command.reason)}
    people = people_by_email({command.by for command in commands} | named)
    line = clock.line()
    return [_row(command, people, line) for command in commands]


def _row(command: Command, people: Mapping[str, PersonCard], line: clock.Line) -> Row:
    look = LOOKS[command.state]
    at_words, at = _when(command, line)
    return Row(
        id=command.public_id,
        title=kinds.title(command.kind),
        vendor=NAMES.get(command.vendor, command.vendor),
        emergency=command.group,
        object=command.object.rpartition(":")[2],
        by=people[command.by],
        gov=command.klass == "us_gov",
        state=command.state,
        word=look.word,
        icon=look.icon,
        tone=look.tone,
        reason=EMAIL.sub(lambda found: people[found[0]].name, command.reason),
        text=str(command.payload.get("text", ""))[:LONGEST_TEXT],
        attempts=command.attempts,
        queued_at=command.queued_at,
        at=at,
        at_words=at_words,
        may_retry=command.state in RETRIED and command.lease_until is None,
        may_dismiss=command.state in DISMISSED and command.state != "held",
        may_take_back=command.state == "held",
    )


def _when(command: Command, line: clock.Line) -> tuple[str, datetime | None]:
    """What the row's second instant is, by the domain's clock."""
    if command.state == "delivered":
        return "at", command.delivered_at
    if command.state == "held" and command.hold_until:
        return "goes out", line.at(command.hold_until)
    if command.state in ("will_retry", "checking") and command.due_at:
        return "next try", line.at(command.due_at)
    return "", None
