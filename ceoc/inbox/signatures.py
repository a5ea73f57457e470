"""Whether a webhook comes from who it says: one HMAC-SHA256 over the raw body, compared in constant time (security.md
10).

The body is fed in pieces, so that a large one is never held whole. Each scheme is made from the request's headers,
takes the body by `feed`, and says at the end whether the signature was right. Headers are read without regard to case.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

SLACK_WINDOW = timedelta(minutes=5)
"""Slack alone signs its time so that an old request can be told; the others rely on our keeping each event once."""


class Signature:
    """A signature that a request claims. `claimed` is false where the headers carry none at all."""

    claimed = False

    def feed(self, piece: bytes) -> None:
        """The next piece of the raw body."""

    def right(self) -> bool:
        """Whether the whole body was signed with one of our secrets."""
        return False


class PagerDutySignature(Signature):
    """`X-PagerDuty-Signature: v1=<hex>,v1=<hex>`: right when any of them was made with any of our secrets."""

    def __init__(self, headers: Mapping[str, str], secrets: list[str]) -> None:
        header = headers.get("X-PagerDuty-Signature", "")
        parts = [part.strip() for part in header.split(",")]
        self._told = [part.removeprefix("v1=").lower() for part in parts if part.startswith("v1=")]
        self._digests = [_hmac(secret) for secret in secrets if secret]
        self.claimed = bool(header.strip())

    def feed(self, piece: bytes) -> None:
        """The next piece of the raw body."""
        for digest in self._digests:
            digest.update(piece)

    def right(self) -> bool:
        """Every pair is compared, so that the time taken tells nothing about which one fitted."""
        right = False
        for made in [digest.hexdigest().encode() for digest in self._digests]:
            for told in self._told:
                right |= hmac.compare_digest(made, told.encode())
        return right


class ZendeskSignature(Signature):
    """`X-Zendesk-Webhook-Signature`: base64 over the timestamp header and the body, with any of our secrets."""

    def __init__(self, headers: Mapping[str, str], secrets: list[str]) -> None:
        self._told = headers.get("X-Zendesk-Webhook-Signature", "").strip()
        timestamp = headers.get("X-Zendesk-Webhook-Signature-Timestamp", "").strip()
        self._digests = [_hmac(secret, timestamp.encode()) for secret in secrets if secret and timestamp]
        self.claimed = bool(self._told)

    def feed(self, piece: bytes) -> None:
        """The next piece of the raw body."""
        for digest in self._digests:
            digest.update(piece)

    def right(self) -> bool:
        """Every secret is compared, so that the time taken tells nothing about which one fitted."""
        try:
            told = base64.b64decode(self._told, validate=True)
        except (binascii.Error, ValueError):
            return False
        right = False
        for digest in self._digests:
            right |= hmac.compare_digest(digest.digest(), told)
        return right


class SlackSignature(Signature):
    """`X-Slack-Signature: v0=<hex>` over `v0:<timestamp>:<body>`, not older and not younger than five minutes."""

    def __init__(self, headers: Mapping[str, str], secret: str, wall: datetime) -> None:
        self._told = headers.get("X-Slack-Signature", "").strip()
        timestamp = headers.get("X-Slack-Request-Timestamp", "").strip()
        self._fresh = _near(timestamp, wall)
        self._digest = _hmac(secret, f"v0:{timestamp}:".encode()) if secret else None
        self.claimed = bool(self._told)

    def feed(self, piece: bytes) -> None:
        """The next piece of the raw body."""
        if self._digest:
            self._digest.update(piece)

    def right(self) -> bool:
        """Whether the whole body was signed with our secret, a moment ago."""
        if self._digest is None:
            return False
        made = f"v0={self._digest.hexdigest()}"
        return hmac.compare_digest(made.encode(), self._told.encode()) and self._fresh


def _near(timestamp: str, wall: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return False
    return abs(wall.timestamp() - int(timestamp)) <= SLACK_WINDOW.total_seconds()


def _hmac(secret: str, begins: bytes = b"") -> hmac.HMAC:
    return hmac.new(secret.encode(), begins, hashlib.sha256)
