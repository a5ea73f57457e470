"""What happens to a webhook that is not well signed: an answer, a count, a line in the log, and a limit (security.md
10)."""

from __future__ import annotations

import threading
import time

import structlog
from django.http import HttpRequest, HttpResponse
from prometheus_client import Counter

log = structlog.get_logger(__name__)

REFUSED = Counter(
    "ceoc_webhooks_refused_total", "Webhooks that were not well signed, by vendor and reason.", ["vendor", "reason"]
)

STATUS = {"unsigned": 401, "wrong_signature": 401, "malformed": 400, "oversized": 413, "too_many": 429}
WORDS = {
    "unsigned": "Not signed.",
    "wrong_signature": "Wrongly signed.",
    "malformed": "Not signed, and not JSON.",
    "oversized": "Too large.",
    "too_many": "Too many requests that were not well signed.",
}

A_MINUTE = 600
"""Refusals of one address that are still looked at and logged in a minute."""


class Limit:
    """Counts by key within the present minute. One process's own: a limit on noise, no promise to anybody."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._minute = 0
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()

    def over(self, key: str, seconds: float) -> bool:
        """Counts one more for `key` at that time (seconds of a steady clock), and says whether that is too many."""
        minute = int(seconds // 60)
        with self._lock:
            if minute != self._minute:
                self._minute, self._counts = minute, {}
            self._counts[key] = self._counts.get(key, 0) + 1
            return self._counts[key] > self._most


limit = Limit(A_MINUTE)


def refuse(request: HttpRequest, vendor: str, reason: str) -> HttpResponse:
    """The answer to a webhook that is not well signed."""
    if limit.over(request.META.get("REMOTE_ADDR", ""), time.monotonic()):
        _count(request, vendor, "too_many")
        return _answer("too_many", {"Retry-After": "60"})
    _count(request, vendor, reason)
    subscription = request.headers.get("X-Webhook-Subscription", "") or request.headers.get("X-Zendesk-Webhook-Id", "")
    if reason == "wrong_signature" and subscription:
        # Somebody who knows our subscription signs with another secret: most likely it was rotated at the vendor.
        log.error("webhook_secret_rotated_perhaps", vendor=vendor, subscription=subscription[:64])
    else:
        log.warning("webhook_refused", vendor=vendor, reason=reason)
    return _answer(reason, {})


def _count(request: HttpRequest, vendor: str, reason: str) -> None:
    """For the metrics, which hold nothing of US Gov: what comes to its account's address stands in the log alone."""
    if not request.path.endswith("/us-gov/"):
        REFUSED.labels(vendor, reason).inc()


def _answer(reason: str, headers: dict[str, str]) -> HttpResponse:
    return HttpResponse(WORDS[reason], status=STATUS[reason], content_type="text/plain", headers=headers)
