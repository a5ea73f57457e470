"""Redis for what may vanish: who looks, who follows. Slow or down, it knows nothing, and nobody waits for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

import redis
import structlog
from django.conf import settings
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger(__name__)

R = TypeVar("R")

PATIENCE = 0.25
"""Seconds that it has to answer."""

REST = 3.0
"""Seconds in which it is not asked again after it did not answer."""


class Memory:
    """One address, one pool of connections for all threads of the process."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
        )
        self._rests_until = 0.0

    def ask(self, work: Callable[[redis.Redis], R]) -> R | None:
        """What `work` answers; None where nobody knows, because Redis did not answer just now."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            return work(self._client)
        except redis.RedisError as error:
            self._rests_until = time.monotonic() + REST
            log.warning("live.memory_is_down", error=type(error).__name__)
            return None


@lru_cache(maxsize=4)
def _at(url: str) -> Memory:
    return Memory(url)


def ask(work: Callable[[redis.Redis], R]) -> R | None:
    """What `work` answers about the Redis of the settings; None when it does not answer."""
    return _at(settings.REDIS_URL).ask(work)
