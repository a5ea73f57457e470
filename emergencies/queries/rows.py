"""Frozen shapes that several queries answer with. Templates read these, never a model, so that none starts a query."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ceoc.clock import Line


class Pill(msgspec.Struct, frozen=True):
    """A state by icon and word; the tone only repeats it. `thing` is what has the state (Page, Ticket)."""

    text: str
    tone: str = ""
    """late soon good act wait gov, or none."""
    icon: str = ""
    thing: str = ""
    title: str = ""


class Rule(msgspec.Struct, frozen=True):
    """The id of a rule, and its text for the one who opens it."""

    id: str
    text: str


class Face(msgspec.Struct, frozen=True):
    """A person as a page shows them. `email` is empty for nobody."""

    name: str
    initials: str
    email: str = ""
    is_dri: bool = False


class Clock(msgspec.Struct, frozen=True):
    """What the loudest figure of a row or card counts: down to `due`, up from `since`, or nothing but words."""

    words: str
    due: datetime | None = None
    since: datetime | None = None
    late: bool = False


class Times(msgspec.Struct, frozen=True):
    """Both clocks at one moment: the domain's as a line, and the wall's."""

    line: Line
    wall: datetime

    @property
    def now(self) -> datetime:
        """The time that emergencies live in."""
        return self.line.at(self.wall)

    def shown(self, real: datetime | None) -> datetime | None:
        """What the domain's clock shows at an instant of real time, so that a browser can count to it."""
        return self.line.at(real) if real else None


NOBODY = Face("nobody yet", "–")
