"""The team's thresholds by time: a clock that runs keeps the version that started it (architecture.md 2b, 'Versions').
Pure."""

from __future__ import annotations

from datetime import datetime

import msgspec

from emergencies.policy.judgement import Thresholds


class Standing(msgspec.Struct, frozen=True):
    """Every version of the thresholds in their order, each with the instant from which it is valid."""

    versions: tuple[tuple[datetime, Thresholds], ...] = ()
    first: Thresholds = Thresholds()
    """What was valid before the first of them: the procedure's own."""

    def at(self, instant: datetime) -> Thresholds:
        """What counts for a clock that started at that instant: of the versions that were valid then the newest."""
        found = (thresholds for since, thresholds in reversed(self.versions) if since <= instant)
        return next(found, self.first)


THRESHOLDS = Standing()
"""The procedure's, while nobody has changed anything."""
