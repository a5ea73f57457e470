"""Emergencies as programs read them: the shapes of the vocabulary, filters, pages, earlier times, and who sees what."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ceoc.access.models import AccessLog
from ceoc.access.opaque import opaque_id
from emergencies.models import Emergency
from tests.emergencies.world import MIRA, Trouble, ago

SHAPE = {
    "id", "stage", "ended", "region", "class", "incident", "continues", "customer", "subject", "dri", "pages",
    "tickets", "determination", "owed", "warnings", "dispatch", "steps", "timeline", "as_of",
}  # fmt: skip


def ids(answer) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["results"]]


def named(troubles, *names: str) -> set[str]:
    return {troubles[name].row.public_id for name in names}


def at(minutes: float) -> str:
    return ago(minutes).isoformat().replace("+00:00", "Z")


class TestOne:
    def test_has_the_shape_of_the_vocabulary(self, mira, troubles) -> None:
        one = mira.get(f"emergencies/{troubles['waiting'].row.public_id}/").json()

        assert one.keys() == SHAPE
        assert one["customer"] == {
            "name": "Atlas Freight", "plan": "ultimate", "entitled": "unknown", "seats": 250, "csm": None,
        }  # fmt: skip
        assert (one["stage"], one["ended"], one["region"], one["class"]) == ("waiting", None, "AMER", "global")
        assert one["dri"] == "second@demo.example"
        assert one["pages"] == [
            {"id": "Q00105", "status": "acknowledged", "contacted": True, "url": "https://pages.example/105"}
        ]
        assert one["tickets"] == [{
            "id": "512105", "account": "global", "status": "pending", "priority": "urgent", "contact_at": at(50),
            "url": "https://support.example/105",
        }]  # fmt: skip
        assert one["as_of"].keys() == {"pagerduty", "zendesk", "slack"}

    def test_tells_what_is_owed_as_the_vocabulary_does(self, mira, troubles) -> None:
        one = mira.get(f"emergencies/{troubles['waiting'].row.public_id}/").json()

        assert one["owed"] == [{
            "kind": "resolve_page", "rank": 3, "role": "dri", "owner": "second@demo.example", "opens_at": at(50),
            "due_at": None, "open": True, "locked": False, "late": False, "rules": ["PAGE-9"],
            "about": {"kind": "page", "id": "Q00105"}, "ticket": "512105",
        }]  # fmt: skip

    def test_tells_the_oldest_entry_first_and_what_was_written(self, mira, troubles) -> None:
        timeline = mira.get(f"emergencies/{troubles['reviewing'].row.public_id}/").json()["timeline"]

        assert [entry["at"] for entry in timeline] == sorted(entry["at"] for entry in timeline)
        assert timeline[0].keys() == {"id", "kind", "at", "seen_at", "source", "actor", "text", "taken_back"}
        said = {entry["kind"]: entry["text"] for entry in timeline}
        assert said["internal_note"] == "It is full: 340 GB in one cruft pack."
        assert said["page_acknowledged"] == "Mira Okafor acknowledged the page, DRI from here"

    def test_names_the_entry_by_which_a_step_was_seen(self, mira, troubles) -> None:
        one = mira.get(f"emergencies/{troubles['working'].row.public_id}/").json()
        entries = {entry["id"]: entry["kind"] for entry in one["timeline"]}

        seen = {step["id"]: entries[step["evidence"]["entry"]] for step in one["steps"]}
        assert seen == {
            "acknowledge": "page_acknowledged", "first_public_reply": "public_reply", "resolve_page": "page_resolved",
        }  # fmt: skip
        assert {step["state"] for step in one["steps"]} == {"seen"}

    def test_that_rings_and_has_no_dri_is_proposed_to_nobody_known(self, mira, troubles) -> None:
        first = mira.get(f"emergencies/{troubles['rings'].row.public_id}/").json()["owed"][0]
        assert (first["kind"], first["role"], first["owner"], first["late"]) == ("acknowledge", "proposed", None, True)

    def test_that_went_into_another_leads_there(self, mira, troubles) -> None:
        younger, older = troubles["rings"].row, troubles["reviewing"].row
        assert mira.post(f"emergencies/{younger.public_id}/acts/join/", {"into": older.public_id}).status_code == 200

        answer = mira.get(f"emergencies/{younger.public_id}/?by=known")

        assert answer.status_code == 307
        assert answer.headers["Location"] == f"/api/v1/emergencies/{older.public_id}/?by=known"
        assert younger.public_id not in ids(mira.get("emergencies/"))


class TestAtAnEarlierTime:
    def test_it_is_as_it_was_known_then(self, mira, troubles) -> None:
        path = f"emergencies/{troubles['working'].row.public_id}/"
        then = mira.get(f"{path}?at={at(47)}").json()

        assert (then["stage"], then["pages"][0]["status"]) == ("reviewing", "acknowledged")
        assert [entry["kind"] for entry in then["timeline"]].count("public_reply") == 0
        assert then["as_of"] == {"pagerduty": None, "zendesk": None, "slack": None}

    def test_what_was_learned_late_was_not_known_then_but_had_happened(self, mira, troubles) -> None:
        path = f"emergencies/{troubles['working'].row.public_id}/"
        between = (ago(45) + timedelta(seconds=10)).isoformat().replace("+00:00", "Z")  # told 30 seconds later

        known = mira.get(f"{path}?at={between}").json()
        happened = mira.get(f"{path}?at={between}&by=happened").json()

        assert known["tickets"][0]["contact_at"] is None
        assert happened["tickets"][0]["contact_at"] == at(45)

    @pytest.mark.parametrize(
        ("query", "status", "field"),
        [
            pytest.param("?at=2026-07-14T10:00:00Z", 404, None, id="before anything was known"),
            pytest.param("?at=2026-07-14T10:00:00Z&by=happened", 404, None, id="before anything had happened"),
            pytest.param("?at=2026-07-14T18:00:00Z", 400, "at", id="still to come"),
            pytest.param("?at=yesterday", 400, "at", id="no time"),
            pytest.param("?at=2026-07-14T10:00:00", 400, "at", id="without a zone"),
            pytest.param("?at=1783000000", 400, "at", id="a number"),
            pytest.param("?at=0001-01-01T00:00:00%2B23:00", 400, "at", id="nobody's year"),
            pytest.param("?by=happened", 400, "at", id="happened by when"),
            pytest.param("?by=rumour", 400, "by", id="an unknown way"),
        ],
    )
    def test_a_time_that_cannot_be_told(self, mira, troubles, query, status, field) -> None:
        answer = mira.get(f"emergencies/{troubles['working'].row.public_id}/{query}")
        assert answer.status_code == status
        assert list(answer.json()["errors"]) == ([field] if field else [])


class TestTheList:
    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("", {"rings", "reviewing", "working", "waiting", "nobody_wrote", "closed"}),
            ("?open=true", {"rings", "reviewing", "working", "waiting", "nobody_wrote"}),
            ("?open=false", {"closed"}),
            ("?stage=waiting", {"waiting"}),
            ("?stage=waiting&dri=SECOND@demo.example", {"waiting"}),
            (f"?dri={MIRA}&open=true", {"reviewing", "working"}),
            ("?customer=corvid", {"working"}),
            ("?region=EMEA", set()),
            ("?region=US_GOV", set()),
            ("?q=cruft", {"reviewing"}),
            ("?q=!!!", set()),
            ("?incident=k3v9aaaaaaaa", set()),
            (f"?since={at(52)}&until={at(30)}", {"reviewing", "working"}),
        ],
    )
    def test_is_narrowed(self, mira, troubles, query, names) -> None:
        assert set(ids(mira.get(f"emergencies/{query}"))) == named(troubles, *names)

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("?stage=on_fire", "stage"), ("?open=perhaps", "open"), ("?region=MARS", "region"),
            ("?since=monday", "since"),
            ("?page_size=0", "page_size"), ("?page_size=201", "page_size"), ("?page_size=many", "page_size"),
            ("?colour=red", "colour"), ("?cursor=nonsense", "cursor"), ("?cursor=WzEsMl0", "cursor"),
            ("?stage=waiting&stage=closed", "stage"), ("?q=a%00b", "q"), ("?dri=" + "x" * 300, "dri"),
        ],
    )  # fmt: skip
    def test_what_it_does_not_know_is_400_and_named(self, mira, query, field) -> None:
        answer = mira.get(f"emergencies/{query}")
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == [field]
        assert field in answer.json()["detail"]

    def test_a_page_after_the_other_shows_each_once_whatever_comes_meanwhile(self, mira, troubles) -> None:
        whole = ids(mira.get("emergencies/"))
        first = mira.get("emergencies/?page_size=2&open=true").json()
        Trouble("Quill Press", 190).pages(1, "Everything is slow")
        shown, following = [one["id"] for one in first["results"]], first["next"]
        while following:
            assert "open=true" in following
            page = mira.get(following.removeprefix("http://testserver"))
            shown, following = shown + ids(page), page.json()["next"]

        assert shown == [id for id in whole if id not in named(troubles, "closed")]

    def test_what_has_no_time_comes_last_and_is_paged_too(self, mira, troubles) -> None:
        for number in range(3):
            Emergency.objects.create(public_id=opaque_id(f"timeless {number}"), klass="global")
        page, shown = mira.get("emergencies/?page_size=4").json(), []
        while True:
            shown += [one["id"] for one in page["results"]]
            if page["next"] is None:
                break
            page = mira.get(page["next"].removeprefix("http://testserver")).json()

        assert len(shown) == len(set(shown)) == 9
        assert set(shown[-3:]) == {opaque_id(f"timeless {number}") for number in range(3)}

    def test_makes_as_many_queries_for_fifty_as_for_one(self, mira) -> None:
        def asked() -> int:
            mira.get("me/next/")  # the use of the token is noted
            with CaptureQueriesContext(connection) as captured:
                assert mira.get("emergencies/?page_size=200").status_code == 200
            return len(captured)

        Trouble("One Customer", 300).pages(30, "Slow")
        one = asked()
        for number in range(301, 305):
            Trouble(f"Customer {number}", number).pages(20, "Slow").acknowledged(18)
        rows = [Emergency(public_id=opaque_id(f"row {n}"), klass="global", began_at=ago(n)) for n in range(45)]
        Emergency.objects.bulk_create(rows)

        assert asked() == one <= 12
        assert len(ids(mira.get("emergencies/?page_size=200"))) >= 50


class TestWhoSeesWhat:
    def test_us_gov_is_for_the_cleared(self, mira, sam, troubles) -> None:
        (gov,) = named(troubles, "gov")

        assert gov not in ids(mira.get("emergencies/"))
        assert gov in ids(sam.get("emergencies/"))
        assert sam.get(f"emergencies/{gov}/").json()["class"] == "us_gov"

    @pytest.mark.parametrize("act", ["", "acts/acknowledge/", "acts/note/"])
    def test_unseen_is_as_unknown(self, mira, troubles, act) -> None:
        (gov,) = named(troubles, "gov")
        ask = (lambda path: mira.post(path, {"text": "x"} if "note" in path else {})) if act else mira.get

        hidden, unknown = ask(f"emergencies/{gov}/{act}"), ask(f"emergencies/zzzzzzzzzzzz/{act}")

        assert (hidden.status_code, hidden.content) == (unknown.status_code, unknown.content)
        assert hidden.status_code == 404

    @pytest.mark.parametrize("query", ["?q=tides", "?region=US_GOV", "?customer=tides", "?dri=cleared@demo.example"])
    def test_no_filter_finds_it(self, mira, troubles, query) -> None:
        assert not named(troubles, "gov") & set(ids(mira.get(f"emergencies/{query}")))

    def test_that_us_gov_was_read_is_kept(self, mira, sam, troubles) -> None:
        (gov,) = named(troubles, "gov")
        looks = AccessLog.objects.filter(kind="looked", what="emergency")
        for path in (f"emergencies/{gov}/", "emergencies/"):
            mira.get(path)
            assert not looks.exists()
            sam.get(path)
            assert ("cleared@demo.example", gov) in looks.values_list("email", "public_id")
            looks.delete()

    def test_clearance_counts_as_it_is_at_the_request(self, sam, troubles, person_of) -> None:
        (gov,) = named(troubles, "gov")
        assert sam.get(f"emergencies/{gov}/").status_code == 200
        person = person_of("cleared")
        person.us_gov_cleared = False
        person.save()
        assert sam.get(f"emergencies/{gov}/").status_code == 404


class TestMyNextStep:
    def test_is_the_first_of_all_that_is_owed(self, mira, troubles) -> None:
        answer = mira.get("me/next/").json()

        assert answer.keys() == {"owed", "emergency"}
        assert answer["emergency"]["id"] in named(troubles, "rings")
        assert answer["emergency"].keys() == {"id", "customer", "stage"}
        assert answer["owed"]["kind"] == "acknowledge"

    def test_is_null_where_nothing_is_owed(self, caller_of, troubles) -> None:
        answer = caller_of("shadow").get("me/next/")
        assert (answer.status_code, answer.json()) == (200, None)


class TestConditionalRequests:
    def test_what_is_the_same_is_not_sent_again(self, mira, troubles) -> None:
        first = mira.get("emergencies/")
        again = mira.get("emergencies/", If_None_Match=first.headers["ETag"])

        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
        assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "private, no-cache"
        assert "Authorization" in first.headers["Vary"]

    def test_what_changed_is_sent(self, mira, troubles) -> None:
        first = mira.get("emergencies/")
        troubles["working"].replied(1)
        assert mira.get("emergencies/", If_None_Match=first.headers["ETag"]).status_code == 200

    def test_a_tag_of_another_reader_never_fits(self, mira, sam, caller_of, troubles) -> None:
        path = f"emergencies/{troubles['working'].row.public_id}/"
        tags = {one.get(path).headers["ETag"] for one in (mira, sam, caller_of("manager"), caller_of("second"))}
        assert len(tags) == 4
