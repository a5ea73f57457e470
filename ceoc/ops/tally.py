"""Counts of things that happen in workers and are told by the web server: kept in Redis, and gone with it."""

from __future__ import annotations

from functools import lru_cache

import redis
import structlog
from django.conf import settings

log = structlog.get_logger(__name__)

PATIENCE = 0.25
"""Seconds that Redis has to answer."""


def count(name: str) -> None:
    """Counts one more; what cannot be counted is left out."""
    try:
        _redis(settings.REDIS_URL).incr(_key(name))
    except redis.RedisError as error:
        log.warning("tally.lost", name=name, reason=type(error).__name__)


def counted(name: str) -> int | None:
    """How many there were since Redis began; None where it does not answer."""
    try:
        return int(_redis(settings.REDIS_URL).get(_key(name)) or 0)
    except redis.RedisError:
        return None


def _key(name: str) -> str:
    return f"ceoc:tally:{name}"


@lru_cache(maxsize=4)
def _redis(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE)
