"""The audit: looks at US Government's things, and the administrators' page of all that is written."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ceoc.access import audit
from ceoc.access.models import AUDITED, AccessLog
from ceoc.clock import wall
from ceoc.inbox.models import Delivery
from ceoc.look import paging
from tests.emergencies.world import Trouble, by_hand

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 7, 14, 12, tzinfo=UTC)


@pytest.fixture
def gov(person_of) -> Trouble:
    """A US Government emergency."""
    return Trouble("Fort Halden", 1, klass="us_gov").pages(3, "Login is down")


def looks() -> list[tuple[str, str, str, str]]:
    found = AccessLog.objects.filter(kind="looked").order_by("id")
    return list(found.values_list("email", "what", "public_id", "klass"))


def line(number: int = 1, **fields: object) -> AccessLog:
    given = {"at": NOON + timedelta(minutes=number), "kind": "signed_in", "email": f"e{number}@demo.example"}
    return AccessLog.objects.create(**{"klass": "global"} | given | fields)


class TestLooks:
    """Who opened what of US Government, and when; not how often the page was loaded again."""

    def test_opening_an_emergency_is_written(self, cleared, gov) -> None:
        id = gov.row.public_id
        cleared.get(f"/emergencies/{id}/")

        assert looks() == [("cleared@demo.example", "emergency", id, "us_gov")]

    def test_a_global_one_is_nobodys_business(self, cleared, engineer) -> None:
        trouble = Trouble("Halden Bank", 1).pages(3, "All web nodes answer 502")
        for client in (cleared, engineer):
            client.get(f"/emergencies/{trouble.row.public_id}/")

        assert looks() == []

    def test_who_may_not_see_it_has_not_looked(self, engineer, gov) -> None:
        assert engineer.get(f"/emergencies/{gov.row.public_id}/").status_code == 404
        assert looks() == []

    def test_again_within_ten_minutes_is_one_look_and_later_another(self, cleared, admin, gov) -> None:
        address = f"/emergencies/{gov.row.public_id}/"
        with time_machine.travel(wall(), tick=False) as moved:
            for _ in range(3):
                cleared.get(address)
                moved.shift(timedelta(minutes=3, seconds=19))
            assert len(looks()) == 1
            admin.get(address)
            assert len(looks()) == 2
            moved.shift(timedelta(seconds=3))
            cleared.get(address)
            assert len(looks()) == 3

    def test_what_live_updates_fetch_is_no_look(self, cleared, gov) -> None:
        for part in ("composer", "dialogs"):
            cleared.get(f"/emergencies/{gov.row.public_id}/{part}/")

        assert looks() == []

    def test_a_delivery(self, admin) -> None:
        Delivery.objects.create(
            public_id="daaaaaaaaaaa", vendor="pagerduty", event_id="e", kind="x", body=b"{}", received_at=wall(),
            state="processed", processed_at=wall(), klass="us_gov",
        )  # fmt: skip
        admin.get("/deliveries/daaaaaaaaaaa/")

        assert looks() == [("admin@demo.example", "delivery", "daaaaaaaaaaa", "us_gov")]

    def test_a_page_that_waits_in_the_tray(self, cleared) -> None:
        by_hand(klass="us_gov")
        cleared.get("/tray/QHAND/")

        assert looks() == [("cleared@demo.example", "page", "QHAND", "us_gov")]

    def test_each_command_of_a_list_that_shows_some(self, cleared, gov) -> None:
        cleared.post(f"/emergencies/{gov.row.public_id}/acknowledge/", {"subject": "page:Q1"})
        cleared.get("/commands/")
        cleared.get("/commands/")

        assert [(what, klass) for _, what, _, klass in looks()] == [("command", "us_gov")]

    def test_many_at_once_cost_as_much_as_one(self, viewer_of_role) -> None:
        viewer = viewer_of_role("cleared")

        def asked(prefix: str, number: int) -> int:
            with CaptureQueriesContext(connection) as captured:
                audit.looked(viewer, "command", *[f"{prefix}{n}" for n in range(number)])
            return len(captured)

        assert asked("a", 1) == asked("b", 50)
        assert asked("b", 50) == 1
        assert len(looks()) == 51

    def test_nothing_asks_nothing(self, viewer_of_role, django_assert_num_queries) -> None:
        viewer = viewer_of_role("cleared")
        with django_assert_num_queries(0):
            audit.looked(viewer, "command")


@pytest.mark.django_db(transaction=True)
def test_two_tabs_at_once_have_looked_once(viewer_of_role) -> None:
    viewer, together = viewer_of_role("cleared"), threading.Barrier(4)

    def look() -> None:
        together.wait(10)
        audit.looked(viewer, "emergency", "aaaaaaaaaaaa")
        connections.close_all()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(looks()) == 1


class TestPage:
    """What an administrator reads."""

    def shown(self, client: Client, query: str = "") -> str:
        answer = client.get(f"/audit/{query}")
        assert answer.status_code == 200
        return answer.content.decode()

    def emails(self, client: Client, query: str = "") -> list[str]:
        table = self.shown(client, query).partition("<tbody>")[2]
        return re.findall(r"(e\d+)@demo\.example", table)

    def test_the_newest_stands_first_with_names(self, admin, person_of) -> None:
        line(1)
        line(2, email="engineer@demo.example", kind="broke_glass", reason="5 codes are left", address="10.0.0.7")
        person_of("engineer")
        page = self.shown(admin)

        assert page.index("Mira Okafor") < page.index("e1@demo.example")
        for words in ("Signed in with a break-glass code", "5 codes are left", "from 10.0.0.7"):
            assert words in page

    def test_an_empty_one_says_what_it_is_for(self, admin) -> None:
        AccessLog.objects.all().delete()
        page = self.shown(admin)

        assert "Nothing is written yet" in page

    def test_one_that_is_filtered_to_nothing_leads_to_all(self, admin) -> None:
        assert "Show all of it" in self.shown(admin, "?person=nobody")

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("?person=E2@", ["e2"]),
            ("?person=boss", ["e3"]),
            ("?kind=signed_out", ["e2"]),
            ("?since=2026-07-15", ["e4"]),
            ("?until=2026-07-14&person=demo.example", ["e3", "e2", "e1"]),
            ("?since=2026-07-14&until=2026-07-14&kind=signed_in", ["e1"]),
            ("?kind=nonsense&since=yesterday&until=9999-99-99&page=x", ["e4", "e3", "e2", "e1"]),
            ("?person=%00", ["e4", "e3", "e2", "e1"]),
        ],
    )
    def test_it_is_filtered(self, admin, query: str, expected: list[str]) -> None:
        AccessLog.objects.all().delete()
        line(1)
        line(2, kind="signed_out")
        line(3, kind="role_changed", by="boss@demo.example")
        line(4, at=datetime(2026, 7, 14, 22, 30, tzinfo=UTC))  # the 15th in Amsterdam, where Noor is

        assert self.emails(admin, query) == expected

    def test_it_is_turned_page_by_page_and_keeps_its_filters(self, admin) -> None:
        for number in range(paging.PAGE + 2):
            line(number)
        first = self.shown(admin, "?kind=signed_in")

        assert 'href="?kind=signed_in&amp;page=2" rel="next"' in first
        assert self.emails(admin, "?kind=signed_in&page=2") == ["e1", "e0"]

    def test_who_is_not_cleared_sees_global_lines_only(self, boss, admin) -> None:
        line(1)
        line(2, klass="us_gov", kind="looked", what="emergency", public_id="k3v9aaaaaaaa")

        assert self.emails(boss, "?person=e") == ["e1"]
        assert "k3v9aaaaaaaa" not in self.shown(boss)
        assert 'href="/emergencies/k3v9aaaaaaaa/"' in self.shown(admin)

    def test_the_number_of_queries_does_not_grow(self, admin, django_assert_num_queries) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                self.shown(admin)
            return len(captured)

        line(1, by="boss@demo.example")
        asked()  # the first request prolongs the session
        one = asked()
        for number in range(2, 60):
            line(number, by=f"b{number}@demo.example")
        assert asked() == one

    def test_what_strangers_typed_stands_as_text(self, admin) -> None:
        Client().post("/sign-in/code/", {"email": "<script>alert(1)</script>", "code": "x"})
        page = self.shown(admin)

        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert" not in page

    def test_every_kind_has_words_a_tone_and_an_icon(self, admin) -> None:
        for number, (kind, _) in enumerate(AUDITED):
            line(number, kind=kind)
        page = self.shown(admin).partition("<tbody>")[2]

        for _, words in AUDITED:
            assert f"</svg>{words}</span>" in page
