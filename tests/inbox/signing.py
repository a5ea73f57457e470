"""Signs webhooks as the vendors do, with the secrets of the settings, and posts them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.test import Client

PAGERDUTY, SLACK = "/webhooks/pagerduty/", "/webhooks/slack/"
ZENDESK = {"global": "/webhooks/zendesk/global/", "us_gov": "/webhooks/zendesk/us-gov/"}
STAMP = "2026-07-01T16:20:00Z"


def raw(body: Any) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def hexed(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def pagerduty_headers(body: bytes, secret: str | None = None) -> dict[str, str]:
    secret = settings.PAGERDUTY_WEBHOOK_SECRETS.items()[0] if secret is None else secret
    return {"X-PagerDuty-Signature": f"v1={hexed(secret, body)}"}


def zendesk_headers(
    body: bytes, account: str = "global", secret: str | None = None, stamp: str = STAMP
) -> dict[str, str]:
    secret = settings.ZENDESK[account].webhook_secret() if secret is None else secret
    digest = hmac.new(secret.encode(), stamp.encode() + body, hashlib.sha256).digest()
    return {
        "X-Zendesk-Webhook-Signature": base64.b64encode(digest).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
        "X-Zendesk-Webhook-Id": "01J0CEOC",
    }


def slack_headers(body: bytes, secret: str | None = None, at: float | None = None) -> dict[str, str]:
    secret = settings.SLACK_SIGNING_SECRET() if secret is None else secret
    stamp = str(int(time.time() if at is None else at))
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": "v0=" + hexed(secret, f"v0:{stamp}:".encode() + body),
    }


def post(address: str, body: Any, headers: dict[str, str] | None = None, client: Client | None = None) -> HttpResponse:
    """Posts a body as it is; without headers it is unsigned."""
    found: HttpResponse = (client or Client()).post(
        address, raw(body), content_type="application/json", headers=headers or {}
    )
    return found


def send_pagerduty(body: Any) -> HttpResponse:
    return post(PAGERDUTY, body, pagerduty_headers(raw(body)))


def send_zendesk(body: Any, account: str = "global") -> HttpResponse:
    return post(ZENDESK[account], body, zendesk_headers(raw(body), account))


def send_slack(body: Any) -> HttpResponse:
    return post(SLACK, body, slack_headers(raw(body)))
