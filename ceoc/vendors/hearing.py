"""Tells `ceoc.ops.freshness` when a vendor last answered and since when it does not (architecture.md 2.9)."""

from __future__ import annotations

import structlog
from django.db import Error as DatabaseError

from ceoc import clock
from ceoc.ops import freshness

log = structlog.get_logger(__name__)


class Freshness:
    """Keeps what a line hears. A database that cannot take the note never spoils the request that was made."""

    def heard(self, vendor: str, account: str) -> None:
        """The vendor answered just now."""
        try:
            freshness.heard(vendor, account, clock.wall())
        except DatabaseError as error:
            log.warning("freshness_not_kept", vendor=vendor, error=type(error).__name__)

    def failed(self, vendor: str, account: str, reason: str) -> None:
        """The vendor did not answer; the reason is a sentence."""
        try:
            freshness.failed(vendor, account, reason, clock.wall())
        except DatabaseError as error:
            log.warning("freshness_not_kept", vendor=vendor, error=type(error).__name__)
