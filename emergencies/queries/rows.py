"""Frozen shapes that several queries answer with. Templates read these and never a model, so that none can start a query."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Tone = Literal["", "late", "soon", "good", "act", "wait", "gov"]


class Pill(msgspec.Struct, frozen=True):
    """A state by icon and word; the tone only repeats it. `thing` is what has the state (Page, Ticket)."""

    text: str
    tone: Tone = ""
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


NOBODY = Face("nobody yet", "–")
