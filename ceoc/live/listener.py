"""Hears the announcements: one connection, which comes back by itself and then treats everything as changed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable

import msgspec
import psycopg
import structlog

from ceoc.live.announce import CHANNEL, Announcement

log = structlog.get_logger(__name__)

QUIET = 5.0
"""Seconds of silence after which the connection is tried."""

PATIENCE = 5.0
"""Seconds in which it must answer."""

FIRST_WAIT, LONGEST_WAIT = 0.25, 5.0
"""Seconds before the next attempt to connect."""


class Listener:
    """Calls `on_announcement` for each one, and `on_gap` whenever some may have been missed."""

    def __init__(self, url: str, on_announcement: Callable[[Announcement], None], on_gap: Callable[[], None]) -> None:
        self._url = url
        self._on_announcement, self._on_gap = on_announcement, on_gap
        self.up = False
        """Whether it hears now."""

    async def run(self) -> None:
        """Listens until it is cancelled."""
        wait = FIRST_WAIT
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError, TimeoutError) as error:
                log.warning("live.listener_lost", error=type(error).__name__, connected=self.up)
            wait = FIRST_WAIT if self.up else min(wait * 2, LONGEST_WAIT)
            self.up = False
            await asyncio.sleep(wait * random.uniform(0.5, 1.0))  # noqa: S311 - spreads the attempts, guards nothing

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=5, application_name="ceoc live",
            keepalives_idle=10, keepalives_interval=5, keepalives_count=3,
        ) as connection:  # fmt: skip
            await connection.execute(f"LISTEN {CHANNEL}")
            self.up = True
            self._on_gap()
            while True:
                async for notify in connection.notifies(timeout=QUIET):
                    self._heard(notify.payload)
                async with asyncio.timeout(PATIENCE):
                    await connection.execute("SELECT 1")

    def _heard(self, payload: str) -> None:
        try:
            announcement = msgspec.json.decode(payload, type=Announcement)
        except msgspec.MsgspecError:
            log.warning("live.announcement_unreadable")
            self._on_gap()
            return
        self._on_announcement(announcement)
