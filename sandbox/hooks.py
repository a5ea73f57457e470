"""Webhooks on their way to the product: queued in the store with what caused them, sent in order, retried."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

from sandbox import ids
from sandbox.config import Config
from sandbox.store import Doc, Store

KIND = "webhook"
KEPT = 2000

# Real seconds before each further try; the last one repeats. PagerDuty goes on for two days, the others give up.
DELAYS = {"pagerduty": [1, 2, 4, 8, 15], "zendesk": [1, 2, 4, 8, 15], "slack": [1, 2, 4, 8, 15]}
PATIENCE = {"pagerduty": 48 * 3600, "zendesk": 6 * 3600, "slack": 3600}
DISABLED_AFTER = 3


class Hooks:
    """The queue of one sandbox. Times here are real ones: retries and signatures know no demo clock."""

    def __init__(self, store: Store, config: Config) -> None:
        """Works on the sandbox's store; addresses and secrets come from the configuration."""
        self._store = store
        self._config = config

    def queue(self, vendor: str, resource: str, body: Doc, headers: Doc | None = None) -> Doc:
        """Keep a webhook to send. `vendor`: pagerduty, slack or a Zendesk account (`zendesk_global`). Webhooks of one
        resource go one after another; those made while webhooks are off are lost, as at the vendors."""
        number = self._store.next("webhook")
        off = (self._store.get("fault", "webhooks") or {}).get("mode") == "off"
        doc = {
            "id": number,
            "vendor": vendor,
            "resource": f"{vendor} {resource}",
            "url": self._config.product_url + self.path(vendor),
            "body": json.dumps(body, separators=(",", ":")),
            "headers": headers or {},
            "state": "lost" if off or self._disabled(vendor) else "pending",
            "attempts": 0,
            "next_at": 0.0,
            "created": datetime.now(UTC).timestamp(),
            "answers": [],
        }
        self._trim()
        return self._store.put(KIND, number, doc)

    def path(self, vendor: str) -> str:
        """The product's path for a vendor's webhooks."""
        if vendor in ("pagerduty", "slack"):
            return f"/webhooks/{vendor}/"
        return self._config.zendesk[vendor.removeprefix("zendesk_")].webhook_path

    def _disabled(self, vendor: str) -> bool:
        return vendor == "pagerduty" and bool((self._store.get("pd_hook", "state") or {}).get("disabled"))

    def _trim(self) -> None:
        """Forget the oldest that are done, so that the file does not grow for ever."""
        done = [doc for doc in self._store.all(KIND) if doc["state"] != "pending"]
        for doc in done[: max(0, len(done) - KEPT)]:
            self._store.delete(KIND, doc["id"])

    def due(self, wall: float) -> list[Doc]:
        """The head of each resource's line whose time has come."""
        heads: dict[str, Doc] = {}
        for doc in self._store.all(KIND):
            if doc["state"] == "pending":
                heads.setdefault(doc["resource"], doc)
        return [doc for doc in heads.values() if doc["next_at"] <= wall]

    def signed_headers(self, doc: Doc, wall: float) -> dict[str, str]:
        """Every header of one attempt, with the vendor's signature over the raw body."""
        headers = {"Content-Type": "application/json", **doc["headers"]}
        body = doc["body"].encode()
        if doc["vendor"] == "pagerduty":
            digest = _hex(self._config.pagerduty_secret, body)
            return {**headers, "User-Agent": "PagerDuty-Webhook/V3.0", "X-PagerDuty-Signature": f"v1={digest}"}
        if doc["vendor"] == "slack":
            return {**headers, **_slack(self._config.slack_secret, doc, wall)}
        return {
            **headers,
            **_zendesk(self._config.zendesk[doc["vendor"].removeprefix("zendesk_")].webhook_secret, body, wall),
        }

    def settle(self, doc: Doc, answer: str, wall: float) -> None:
        """Take the product's answer to an attempt: a status code, or a sentence about why there was none."""
        status = int(answer) if answer.isdigit() else 0
        doc["attempts"] += 1
        doc["answers"] = [*doc["answers"][-4:], answer]
        family = doc["vendor"].split("_")[0]
        delays = DELAYS[family]
        if 200 <= status < 300:
            doc["state"], doc["sent_at"] = "delivered", wall
        elif status and status < 500 and status != 429:
            doc["state"] = "dropped"
        elif wall - doc["created"] > PATIENCE[family]:
            doc["state"] = "given_up"
        else:
            doc["next_at"] = wall + delays[min(doc["attempts"], len(delays)) - 1]
        self._store.put(KIND, doc["id"], doc)
        if family == "pagerduty" and doc["state"] in ("delivered", "dropped"):
            self._count_drops(doc["state"] == "dropped")

    def _count_drops(self, dropped: bool) -> None:
        """PagerDuty switches a subscription off after three dropped in a row; somebody must enable it again."""
        hook = self._store.get("pd_hook", "state") or {"drops": 0, "disabled": False}
        drops = hook["drops"] + 1 if dropped else 0
        if dropped or hook["drops"]:
            self._store.put("pd_hook", "state", {"drops": drops, "disabled": drops >= DISABLED_AFTER})


def _hex(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def _zendesk(secret: str, body: bytes, wall: float) -> dict[str, str]:
    """Zendesk's signature covers its timestamp and the raw body."""
    stamp = datetime.fromtimestamp(wall, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = hmac.new(secret.encode(), stamp.encode() + body, hashlib.sha256).digest()
    return {
        "User-Agent": "Zendesk Webhook",
        "X-Zendesk-Webhook-Signature": base64.b64encode(digest).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
        "X-Zendesk-Webhook-Invocation-Id": ids.random().replace("-", "").upper()[:26],
    }


def _slack(secret: str, doc: Doc, wall: float) -> dict[str, str]:
    """Slack's signature covers version, timestamp and body; retries say that they are."""
    stamp = str(int(wall))
    headers = {
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": "v0=" + _hex(secret, f"v0:{stamp}:".encode() + doc["body"].encode()),
    }
    if doc["attempts"]:
        headers |= {"X-Slack-Retry-Num": str(doc["attempts"]), "X-Slack-Retry-Reason": "http_error"}
    return headers
