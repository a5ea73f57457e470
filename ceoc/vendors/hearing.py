"""Tells `ceoc.ops.freshness` when a vendor last answered and since when it does not (architecture.md 2.9)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog
from django.db import Error as DatabaseError

from ceoc import clock
from ceoc.access.classes import GLOBAL
from ceoc.ops import freshness

log = structlog.get_logger(__name__)

_about: ContextVar[str] = ContextVar("about", default=GLOBAL)


@contextmanager
def about(klass: str) -> Iterator[None]:
    """What vendors are asked inside concerns a thing of that class, and so does that they answer (security.md 4)."""
    before = _about.set(klass)
    try:
        yield
    finally:
        _about.reset(before)


class Freshness:
    """Keeps what a line hears. A database that cannot take the note never spoils the request that was made."""

    def heard(self, vendor: str, account: str) -> None:
        """The vendor answered just now."""
        try:
            freshness.heard(vendor, account, clock.wall(), klass=_about.get())
        except DatabaseError as error:
            log.warning("freshness_not_kept", vendor=vendor, error=type(error).__name__)

    def failed(self, vendor: str, account: str, reason: str) -> None:
        """The vendor did not answer; the reason is a sentence."""
        try:
            freshness.failed(vendor, account, reason, clock.wall(), klass=_about.get())
        except DatabaseError as error:
            log.warning("freshness_not_kept", vendor=vendor, error=type(error).__name__)
