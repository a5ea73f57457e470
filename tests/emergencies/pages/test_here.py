"""Presence on the pages: who may know who is where, whom a shadow may follow, and what rings for whom."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import redis
import time_machine
from django.conf import settings
from django.test import Client

from ceoc.access.viewer import Audience
from ceoc.live import following, presence, sources
from ceoc.live.parts import Event, Insert, Order, Remove, Swap
from emergencies.models import Emergency
from emergencies.pages.here import HereSource
from emergencies.pages.watch import WatchSource
from emergencies.queries.watch import FRESH, watch
from tests.emergencies.world import MIRA, NOW, SAM, THEO, Trouble
from tests.emergencies.world import k as kinds

CLEARED, UNCLEARED, SHADOW = Audience("engineer", True), Audience("engineer", False), Audience("shadow", False)


@pytest.fixture(autouse=True)
def nobody_here():
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.delete(presence.KEY, following.KEY)
    yield
    client.delete(presence.KEY, following.KEY)
    client.close()


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


def says(client: Client, trouble: Trouble, tab: str = "tab-aaaa", **said: object) -> int:
    return client.post(f"/emergencies/{trouble.row.public_id}/here/", {"tab": tab, **said}).status_code


def shown(audience: Audience, *touched: str):
    return HereSource().render("", audience, frozenset(touched) if touched else None)


def items(parts) -> dict[str, str]:
    return {part.target: part.html for part in parts if isinstance(part, Insert)}


def removed(parts) -> set[str]:
    return {part.target for part in parts if isinstance(part, Remove)}


def test_the_sources_are_known():
    assert sources.find("here") is not None
    assert sources.find("watch") is not None


class TestWhoIsHere:
    """Who looks and who writes, as each audience may know it."""

    def test_who_looks_stands_in_the_list_that_every_page_gets(self, engineer, troubles):
        assert says(engineer, troubles["working"], turned=1) == 204
        id = troubles["working"].row.public_id
        html = items(shown(UNCLEARED))[f"here-{id}"]
        assert "Mira Okafor looks at it" in html
        assert f'data-at="{int(NOW.timestamp() * 1000)}"' in html

    @pytest.mark.parametrize(("audience", "words"), [
        ("public", "writes to the customer"), ("internal", "writes an internal note"), ("thread", "writes to Slack"),
        ("other", "looks at it"),
    ])  # fmt: skip
    def test_who_writes_is_told_with_the_audience_and_never_the_text(self, engineer, troubles, audience, words):
        says(engineer, troubles["working"], writing=audience, text="Dear Dana")
        (html,) = items(shown(UNCLEARED)).values()
        assert f"Mira Okafor {words}" in html
        assert "Dana" not in html

    def test_a_person_stands_once_however_many_tabs_they_have(self, engineer, troubles):
        says(engineer, troubles["working"], "tab-aaaa", turned=1, writing="public")
        says(engineer, troubles["working"], "tab-bbbb", turned=1)
        (html,) = items(shown(UNCLEARED)).values()
        assert html.count("data-who") == 1
        assert "writes to the customer" in html

    def test_a_shadow_follows_along_and_writes_nothing(self, shadow, troubles):
        assert says(shadow, troubles["working"], turned=1, writing="public") == 204
        (html,) = items(shown(UNCLEARED)).values()
        assert "Ayo Bright follows along" in html
        assert "writes" not in html

    def test_who_leaves_is_removed(self, engineer, troubles):
        id = troubles["working"].row.public_id
        says(engineer, troubles["working"], turned=1)
        says(engineer, troubles["working"], gone=1)
        parts = shown(UNCLEARED, f"here:{id}")
        assert removed(parts) == {f"here-{id}"}
        assert [part.sections for part in parts if isinstance(part, Order)] == [{"here": ()}]

    def test_us_gov_is_the_cleareds_alone(self, cleared, engineer, troubles):
        before = shown(UNCLEARED)
        assert says(cleared, troubles["gov"], turned=1, writing="public") == 204
        id = troubles["gov"].row.public_id
        assert shown(UNCLEARED) == before
        assert shown(SHADOW) == before
        assert f"here-{id}" in items(shown(CLEARED))
        assert says(engineer, troubles["gov"], turned=1) == says_of_nothing(engineer) == 404

    def test_what_is_us_gov_now_leaves_the_uncleared(self, engineer, troubles):
        trouble = troubles["working"]
        says(engineer, trouble, turned=1)
        row = trouble.row
        row.klass = "us_gov"
        row.save(update_fields=["klass"])
        parts = shown(UNCLEARED, f"emergency:{row.public_id}")
        assert (items(parts), removed(parts)) == ({}, {f"here-{row.public_id}"})

    def test_an_emergency_that_changes_renders_nobody_anew_who_is_elsewhere(self, engineer, troubles):
        says(engineer, troubles["working"], turned=1)
        parts = shown(UNCLEARED, f"emergency:{troubles['waiting'].row.public_id}")
        assert (items(parts), removed(parts)) == ({}, set())

    def test_a_list_costs_one_query_and_an_empty_one_none(self, engineer, second, troubles, django_assert_num_queries):
        with django_assert_num_queries(0):
            shown(UNCLEARED)
        for name in ("working", "waiting", "rings"):
            says(engineer, troubles[name], turned=1)
            says(second, troubles[name], turned=1)
        with django_assert_num_queries(1):
            assert len(items(shown(UNCLEARED))) == 3

    @pytest.mark.parametrize("tab", ["", "short", "with blanks in it", "x" * 41, "<script>1</script>"])
    def test_a_tab_that_is_none_is_refused(self, engineer, troubles, tab):
        assert says(engineer, troubles["working"], tab, turned=1) == 400
        assert items(shown(UNCLEARED)) == {}

    def test_without_redis_it_is_as_if_nobody_were_here(self, engineer, troubles, settings):
        settings.REDIS_URL = "redis://127.0.0.1:1/0"
        assert says(engineer, troubles["working"], turned=1) == 204
        assert items(shown(UNCLEARED)) == {}
        assert engineer.get("/").status_code == 200
        touched = shown(UNCLEARED, f"here:{troubles['working'].row.public_id}")
        assert removed(touched) == {f"here-{troubles['working'].row.public_id}"}
        assert not [part for part in touched if isinstance(part, Order)]  # nobody knows that the others are gone

    def test_looking_leaves_no_row_behind(self, shadow, troubles, django_assert_num_queries):
        says(shadow, troubles["working"], turned=1)  # which prolongs the session, as every request of an hour's first
        id = troubles["working"].row.public_id
        with django_assert_num_queries(4) as asked:  # three of the session, and the emergency
            shadow.post(f"/emergencies/{id}/here/", {"tab": "tab-aaaa"})
        assert not [q for q in asked.captured_queries if not q["sql"].startswith("SELECT")]


def says_of_nothing(client: Client) -> int:
    return client.post("/emergencies/aaaaaaaaaaaa/here/", {"tab": "tab-aaaa"}).status_code


class TestFollowing:
    """A shadow follows an engineer."""

    def test_whom_one_may_follow_are_those_on_emergencies(self, shadow, engineer, troubles):
        says(engineer, troubles["working"], turned=1)
        html = main(shadow.get("/follow/"))
        assert "Follow Mira" in html
        assert "Follow Theo" in html
        assert "Looks at Corvid Payments now" in html
        assert "Sam Whitford" not in html

    def test_who_looks_at_us_gov_looks_at_nothing_for_an_uncleared_shadow(self, shadow, cleared, engineer, troubles):
        says(cleared, troubles["waiting"], turned=1)
        says(cleared, troubles["waiting"], gone=1)
        nothing = shadow.get("/follow/").content
        says(cleared, troubles["gov"], turned=1)
        assert without_token(shadow.get("/follow/").content) == without_token(nothing)
        assert shadow.post("/follow/", {"who": SAM})["Location"] == "/"

    def test_following_goes_to_where_the_engineer_is(self, shadow, engineer, troubles):
        says(engineer, troubles["waiting"], turned=1)
        with time_machine.travel(NOW + timedelta(seconds=5), tick=False):
            says(engineer, troubles["working"], "tab-bbbb", turned=1)
            answer = shadow.post("/follow/", {"who": MIRA})
        assert answer["Location"] == f"/emergencies/{troubles['working'].row.public_id}/"
        assert "Following Mira Okafor" in shadow.get("/").content.decode()
        assert '<li data-of="engineer@demo.example">Ayo Bright</li>' in followers(UNCLEARED)

    @pytest.mark.parametrize(("do", "words"), [
        ("pause", "paused"), ("go_on", "Pause"), ("stop", "Follow an engineer…"),
    ])  # fmt: skip
    def test_it_is_paused_goes_on_and_stops(self, shadow, engineer, troubles, do, words):
        shadow.post("/follow/", {"who": MIRA})
        assert shadow.post("/follow/change/", {"do": do, "back": "/closed/"})["Location"] == "/closed/"
        assert words in shadow.get("/own/follow/").content.decode()

    def test_a_beat_tells_whether_it_still_stands(self, shadow, engineer, troubles):
        assert shadow.post("/follow/change/", {"do": "beat"}).status_code == 404
        shadow.post("/follow/", {"who": MIRA})
        assert shadow.post("/follow/change/", {"do": "beat"}).status_code == 204

    @pytest.mark.parametrize("who", ["", "nobody@demo.example", "shadow@demo.example", "paul@demo.example"])
    def test_only_who_works_is_followed(self, shadow, troubles, who):
        answer = shadow.post("/follow/", {"who": who}, headers={"HX-Request": "true"})
        assert answer.status_code == 409
        assert followers(UNCLEARED).count("<li") == 0

    def test_who_works_follows_nobody(self, engineer, troubles):
        assert engineer.get("/follow/").status_code == 404
        assert engineer.post("/follow/", {"who": THEO}).status_code == 404

    def test_the_dri_of_an_emergency_is_followed_from_its_page(self, shadow, engineer, troubles):
        page = f"/emergencies/{troubles['working'].row.public_id}/"
        assert "Follow Mira Okafor" in shadow.get(page).content.decode()
        assert "Follow Mira Okafor" not in engineer.get(page).content.decode()
        assert "Follow " not in main(shadow.get(f"/emergencies/{troubles['rings'].row.public_id}/"))

    def test_an_empty_list_says_what_to_do(self, shadow, troubles):
        Emergency.objects.update(stage="closed")
        assert "Nobody is on an emergency now" in main(shadow.get("/follow/"))

    def test_a_list_costs_the_same_for_one_and_for_many(
        self, shadow, engineer, second, troubles, django_assert_num_queries
    ):
        shadow.get("/")  # which prolongs the session
        says(engineer, troubles["working"], turned=1)
        with django_assert_num_queries(8):  # three of the session, the vendors, and four
            shadow.get("/follow/")
        says(second, troubles["rings"], turned=1)
        says(second, troubles["waiting"], "tab-bbbb", turned=1)
        with django_assert_num_queries(8):
            shadow.get("/follow/")

    def test_every_page_says_to_a_shadow_what_they_are(self, shadow, engineer, troubles):
        for path in ("/", "/closed/", "/commands/", "/ringing/", f"/emergencies/{troubles['working'].row.public_id}/"):
            assert "you see what the engineer sees and change nothing" in shadow.get(path).content.decode()
            assert "you see what the engineer sees" not in engineer.get(path).content.decode()


def main(answer) -> str:
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def without_token(html: bytes) -> str:
    return "".join(line for line in html.decode().splitlines() if "csrf" not in line)


def followers(audience: Audience) -> str:
    (html,) = [part.html for part in shown(audience) if isinstance(part, Swap)]
    return html


def rings(audience: Audience, *touched: str) -> list[dict]:
    parts = WatchSource().render("", audience, frozenset(touched) if touched else None)
    return [dict(part.data) for part in parts if isinstance(part, Event)]


class TestWhatRings:
    """A new page, a late act; the nearest clock of everybody's own."""

    def test_a_page_that_rings_is_told_to_everybody_once(self, troubles):
        id = troubles["rings"].row.public_id
        told = [ring for ring in rings(UNCLEARED, f"emergency:{id}") if "page rings" in ring["text"]]
        assert [(ring["key"], ring["text"], ring["to"]) for ring in told] == [
            (f"page {id} 1", "Halden Bank: a page rings", ())
        ]

    def test_what_was_not_touched_does_not_ring(self, troubles):
        assert rings(UNCLEARED, f"emergency:{troubles['closed'].row.public_id}") == []

    def test_what_rang_long_ago_does_not_ring_again_for_a_page_that_opens(self, troubles):
        with time_machine.travel(NOW + FRESH + timedelta(minutes=9), tick=False):
            assert rings(UNCLEARED) == []

    def test_who_lets_a_page_ring_again_is_named_so_that_they_hear_nothing(self, troubles):
        trouble = troubles["working"]
        trouble.tell(0.1, MIRA, (trouble.page, kinds.PageReopened()))
        (ring,) = [
            ring for ring in rings(UNCLEARED, f"emergency:{trouble.row.public_id}") if ring["key"].startswith("page")
        ]
        assert ring["by"] == MIRA

    def test_the_same_ring_told_by_a_better_messenger_keeps_its_key(self, troubles):
        trouble = Trouble("Sable Couriers", 301).pages(1, "Nobody can push")
        first = rings(UNCLEARED, f"emergency:{trouble.row.public_id}")
        trouble.noted(0.5)
        assert [ring["key"] for ring in first] == [
            ring["key"] for ring in rings(UNCLEARED, f"emergency:{trouble.row.public_id}")
        ]

    def test_us_gov_rings_for_the_cleared_without_its_customers_name(self, troubles):
        Trouble("Bureau of Quiet Works", 302, klass="us_gov").pages(1, "Nobody can sign in")
        assert not [ring for ring in rings(UNCLEARED) if "US Gov" in ring["text"]]
        told = [ring["text"] for ring in rings(CLEARED) if "US Gov" in ring["text"]]
        assert "US Gov: a page rings" in told
        assert "Quiet Works" not in str(told)

    def test_a_late_act_rings_for_the_one_who_owes_it(self, troubles, viewer_of_role):
        late = [ring for ring in watch(UNCLEARED, NOW, NOW - timedelta(days=1)).rings if ring.key.startswith("late")]
        assert late
        assert {ring.to for ring in late} <= {(), (MIRA,), (THEO,)}
        assert (MIRA,) in {ring.to for ring in late}

    @pytest.mark.parametrize(
        ("seconds", "rings_then"), [(-1, False), (0, True)], ids=["a second before", "as it is due"]
    )
    def test_an_act_rings_from_the_instant_it_is_due(self, troubles, seconds, rings_then):
        row = troubles["reviewing"].row
        due = min(act["due_at"] for act in row.owed if act["due_at"] and act["role"] == "dri")
        at = datetime.fromisoformat(due) + timedelta(seconds=seconds)
        keys = [ring.key for ring in watch(UNCLEARED, at, at - FRESH, {row.public_id}).rings]
        assert bool([key for key in keys if f"{datetime.fromisoformat(due).timestamp():.0f}" in key]) == rings_then

    def test_everybodys_nearest_clock_stands_once_for_each(self, troubles, django_assert_num_queries):
        with django_assert_num_queries(2):
            found = watch(UNCLEARED, NOW, NOW - FRESH)
        people = [clock.who for clock in found.clocks]
        assert people == sorted(set(people))
        assert SAM not in people
        assert SAM in [clock.who for clock in watch(CLEARED, NOW, NOW - FRESH).clocks]


def test_a_hostile_customer_is_text_wherever_it_rings(db):
    with time_machine.travel(NOW, tick=False):
        trouble = Trouble('"><script>alert(1)</script>', 303).pages(40, "x").acknowledged(39)
        (html,) = [part.html for part in WatchSource().render("", UNCLEARED, None) if isinstance(part, Swap)]
        assert trouble.row.dri == MIRA
        assert "<script>" not in html
        assert "&lt;script&gt;" in html
