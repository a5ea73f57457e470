"""Commands, deliveries and who is on call."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ceoc.access.opaque import opaque_id
from ceoc.inbox.models import Delivery
from ceoc.outbox.models import Command
from tests.emergencies.world import NOW, ago


def command(number: int, **other: object) -> Command:
    known = {
        "public_id": opaque_id(f"command {number}"), "klass": "global", "group": "k3v9aaaaaaaa", "object": "page:Q1",
        "vendor": "pagerduty", "kind": "page_note", "by": "engineer@demo.example", "state": "refused",
        "reason": "PagerDuty does not know this page.", "queued_at": ago(number), "attempts": 1,
    }  # fmt: skip
    return Command.objects.create(**known | other)


def delivery(number: int, **other: object) -> Delivery:
    known = {
        "public_id": opaque_id(f"delivery {number}"), "klass": "global", "vendor": "slack", "event_id": str(number),
        "kind": "message", "body": b"{}", "received_at": ago(number), "state": "processed", "processed_at": NOW,
    }  # fmt: skip
    return Delivery.objects.create(**known | other)


class TestCommands:
    def test_have_the_shape_of_the_vocabulary(self, mira) -> None:
        command(1)
        (one,) = mira.get("commands/").json()["results"]
        assert one == {
            "id": opaque_id("command 1"), "emergency": "k3v9aaaaaaaa", "vendor": "pagerduty", "kind": "page_note",
            "state": "refused", "attempts": 1, "next_try_at": None, "reason": "PagerDuty does not know this page.",
            "queued_at": "2026-07-14T16:41:00Z", "delivered_at": None,
        }  # fmt: skip

    def test_say_when_they_are_tried_again(self, mira) -> None:
        command(1, state="will_retry", due_at=NOW)
        command(2, state="held", due_at=NOW, hold_until=NOW)
        assert {one["next_try_at"] for one in mira.get("commands/").json()["results"]} == {"2026-07-14T16:42:00Z"}

    def test_are_narrowed_and_paged(self, mira) -> None:
        for number in range(5):
            command(number, vendor="zendesk" if number == 3 else "pagerduty")
        assert len(mira.get("commands/?vendor=zendesk&state=refused").json()["results"]) == 1
        assert mira.get("commands/?emergency=zzzzzzzzzzzz").json()["results"] == []
        first = mira.get("commands/?page_size=3").json()
        second = mira.get(first["next"].removeprefix("http://testserver")).json()
        shown = [one["id"] for one in first["results"] + second["results"]]
        assert shown == [opaque_id(f"command {number}") for number in range(5)]
        assert second["next"] is None

    def test_are_retried_dismissed_and_taken_back(self, mira) -> None:
        refused, held = command(1), command(2, state="held", due_at=NOW, hold_until=NOW)

        taken = mira.post(f"commands/{held.public_id}/acts/take_back/")
        retried = mira.post(f"commands/{refused.public_id}/acts/retry/")
        again = mira.post(f"commands/{held.public_id}/acts/dismiss/")

        assert (taken.status_code, taken.json()["state"]) == (200, "dismissed")
        assert (retried.status_code, retried.json()["state"]) == (202, "queued")
        assert (again.status_code, again.json()["detail"]) == (409, "It was put aside already.")

    def test_of_us_gov_are_unknown(self, mira, sam) -> None:
        gov = command(1, klass="us_gov")
        assert mira.get("commands/").json()["results"] == []
        assert mira.post(f"commands/{gov.public_id}/acts/dismiss/").status_code == 404
        assert len(sam.get("commands/").json()["results"]) == 1

    def test_are_pressed_by_no_shadow(self, caller_of) -> None:
        refused = command(1)
        assert caller_of("shadow").post(f"commands/{refused.public_id}/acts/dismiss/").status_code == 403
        refused.refresh_from_db()
        assert refused.state == "refused"


class TestDeliveries:
    def test_have_the_shape_of_the_vocabulary(self, caller_of) -> None:
        delivery(1, vendor="zendesk", account="global")
        (one,) = caller_of("admin").get("deliveries/").json()["results"]
        assert one == {
            "id": opaque_id("delivery 1"), "vendor": "zendesk", "account": "global", "kind": "message",
            "state": "processed", "received_at": "2026-07-14T16:41:00Z", "processed_at": "2026-07-14T16:42:00Z",
            "reason": None,
        }  # fmt: skip

    def test_are_narrowed_and_read_once_more(self, caller_of) -> None:
        admin, one = caller_of("admin"), delivery(1)
        delivery(2, state="unreadable", reason="No JSON")
        assert len(admin.get("deliveries/?state=unreadable").json()["results"]) == 1
        assert len(admin.get("deliveries/?kind=MESS&vendor=slack").json()["results"]) == 2

        answer = admin.post(f"deliveries/{one.public_id}/acts/replay/")

        assert (answer.status_code, answer.json()["state"]) == (202, "stored")
        assert admin.post("deliveries/nothere/acts/replay/").status_code == 404

    @pytest.mark.parametrize(("name", "scopes"), [("engineer", ()), ("manager", ()), ("admin", ("read", "act"))])
    def test_are_for_administrators_with_that_scope(self, caller_of, name, scopes) -> None:
        one = delivery(1)
        assert caller_of(name, *scopes).get("deliveries/").status_code == 403
        assert caller_of(name, *scopes).post(f"deliveries/{one.public_id}/acts/replay/").status_code == 403


@pytest.mark.parametrize(("list_", "make"), [("commands/", command), ("deliveries/", delivery)])
def test_a_list_makes_as_many_queries_for_fifty_as_for_one(caller_of, list_, make) -> None:
    admin = caller_of("admin")

    def asked() -> int:
        admin.get("oncall/")  # the use of the token is noted
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(list_).status_code == 200
        return len(captured)

    make(0)
    one = asked()
    for number in range(1, 50):
        make(number)
    assert asked() == one == 3


def test_who_is_on_call_is_not_known_yet_and_said_so(mira) -> None:
    assert mira.get("oncall/").json() == {
        "at": "2026-07-14T16:42:00Z", "known": False, "rotations": [], "duty_dri": [], "coverage": [],
    }  # fmt: skip
    assert mira.get("oncall/?at=2026-07-15T00:00:00%2B02:00").json()["at"] == "2026-07-14T22:00:00Z"
