"""How many requests a token may make in a minute. Counted in Redis for all processes together; without Redis each
process counts its own, and answers go on."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec
import redis
import structlog
from django.conf import settings

log = structlog.get_logger(__name__)

WINDOW = 60
"""Seconds."""

PATIENCE = 0.25
"""Seconds that Redis has to answer."""

REST = timedelta(seconds=5)
"""For so long Redis is not asked after it did not answer."""


class Verdict(msgspec.Struct, frozen=True):
    """How a token stands with its limit."""

    most: int
    left: int
    resets_in: int
    """Seconds until the count begins anew."""
    over: bool

    @property
    def headers(self) -> dict[str, str]:
        """As every answer tells it."""
        told = {
            "RateLimit-Limit": str(self.most),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.resets_in),
        }
        return told | ({"Retry-After": str(self.resets_in)} if self.over else {})


class Counter:
    """Counts by token within the present minute."""

    def __init__(self) -> None:
        self._own: dict[str, int] = {}
        self._own_minute = 0
        self._rests_until: datetime | None = None

    def count(self, token: str, wall: datetime) -> Verdict:
        """Counts one more request of that token."""
        seconds = wall.timestamp()
        minute, most = int(seconds // WINDOW), settings.API_REQUESTS_A_MINUTE
        counted = self._together(token, minute, wall)
        if counted is None:
            counted = self._alone(token, minute)
        return Verdict(most, max(0, most - counted), math.ceil((minute + 1) * WINDOW - seconds) or 1, counted > most)

    def _together(self, token: str, minute: int, wall: datetime) -> int | None:
        """The count of all processes; None where Redis does not answer."""
        if self._rests_until is not None and wall < self._rests_until:
            return None
        key = f"ceoc:api:{token}:{minute}"
        try:
            with _redis(settings.REDIS_URL).pipeline(transaction=False) as asked:
                asked.incr(key)
                asked.expire(key, 2 * WINDOW)
                counted, _ = asked.execute()
        except redis.RedisError as error:
            self._rests_until = wall + REST
            log.warning("api.limits_alone", reason=type(error).__name__)
            return None
        return int(counted)

    def _alone(self, token: str, minute: int) -> int:
        """The count of one process. A lost update of two threads lets one request more through, no harm."""
        if minute != self._own_minute:
            self._own_minute, self._own = minute, {}
        counted = self._own[token] = self._own.get(token, 0) + 1
        return counted


@lru_cache(maxsize=4)
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE)


counter = Counter()
