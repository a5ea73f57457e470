"""What holds a person: things that somebody has to take over before they leave. Apps register theirs when ready."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

import msgspec

from ceoc.access.classes import Sees
from ceoc.access.viewer import Viewer

Choices = tuple[tuple[str, str], ...]


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that holds a person, and what may become of it."""

    key: str
    """`emergency:k3v9…`: the same as long as it holds them."""
    title: str
    about: str
    address: str
    gov: bool
    asks: str
    """What is asked: Who takes it over?"""
    choices: Choices


class Ties(Protocol):
    """The things of one kind that hold people."""

    kind: str
    """How the keys of its ties begin."""

    def of(self, email: str, viewer: Sees) -> list[Tie]:
        """Those that hold a person, as far as the viewer may see."""

    def settle(self, key: str, choice: str, *, email: str, by: Viewer, now: datetime) -> None:
        """Does what was chosen. Raises the kind's refusal with its sentence."""


class Refused(Exception):
    """It is not done; the text says why and what to do instead."""


_kinds: dict[str, Ties] = {}


def register(ties: Ties) -> None:
    """Makes a kind known; a second registration takes the first one's place."""
    _kinds[ties.kind] = ties


def of(email: str, viewer: Sees) -> list[Tie]:
    """All that holds a person, as far as the viewer may see."""
    return [tie for kind in _kinds.values() for tie in kind.of(email, viewer)]


def settle(key: str, choice: str, *, email: str, by: Viewer, now: datetime) -> None:
    """Does with one tie what was chosen for it. Raises Refused."""
    settler: Callable[..., None] = _kinds[key.partition(":")[0]].settle
    settler(key, choice, email=email, by=by, now=now)
