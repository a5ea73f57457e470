"""Signatures, as the vendors document them. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from ceoc.inbox.signatures import PagerDutySignature, Signature, SlackSignature, ZendeskSignature

BODY = b'{"event": {"id": "5ac64822"}}'
NOW = datetime(2026, 7, 1, 16, 20, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))


def hexed(secret: str, message: bytes) -> str:
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def based(secret: str, message: bytes) -> str:
    return base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()


def right(signature: Signature, body: bytes = BODY) -> bool:
    for start in range(0, len(body), 7):  # in pieces, as it comes in
        signature.feed(body[start : start + 7])
    return signature.right()


@pytest.mark.parametrize(
    ("header", "secrets", "expected"),
    [
        pytest.param(f"v1={hexed('new', BODY)}", ["new"], True, id="one signature, one secret"),
        pytest.param(
            f"v1={hexed('old', BODY)},v1={hexed('new', BODY)}", ["new"], True, id="both secrets while they rotate there"
        ),
        pytest.param(f"v1={hexed('old', BODY)}", ["new", "old"], True, id="both secrets while they rotate here"),
        pytest.param(f"v1={hexed('new', BODY).upper()}", ["new"], True, id="capitals"),
        pytest.param(f"v1={hexed('other', BODY)}", ["new", "old"], False, id="another secret"),
        pytest.param(f"v0={hexed('new', BODY)}", ["new"], False, id="another version"),
        pytest.param(hexed("new", BODY), ["new"], False, id="no version"),
        pytest.param(f"v1={hexed('', BODY)}", [""], False, id="an empty secret signs nothing"),
        pytest.param("v1=", ["new"], False, id="nothing behind the version"),
        pytest.param("v1=é", ["new"], False, id="no ASCII"),
        pytest.param("", ["new"], False, id="no header"),
        pytest.param(f"v1={hexed('new', BODY)}", [], False, id="no secret of ours"),
    ],
)
def test_pagerduty(header, secrets, expected):
    assert right(PagerDutySignature({"X-PagerDuty-Signature": header}, secrets)) is expected


@pytest.mark.parametrize(
    ("signature", "stamp", "secret", "expected"),
    [
        pytest.param(based("s", b"2026" + BODY), "2026", "s", True, id="timestamp and body"),
        pytest.param(based("s", BODY), "2026", "s", False, id="the body alone"),
        pytest.param(based("s", b"2026" + BODY), "2027", "s", False, id="another timestamp"),
        pytest.param(based("s", BODY), "", "s", False, id="no timestamp"),
        pytest.param(based("t", b"2026" + BODY), "2026", "s", False, id="another secret"),
        pytest.param("not base64!", "2026", "s", False, id="no base64"),
        pytest.param("é", "2026", "s", False, id="no ASCII"),
        pytest.param(based("", b"2026" + BODY), "2026", "", False, id="an empty secret signs nothing"),
    ],
)
def test_zendesk(signature, stamp, secret, expected):
    headers = {"X-Zendesk-Webhook-Signature": signature, "X-Zendesk-Webhook-Signature-Timestamp": stamp}
    assert right(ZendeskSignature(headers, [secret])) is expected


def test_zendesk_with_several_secrets():
    headers = {"X-Zendesk-Webhook-Signature": based("b", b"1" + BODY), "X-Zendesk-Webhook-Signature-Timestamp": "1"}
    assert right(ZendeskSignature(headers, ["a", "b"]))
    assert not right(ZendeskSignature(headers, ["a", "c"]))
    assert not right(ZendeskSignature(headers, []))


def slack(stamp: str = STAMP, secret: str = "s", wall: datetime = NOW, version: str = "v0") -> Signature:
    told = f"{version}={hexed('s', f'v0:{stamp}:'.encode() + BODY)}"
    return SlackSignature({"X-Slack-Signature": told, "X-Slack-Request-Timestamp": stamp}, secret, wall)


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        pytest.param(NOW + timedelta(minutes=5), True, id="five minutes old"),
        pytest.param(NOW + timedelta(minutes=5, seconds=1), False, id="a second older"),
        pytest.param(NOW - timedelta(minutes=5), True, id="five minutes ahead"),
        pytest.param(NOW - timedelta(minutes=5, seconds=1), False, id="a second further ahead"),
    ],
)
def test_slacks_window_is_five_minutes(wall, expected):
    assert right(slack(wall=wall)) is expected


def test_slack_refuses_another_secret_version_or_time():
    assert not right(slack(secret="t"))
    assert not right(slack(version="v1"))
    assert not right(slack(stamp="yesterday"))
    assert not right(slack(stamp="٣"))
    assert not right(slack(stamp="9" * 400))


def test_a_changed_body_is_refused_by_all():
    changed = BODY.replace(b"5ac", b"5ad")
    assert not right(PagerDutySignature({"X-PagerDuty-Signature": f"v1={hexed('s', BODY)}"}, ["s"]), changed)
    headers = {"X-Zendesk-Webhook-Signature": based("s", b"1" + BODY), "X-Zendesk-Webhook-Signature-Timestamp": "1"}
    assert not right(ZendeskSignature(headers, ["s"]), changed)
    assert not right(slack(), changed)
