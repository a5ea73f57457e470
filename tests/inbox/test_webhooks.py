"""What becomes of a webhook at the door: kept and 2xx, or refused and counted (security.md 10)."""

from __future__ import annotations

import json
import time

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError
from django.test import Client
from prometheus_client import REGISTRY

from ceoc import wake
from ceoc.inbox import receive, refusals
from ceoc.inbox.models import Delivery
from tests.inbox import signing

PING = {
    "event": {
        "id": "01PING",
        "event_type": "pagey.ping",
        "occurred_at": "2026-07-01T16:20:00Z",
        "data": {"type": "ping"},
    }
}
TRIGGER = {"ceoc": 1, "ticket_id": "512880"}
MESSAGE = {
    "type": "event_callback",
    "event_id": "Ev1",
    "event": {"type": "message", "channel": "C01", "ts": "1782922800.1"},
}


def us_gov_headers(body: bytes) -> dict[str, str]:
    return signing.zendesk_headers(body, "us_gov")


DOORS = [
    pytest.param(signing.PAGERDUTY, "pagerduty", PING, signing.pagerduty_headers, id="pagerduty"),
    pytest.param(signing.ZENDESK["global"], "zendesk", TRIGGER, signing.zendesk_headers, id="zendesk global"),
    pytest.param(signing.ZENDESK["us_gov"], "zendesk", TRIGGER, us_gov_headers, id="zendesk us gov"),
    pytest.param(signing.SLACK, "slack", MESSAGE, signing.slack_headers, id="slack"),
]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limit(monkeypatch):
    monkeypatch.setattr(refusals, "limit", refusals.Limit(refusals.A_MINUTE))


def counted(address: str, times: int = 1) -> int:
    """By how much the count of refusals grows: the metrics hold nothing of US Gov, the log does."""
    return 0 if address == signing.ZENDESK["us_gov"] else times


def refused(vendor: str, reason: str) -> float:
    return REGISTRY.get_sample_value("ceoc_webhooks_refused_total", {"vendor": vendor, "reason": reason}) or 0


@pytest.mark.parametrize(("address", "vendor", "body", "sign"), DOORS)
def test_a_well_signed_webhook_is_kept_as_it_came(address, vendor, body, sign):
    raw = signing.raw(body)
    answer = signing.post(address, body, {**sign(raw), "X-Custom": "kept"})
    delivery = Delivery.objects.get()
    assert answer.status_code == 200
    assert (delivery.vendor, bytes(delivery.body), delivery.state, delivery.cut) == (vendor, raw, "stored", False)
    assert delivery.headers["X-Custom"] == "kept"
    assert len(delivery.public_id) == 12


@pytest.mark.parametrize(("address", "vendor", "body", "sign"), DOORS)
def test_accepting_is_one_query_through_the_whole_stack(address, vendor, body, sign, django_assert_num_queries):
    raw, client = signing.raw(body), Client()
    with django_assert_num_queries(1) as asked:
        assert signing.post(address, body, sign(raw), client).status_code == 200
    assert asked.captured_queries[0]["sql"].startswith('INSERT INTO "inbox_delivery"')


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("address", "vendor", "body", "sign"), DOORS)
def test_outside_a_transaction_too_accepting_is_one_query(address, vendor, body, sign, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert signing.post(address, body, sign(signing.raw(body))).status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("address", "vendor", "body", "sign"), DOORS)
def test_the_same_event_again_is_kept_once_and_answered_2xx(address, vendor, body, sign):
    for _ in range(3):
        assert signing.post(address, body, sign(signing.raw(body))).status_code == 200
    assert Delivery.objects.count() == 1


@pytest.mark.parametrize(("address", "vendor", "body", "sign"), DOORS)
def test_an_unsigned_one_is_401_and_counted(address, vendor, body, sign):
    before = refused(vendor, "unsigned")
    assert signing.post(address, body).status_code == 401
    assert refused(vendor, "unsigned") == before + counted(address)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(("address", "vendor", "body", "sign"), DOORS)
def test_a_wrongly_signed_one_is_401_and_counted(address, vendor, body, sign):
    before = refused(vendor, "wrong_signature")
    headers = sign(b"another body")
    assert signing.post(address, body, headers).status_code == 401
    assert signing.post(address, b"not json", headers).status_code == 401
    assert refused(vendor, "wrong_signature") == before + counted(address, 2)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("body", [b"", b"not json", b"[1, 2]", b'"text"', b"\xff\xfe", b"[" * 100_000])
@pytest.mark.parametrize(("address", "vendor", "_body", "sign"), DOORS)
def test_unsigned_and_malformed_is_400(address, vendor, _body, sign, body):
    before = refused(vendor, "malformed")
    assert signing.post(address, body).status_code == 400
    assert refused(vendor, "malformed") == before + counted(address)


@pytest.mark.parametrize(("address", "vendor", "_body", "sign"), DOORS)
def test_unsigned_and_oversized_is_413(address, vendor, _body, sign):
    before = refused(vendor, "oversized")
    assert signing.post(address, b"x" * (receive.KEPT + 1)).status_code == 413
    assert refused(vendor, "oversized") == before + counted(address)


@pytest.mark.parametrize(("address", "vendor", "_body", "sign"), DOORS)
def test_well_signed_and_oversized_is_kept_to_its_limit_and_marked(address, vendor, _body, sign):
    body = b'{"event": "' + b"x" * receive.KEPT + b'"}'
    assert signing.post(address, body, sign(body)).status_code == 200
    delivery = Delivery.objects.get()
    assert delivery.cut
    assert bytes(delivery.body) == body[: receive.KEPT]


def test_a_body_that_never_ends_is_not_read_for_ever(monkeypatch):
    monkeypatch.setattr(receive, "MOST", 1000)
    body = b"x" * 2000
    assert signing.post(signing.PAGERDUTY, body, signing.pagerduty_headers(body)).status_code == 413


@pytest.mark.parametrize(
    "body", [b"", b"not json", b"[1, 2]", b'{"event": 7}', b'{"event": {"id": 7}}', b"\x00\xff", b"{}"]
)
@pytest.mark.parametrize(("address", "vendor", "_body", "sign"), DOORS)
def test_well_signed_and_malformed_is_kept_all_the_same(address, vendor, _body, sign, body):
    assert signing.post(address, body, sign(body)).status_code == 200
    assert bytes(Delivery.objects.get().body) == body


@pytest.mark.parametrize(
    "words", [{"id": "x" * 500}, {"id": "a\u0000b"}, {"event_type": "y" * 500}, {"event_type": "\u0000"}]
)
def test_hostile_words_of_the_envelope_are_no_reason_to_lose_it(words):
    assert signing.send_pagerduty({"event": PING["event"] | words}).status_code == 200
    assert Delivery.objects.count() == 1


def test_every_secret_of_pagerduty_counts(settings):
    body = signing.raw(PING)
    settings.PAGERDUTY_WEBHOOK_SECRETS = type("Secrets", (), {"items": staticmethod(lambda: ["new", "old"])})()
    for secret, status in (("new", 200), ("old", 200), ("older", 401)):
        headers = signing.pagerduty_headers(body, secret)
        with transaction.atomic():
            assert signing.post(signing.PAGERDUTY, {**PING, "n": secret}, headers).status_code == 401
        fresh = signing.raw({**PING, "event": {**PING["event"], "id": secret}})
        assert signing.post(signing.PAGERDUTY, fresh, signing.pagerduty_headers(fresh, secret)).status_code == status


def test_one_account_cannot_sign_for_the_other():
    body = signing.raw(TRIGGER)
    assert signing.post(signing.ZENDESK["global"], body, signing.zendesk_headers(body, "us_gov")).status_code == 401
    assert signing.post(signing.ZENDESK["us_gov"], body, signing.zendesk_headers(body, "global")).status_code == 401


@pytest.mark.parametrize(
    ("address", "klass", "sign"),
    [
        (signing.PAGERDUTY, "us_gov", signing.pagerduty_headers),
        (signing.SLACK, "us_gov", signing.slack_headers),
        (signing.ZENDESK["global"], "global", signing.zendesk_headers),
        (signing.ZENDESK["us_gov"], "us_gov", us_gov_headers),
    ],
)
def test_a_delivery_is_closed_until_it_is_understood(address, klass, sign):
    signing.post(address, PING, sign(signing.raw(PING)))
    assert Delivery.objects.get().klass == klass


def test_slack_gets_its_challenge_back_when_it_is_signed():
    body = {"type": "url_verification", "token": "t", "challenge": "3eZbrw1aB"}
    answer = signing.send_slack(body)
    assert (answer.status_code, json.loads(answer.content)) == (200, {"challenge": "3eZbrw1aB"})
    assert signing.post(signing.SLACK, body).status_code == 401


def test_an_old_request_of_slack_is_refused():
    body = signing.raw(MESSAGE)
    assert signing.post(signing.SLACK, body, signing.slack_headers(body, at=time.time() - 301)).status_code == 401


@pytest.mark.parametrize(("address", "vendor", "body", "sign"), DOORS)
def test_the_database_down_is_never_a_2xx(address, vendor, body, sign):
    def down(*args):
        raise OperationalError("the server closed the connection")

    with connection.execute_wrapper(down):
        answer = signing.post(address, body, sign(signing.raw(body)))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]


def test_only_posting_is_allowed():
    for method in ("get", "put", "delete", "options"):
        assert getattr(Client(), method)(signing.PAGERDUTY).status_code in (403, 405)
    assert not Delivery.objects.exists()


def test_after_the_commit_the_work_is_woken(monkeypatch, django_capture_on_commit_callbacks):
    rung = []
    monkeypatch.setattr(wake._bell, "ring", rung.append)
    with django_capture_on_commit_callbacks(execute=True):
        signing.send_pagerduty(PING)
        assert rung == []
    assert rung == ["deliveries"]


def test_one_address_is_refused_only_so_often_a_minute(monkeypatch):
    monkeypatch.setattr(refusals, "limit", refusals.Limit(2))
    statuses = [signing.post(signing.PAGERDUTY, PING).status_code for _ in range(3)]
    assert statuses == [401, 401, 429]
    assert signing.send_pagerduty(PING).status_code == 200


def test_the_limit_begins_anew_each_minute():
    limit = refusals.Limit(1)
    assert [limit.over("a", 59.0), limit.over("a", 59.9), limit.over("b", 59.9), limit.over("a", 60.0)] == [
        False,
        True,
        False,
        False,
    ]
