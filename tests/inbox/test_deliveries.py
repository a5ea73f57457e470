"""The administrators' page of deliveries."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from ceoc.access.viewer import Audience
from ceoc.inbox.live import DeliverySource
from ceoc.inbox.models import Delivery
from ceoc.live.sources import find
from ceoc.look import paging

NOW = datetime(2026, 7, 1, 16, 20, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def kept(number=1, **fields):
    fields = {
        "vendor": "pagerduty",
        "event_id": f"e{number}",
        "kind": "incident.triggered",
        "body": b'{"event": {"id": "e"}}',
        "received_at": NOW + timedelta(minutes=number),
        "state": "processed",
        "processed_at": NOW,
        "klass": "global",
    } | fields
    return Delivery.objects.create(public_id=f"d{number:a>11}", **fields)


def text(answer):
    return answer.content.decode()


def test_the_list_shows_the_latest_first(admin):
    kept(1, kind="incident.triggered")
    kept(2, kind="incident.resolved")
    body = text(admin.get("/deliveries/"))
    assert body.index("incident.resolved") < body.index("incident.triggered")
    assert "Nothing has come yet" not in body


def test_an_empty_list_says_so_and_a_filtered_one_how_to_see_all(admin):
    assert "Nothing has come yet" in text(admin.get("/deliveries/"))
    assert "Show all deliveries" in text(admin.get("/deliveries/?vendor=slack"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("vendor=slack", {2}),
        ("state=unreadable", {3}),
        ("kind=resolved", {4}),
        ("kind=RESOLVED&vendor=pagerduty", {4}),
        ("vendor=pagerduty&state=unreadable", set()),
        ("vendor=nobody&state=never&page=-1", {1, 2, 3, 4}),
        ("page=0x", {1, 2, 3, 4}),
    ],
)
def test_filters(admin, query, expected):
    kept(1)
    kept(2, vendor="slack", kind="message")
    kept(3, vendor="zendesk", account="global", state="unreadable", reason="The event names no ticket.")
    kept(4, kind="incident.resolved")
    body = text(admin.get(f"/deliveries/?{query}"))
    assert {int(found) for found in re.findall(r'id="delivery-da*(\d+)"', body)} == expected


def test_the_list_goes_on_over_pages_that_keep_the_filter(admin):
    for number in range(1, paging.PAGE + 2):
        kept(number)
    first = text(admin.get("/deliveries/?vendor=pagerduty"))
    assert first.count('id="delivery-') == paging.PAGE
    assert "?vendor=pagerduty&amp;page=2" in first
    second = text(admin.get("/deliveries/?vendor=pagerduty&page=2"))
    assert second.count('id="delivery-') == 1
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second


def test_the_list_costs_the_same_for_one_and_for_fifty(admin, django_assert_max_num_queries):
    kept(1)
    admin.get("/deliveries/")  # the first visit renews the session
    with django_assert_max_num_queries(50) as once:
        admin.get("/deliveries/")
    for number in range(2, 51):
        kept(number)
    with django_assert_max_num_queries(50) as often:
        admin.get("/deliveries/")
    assert len(often.captured_queries) == len(once.captured_queries)


def test_one_delivery_shows_its_body_and_no_secret(admin):
    headers = {
        "X-Pagerduty-Signature": "v1=abcdef",
        "X-Slack-Signature": "v0=abcdef",
        "X-Zendesk-Webhook-Signature": "abcdef",
        "X-Api-Key": "abcdef",
        "User-Agent": "PagerDuty-Webhook/V3.0",
    }
    delivery = kept(headers=headers, body=b'{"title": "<script>alert(1)</script>"}')
    body = text(admin.get(f"/deliveries/{delivery.public_id}/"))
    assert "abcdef" not in body
    assert "PagerDuty-Webhook/V3.0" in body
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "<script>alert(1)" not in body


@pytest.mark.parametrize("body", [b"", b"not json", b"\xff\xfe\x00", b"[" * 3000])
def test_any_body_can_be_shown(admin, body):
    delivery = kept(body=body, state="unreadable", reason="The body is not JSON.", cut=True)
    answer = admin.get(f"/deliveries/{delivery.public_id}/")
    assert answer.status_code == 200
    assert "The body is not JSON." in text(answer)
    assert "the rest was not kept" in text(answer)


def test_replay_puts_it_back_to_be_read(admin):
    delivery = kept()
    answer = admin.post(f"/deliveries/{delivery.public_id}/replay/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/deliveries/{delivery.public_id}/")
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("stored", 0)


def test_looking_changes_nothing(admin):
    delivery = kept()
    admin.get("/deliveries/")
    admin.get(f"/deliveries/{delivery.public_id}/")
    assert admin.get(f"/deliveries/{delivery.public_id}/replay/").status_code == 405
    delivery.refresh_from_db()
    assert delivery.state == "processed"


@pytest.mark.parametrize("name", ["engineer", "second", "manager", "shadow", "cleared"])
def test_only_administrators_come_in(client_of, name):
    delivery = kept()
    client = client_of(name)
    assert client.get("/deliveries/").status_code == 403
    assert client.get(f"/deliveries/{delivery.public_id}/").status_code == 403
    assert client.post(f"/deliveries/{delivery.public_id}/replay/").status_code == 403


def test_a_stranger_is_sent_to_sign_in_and_changes_nothing(stranger):
    delivery = kept()
    assert stranger.get("/deliveries/").status_code == 302
    assert stranger.post(f"/deliveries/{delivery.public_id}/replay/").status_code == 403


def test_an_uncleared_administrator_sees_no_us_gov_delivery_anywhere(person_of, client_of):
    person_of("admin")
    client = client_of("admin")
    gov, plain = kept(1, klass="us_gov", kind="incident.gov"), kept(2)
    assert "incident.gov" in text(client.get("/deliveries/"))
    person = person_of("admin")
    person.us_gov_cleared = False
    person.save()
    body = text(client.get("/deliveries/"))
    assert "incident.gov" not in body
    assert plain.public_id in body
    unseen, unknown = client.get(f"/deliveries/{gov.public_id}/"), client.get("/deliveries/zzzzzzzzzzzz/")
    assert unseen.status_code == unknown.status_code == 404
    assert client.post(f"/deliveries/{gov.public_id}/replay/").status_code == 404
    gov.refresh_from_db()
    assert gov.state == "processed"


def test_what_is_read_once_more_says_so_until_it_was_read(admin):
    delivery = kept()
    page = text(admin.post(f"/deliveries/{delivery.public_id}/replay/", follow=True))
    assert "Waits to be read again" in page
    assert "0 tries" not in page
    assert f'content="freshness here watch delivery:{delivery.public_id}"' in page


def test_the_state_of_one_delivery_is_live_for_administrators_alone():
    delivery, source = kept(), DeliverySource()
    (part,) = source.render(delivery.public_id, Audience("administrator", False), None)
    assert (part.target, "Processed" in part.html) == ("delivery-state", True)
    assert source.render(delivery.public_id, Audience("engineer", True), None) == []
    hidden = kept(2, klass="us_gov")
    assert source.render(hidden.public_id, Audience("administrator", False), None) == []
    assert find("delivery") is not None
