"""The door of a web process's live half: who comes in, how many, and who may still be there.

Coming in is asked by threads of its own: when a thousand browsers connect at once, those who are in are still asked
about at every beat, and whoever would wait too long is told at once when to come again.
"""

from __future__ import annotations

import asyncio
import resource
from collections import Counter
from collections.abc import Set as AbstractSet
from contextlib import suppress
from typing import Any

import structlog
from django.db import Error as DatabaseError

from ceoc import clock
from ceoc.live import wire
from ceoc.live.threads import Threads
from ceoc.live.who import Admission, admit, still

log = structlog.get_logger(__name__)

MOST_PER_SESSION = 12
"""Streams that one session may hold in one web process; a browser needs one (without shared workers, each tab)."""

MOST_STREAMS = 2_000
"""Streams that one web process holds; more of them need another process."""

MOST_WAITING = 300
"""Requests that may wait to be let in: about a second's work."""

COME_AGAIN = 2
"""Seconds after which who was not let in may ask again; each browser adds a part of it by chance."""

FILES_FOR_OTHERS = 200
"""Open files that pages, webhooks and the database need beside the streams."""

FILES = 4_096
"""Open files that the process asks for, where it begins with fewer."""

PATIENCE = 4.0
"""Seconds in which the database must say who may still look; the streams are told meanwhile that it does not."""

Told = dict[str, Any]


class Full(Exception):
    """Nobody can be let in now."""

    retry_after = COME_AGAIN


class Door:
    """Counts who is in, and asks the database."""

    def __init__(self) -> None:
        self._coming = Threads("live-door", 2, keep=True)
        self._asking = Threads("live-ask", 1, keep=True)
        self._held: Counter[str] = Counter()
        self._inside = self._waiting = 0
        self._line = clock.REAL_TIME
        self.most = min(MOST_STREAMS, _files() - FILES_FOR_OTHERS)

    async def admit(self, cookies: str) -> tuple[Admission | None, Told]:
        """Who it is, and the clock for the greeting. Raises Full, and Django's database errors."""
        if self._waiting >= MOST_WAITING or self._inside + self._waiting >= self.most:
            raise Full
        self._waiting += 1
        try:
            admission, self._line = await self._coming.run(lambda: (admit(cookies), clock.line()))
        finally:
            self._waiting -= 1
        return admission, self._told

    def is_full_for(self, admission: Admission) -> bool:
        """Whether that session holds as many streams as it may."""
        return self._held[admission.session_key] >= MOST_PER_SESSION

    def enter(self, admission: Admission) -> None:
        """A stream of that session begins."""
        self._held[admission.session_key] += 1
        self._inside += 1

    def leave(self, admission: Admission) -> None:
        """A stream of that session ended."""
        self._held[admission.session_key] -= 1
        self._inside -= 1
        if self._held[admission.session_key] <= 0:
            del self._held[admission.session_key]

    async def ask(self, admissions: AbstractSet[Admission]) -> tuple[set[Admission] | None, Told]:
        """Those who may still look, in one query; None while the database does not say. And the clock."""
        admitted: set[Admission] | None = None
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                admitted, self._line = await self._asking.run(_ask, admissions)
        return admitted, self._told

    @property
    def _told(self) -> Told:
        """The domain's clock, as it was read last."""
        return wire.clock(self._line.at(clock.wall()), self._line.rate)

    def close(self) -> None:
        """Ends its threads and their connections."""
        self._coming.close()
        self._asking.close()


def _ask(admissions: AbstractSet[Admission]) -> tuple[set[Admission] | None, clock.Line]:
    try:
        return still(admissions), clock.line()
    except DatabaseError as error:
        log.warning("live.check_failed", error=type(error).__name__)
        return None, clock.line()


def _files() -> int:
    """How many files this process may have open, after it has asked for enough."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if 0 <= soft < FILES:
        soft = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return FILES if soft < 0 else soft
