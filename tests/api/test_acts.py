"""Acts in the API: each act of a page, through the same action and capability, with the same refusals."""

from __future__ import annotations

import pytest

from ceoc.outbox.models import Command
from emergencies.api.acts import ACTS
from emergencies.models import Emergency, Subject
from tests.access.routes import routes
from tests.emergencies.world import Trouble, by_hand, off_hours

PAGES_ALONE = {"here", "looked", "draft", "reply"}
"""What is one's own on a page, and the composer: it is three acts here, one for each audience."""

REPLIES = {"public_reply", "internal_note", "thread_reply"}


def path(trouble: Trouble, act: str) -> str:
    return f"emergencies/{trouble.row.public_id}/acts/{act}/"


def test_every_act_of_the_page_has_one_here() -> None:
    pages = {
        route.name.replace("-", "_") for route in routes() if route.pattern.startswith("emergencies/<slug:public_id>/")
    }
    presses = pages - {"emergency", "own_composer", "own_dialogs"} - PAGES_ALONE
    assert {act.name for act in ACTS} == presses | REPLIES


class TestAnswers:
    def test_what_a_vendor_must_confirm_is_202_with_the_emergency(self, mira, halden) -> None:
        answer = mira.post(path(halden, "acknowledge"))

        assert (answer.status_code, answer.json()["id"]) == (202, halden.row.public_id)
        command = Command.objects.get()
        assert (command.kind, command.by, command.object) == ("acknowledge", "engineer@demo.example", halden.page.key)

    def test_what_is_done_at_once_is_200_with_the_emergency(self, mira, halden) -> None:
        answer = mira.post(path(halden, "note"), {"text": "They use LDAP."})

        assert answer.status_code == 200
        assert answer.json()["timeline"][-1]["text"] == "They use LDAP."

    def test_a_refusal_is_409_with_its_sentence(self, mira, halden) -> None:
        halden.acknowledged(2)
        answer = mira.post(path(halden, "resolve"), {"page": "Q00001"})

        assert answer.status_code == 409
        assert answer.json()["detail"].startswith("Nobody has written to the customer yet.")
        assert not Command.objects.exists()

    @pytest.mark.parametrize(
        ("act", "body", "field"),
        [
            ("note", {}, "text"), ("note", {"text": 7}, "text"), ("note", {"text": "x", "colour": "red"}, "colour"),
            ("note", {"text": "a\0b"}, "text"), ("public_reply", {"text": "x", "turn": "ours"}, "turn"),
            ("call", {"text": "Please"}, "to"), ("join", {"into": "zzzzzzzzzzzz"}, "into"), ("take_over", {}, "why"),
            ("link", {"kind": "customer", "id": "1"}, "kind"), ("acknowledge", {"page": "QOTHER"}, "page"),
            ("internal_note", {"text": "x", "ticket": "1"}, "ticket"),
        ],
    )  # fmt: skip
    def test_a_wrong_field_is_400_and_named(self, mira, halden, act, body, field) -> None:
        answer = mira.post(path(halden, act), body)
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == [field]
        assert not Command.objects.exists()

    def test_two_pages_are_choices(self, mira, halden) -> None:
        other = Trouble("Halden Bank", 2).pages(2, "It is still down")
        joined = mira.post(path(halden, "link"), {"kind": "page", "id": "Q00002"})
        assert joined.status_code == 200, joined.content

        unsaid = mira.post(path(halden, "acknowledge"))
        said = mira.post(path(halden, "acknowledge"), {"page": "Q00002"})

        assert (unsaid.status_code, list(unsaid.json()["errors"])) == (400, ["page"])
        assert "Q00001, Q00002" in unsaid.json()["detail"]
        assert said.status_code == 202
        assert Command.objects.get().object == other.page.key


class TestEachAct:
    @pytest.mark.parametrize(
        ("act", "body", "command"),
        [
            ("page_note", {"text": "Seen."}, "page_note"),
            ("call", {"to": "second@demo.example", "text": "Please help"}, "call_colleague"),
            ("public_reply", {"text": "We are here.", "turn": "theirs"}, "public_reply"),
            ("internal_note", {"text": "Look at Gitaly"}, "internal_note"),
            ("thread_reply", {"text": "Anybody?"}, "slack_post"),
            ("ring_again", {}, "ring_again"),
        ],
    )
    def test_that_goes_to_a_vendor(self, mira, halden, act, body, command) -> None:
        halden.acknowledged(2)
        answer = mira.post(path(halden, act), body)
        assert answer.status_code == 202, answer.content
        assert Command.objects.get().kind == command

    def test_a_contacted_page_is_resolved(self, mira, halden) -> None:
        halden.acknowledged(2).replied(1)
        assert mira.post(path(halden, "resolve")).status_code == 202

    def test_a_manager_says_why_all_the_same(self, caller_of, halden) -> None:
        halden.acknowledged(2)
        body = {"although": "They called us; it was a test."}
        assert caller_of("manager").post(path(halden, "resolve"), body).status_code == 202
        assert Command.objects.get().although == body["although"]

    def test_take_over_and_take_back(self, mira, caller_of, halden) -> None:
        halden.acknowledged(2)
        taken = caller_of("second").post(path(halden, "take_over"), {"why": "Mira is on another one."}).json()
        assert taken["dri"] == "second@demo.example"

        (entry,) = [one["id"] for one in taken["timeline"] if one["kind"] == "dri_changed"]
        refused = mira.post(path(halden, "retract"), {"entry": entry})
        back = caller_of("second").post(path(halden, "retract"), {"entry": entry, "why": "No"}).json()

        assert refused.status_code == 409
        assert back["dri"] == "engineer@demo.example"
        assert next(one for one in back["timeline"] if one["id"] == entry)["taken_back"] is True

    def test_an_automatic_reply_is_said_to_be_one(self, mira, halden) -> None:
        halden.acknowledged(2).replied(1.5).answered(1)
        one = mira.get(f"emergencies/{halden.row.public_id}/").json()
        (entry,) = [each["id"] for each in one["timeline"] if each["kind"] == "customer_reply"]
        assert one["stage"] == "working"
        assert mira.post(path(halden, "automatic"), {"entry": entry}).json()["stage"] == "waiting"

    def test_link_unlink_and_split(self, mira, halden) -> None:
        other = Trouble("Quill Press", 2).pages(2, "Slow")
        linked = mira.post(path(halden, "link"), {"kind": "ticket", "id": "512002", "why": "the same"}).json()
        assert {ticket["id"] for ticket in linked["tickets"]} == {"512001", "512002"}

        apart = mira.post(path(halden, "unlink"), {"kind": "ticket", "id": "512002"}).json()
        assert {ticket["id"] for ticket in apart["tickets"]} == {"512001"}
        split = mira.post(path(halden, "split"), {"kind": "page", "id": "Q00001"})
        assert split.status_code == 200, split.content
        assert other.row.public_id

    def test_join_answers_the_one_that_stands(self, mira, halden) -> None:
        younger = Trouble("Halden Bank", 2).pages(1, "It is still down")
        answer = mira.post(path(younger, "join"), {"into": halden.row.public_id})
        assert answer.json()["id"] == halden.row.public_id

    def test_dismiss(self, mira, halden) -> None:
        answer = mira.post(path(halden, "dismiss"), {"why": "A test"})
        assert answer.status_code == 409
        assert answer.json()["detail"].startswith("A ticket is tied")


class TestWhoMay:
    def test_a_shadows_token_reads_only(self, caller_of, halden) -> None:
        shadow = caller_of("shadow")
        assert shadow.get(f"emergencies/{halden.row.public_id}/").status_code == 200
        for act in ACTS:
            assert shadow.post(path(halden, act.name)).status_code == 403, act.name
        assert not Command.objects.exists()

    def test_a_token_that_only_reads_acts_nowhere(self, caller_of, halden) -> None:
        answer = caller_of("engineer", "read").post(path(halden, "acknowledge"))
        assert answer.status_code == 403
        assert answer.json()["detail"] == "The token has no scope act; it has: read."
        assert 'error="insufficient_scope", scope="act"' in answer.headers["WWW-Authenticate"]

    def test_us_gov_is_worked_by_the_cleared(self, mira, sam, halden) -> None:
        gov = off_hours(9)
        assert mira.post(path(gov, "acknowledge")).status_code == 404
        assert sam.post(path(gov, "acknowledge")).status_code == 202


class TestTheTray:
    def test_is_listed_and_tied(self, mira) -> None:
        by_hand()
        assert [page["id"] for page in mira.get("tray/").json()["results"]] == ["QHAND"]

        answer = mira.post("tray/QHAND/acts/tie/", {"ticket": "512999"})

        assert (answer.status_code, [page["id"] for page in answer.json()["pages"]]) == (200, ["QHAND"])
        assert Emergency.objects.count() == 1
        assert mira.get("tray/").json()["results"] == []

    def test_is_put_aside_with_a_reason(self, mira) -> None:
        page = by_hand()
        assert mira.post("tray/QHAND/acts/put_aside/", {"why": " "}).status_code == 409
        assert mira.post("tray/QHAND/acts/put_aside/", {"why": "It calls Lena"}).json()["id"] == "QHAND"
        assert not Subject.objects.get(key=page.key).waiting

    def test_of_us_gov_is_unknown(self, mira, sam) -> None:
        by_hand("QGOV", "us_gov")
        hidden = mira.post("tray/QGOV/acts/put_aside/", {"why": "No"})
        unknown = mira.post("tray/QNONE/acts/put_aside/", {"why": "No"})
        assert (hidden.status_code, hidden.content) == (404, unknown.content)
        assert mira.get("tray/").json()["results"] == []
        assert sam.get("tray/").json()["results"][0]["class"] == "us_gov"
