"""Break-glass codes: printed once, good once, for one person, for one shift; every use is loud."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ceoc.access import clearance
from ceoc.access.breakglass import codes
from ceoc.access.models import AccessLog, Attempts, Code, CodeSet, Person
from ceoc.clock import wall

pytestmark = pytest.mark.django_db

ENGINEER, CLEARED = "engineer@demo.example", "cleared@demo.example"


@pytest.fixture
def printed(person_of) -> codes.Printed:
    """Mira's sheet."""
    person_of("engineer")
    return codes.make(ENGINEER, by="admin@demo.example", cleared=True, now=wall())


def use(client: Client, code: str, email: str = ENGINEER, **more: str):
    return client.post("/sign-in/code/", {"email": email, "code": code, **more})


def is_signed_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def kinds() -> list[str]:
    return list(AccessLog.objects.order_by("id").values_list("kind", flat=True))


class TestComingIn:
    """A code opens once."""

    def test_the_right_code_signs_in_and_goes_on(self, stranger, printed) -> None:
        answer = use(stranger, printed.codes[0], next="/closed/")

        assert (answer.status_code, answer.headers["Location"]) == (302, "/closed/")
        page = stranger.get("/").content.decode()
        assert "You came in by a break-glass code" in page
        assert "You have 5 codes left." in page

    def test_it_is_written_loudly_with_a_kind_of_its_own(self, stranger, printed, caplog) -> None:
        use(stranger, printed.codes[0])

        line = AccessLog.objects.get(kind="broke_glass")
        assert (line.email, line.klass, line.address) == (ENGINEER, "global", "127.0.0.1")
        assert "5 codes are left" in line.reason
        assert [record.levelname for record in caplog.records if "break_glass.used" in str(record.msg)] == ["ERROR"]
        assert "signed_in" not in kinds()

    @pytest.mark.parametrize(
        "typed", [str.upper, lambda code: code.replace("-", ""), lambda code: f"  {code.replace('-', ' ')} "]
    )
    def test_dashes_blanks_and_capitals_do_not_matter(self, stranger, printed, typed) -> None:
        assert use(stranger, typed(printed.codes[0]), email=" Engineer@Demo.example ").status_code == 302

    def test_letters_that_look_alike_are_taken(self, stranger, person_of, monkeypatch) -> None:
        monkeypatch.setattr(codes, "_new", iter([f"0101-0101-0101-010{n}" for n in range(6)]).__next__)
        person_of("engineer")
        codes.make(ENGINEER, by="x", cleared=True, now=wall())

        assert use(stranger, "OlOi-oIOL-0101-0100").status_code == 302

    def test_a_code_works_once(self, stranger, printed) -> None:
        use(stranger, printed.codes[0])
        again = Client()

        assert use(again, printed.codes[0]).status_code == 403
        assert not is_signed_in(again)
        assert use(again, printed.codes[1]).status_code == 302

    def test_the_last_code_says_so(self, stranger, printed) -> None:
        for code in printed.codes:
            use(stranger, code)

        assert "It was your last code" in stranger.get("/").content.decode()

    @pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_one_is_never_sent_elsewhere(self, stranger, printed, wanted: str) -> None:
        assert use(stranger, printed.codes[0], next=wanted).headers["Location"] == "/"

    def test_the_session_ends_nine_hours_later_however_much_it_is_used(self, stranger, printed) -> None:
        with time_machine.travel(wall(), tick=False) as moved:
            use(stranger, printed.codes[0])
            for _ in range(8):
                moved.shift(timedelta(hours=1, minutes=7))
                assert is_signed_in(stranger)
            moved.shift(timedelta(minutes=5))
            assert not is_signed_in(stranger)

    def test_the_session_is_a_new_one_with_nothing_of_before(self, engineer, printed) -> None:
        session = engineer.session
        session["left"] = "behind"
        session.save()
        use(engineer, printed.codes[0])

        assert engineer.session.session_key != session.session_key
        assert "left" not in engineer.session


class TestWrong:
    """One answer for whatever is wrong."""

    def test_unknown_e_mail_wrong_code_used_code_and_somebody_elses_answer_alike(self, printed, person_of) -> None:
        person_of("second")
        use(Client(), printed.codes[0])
        tries = [
            (ENGINEER, "7k3m-9qx2-hd0v-w5te"),
            (ENGINEER, printed.codes[0]),
            ("nobody@demo.example", printed.codes[1]),
            ("second@demo.example", printed.codes[1]),
            (ENGINEER, ""),
            ("\0", "\0"),
        ]
        answers = [use(Client(), code, email=email) for email, code in tries]

        assert {answer.status_code for answer in answers} == {403}
        pages = {re.sub(r'(value|content)="[^"]*"', "", answer.content.decode()) for answer in answers}
        assert len(pages) == 1
        assert kinds()[-6:] == ["not_let_in"] * 6

    def test_all_of_them_ask_the_same_of_the_database(self, printed) -> None:
        asked = []
        for email, code in (("nobody@demo.example", "x"), (ENGINEER, "x"), (ENGINEER, printed.codes[0][:-1])):
            with CaptureQueriesContext(connection) as captured:
                codes.take(email, code, now=wall())
            asked.append([re.sub(r"'[0-9a-f]{64}'", "?", query["sql"])[:500] for query in captured.captured_queries])

        shapes = [[re.sub(r"'[^']*'|\"s\d+_x\d+\"", "?", sql) for sql in one] for one in asked]
        assert shapes[0] == shapes[1] == shapes[2]

    def test_codes_of_a_deactivated_person_open_nothing(self, stranger, printed) -> None:
        Person.objects.update(is_active=False)

        assert use(stranger, printed.codes[0]).status_code == 403

    def test_codes_end_after_half_a_year(self, stranger, printed) -> None:
        with time_machine.travel(wall() + codes.LAST + timedelta(seconds=1), tick=False):
            assert use(stranger, printed.codes[0]).status_code == 403

    def test_a_new_set_ends_the_old_one(self, stranger, printed) -> None:
        codes.make(ENGINEER, by="x", cleared=True, now=wall())

        assert use(stranger, printed.codes[0]).status_code == 403
        assert CodeSet.objects.filter(ended_at=None).count() == 1

    def test_ten_wrong_tries_close_the_door_for_a_quarter_of_an_hour(self, printed) -> None:
        with time_machine.travel("2026-11-25 01:00:30+00:00", tick=False) as moved:
            CodeSet.objects.update(expires_at=wall() + timedelta(days=1))
            for _ in range(10):
                assert use(Client(), "wrong").status_code == 403
            closed = use(Client(), printed.codes[0])
            assert closed.status_code == 429
            assert "Wait a quarter of an hour" in closed.content.decode()
            assert Code.objects.filter(used_at=None).count() == 6
            moved.shift(timedelta(minutes=15))
            assert use(Client(), printed.codes[0]).status_code == 302

    def test_so_do_thirty_from_one_address_whomever_they_name(self, printed) -> None:
        with time_machine.travel("2026-11-25 01:00:30+00:00", tick=False):
            CodeSet.objects.update(expires_at=wall() + timedelta(days=1))
            for number in range(30):
                assert use(Client(), "wrong", email=f"{number}@demo.example").status_code == 403
            assert use(Client(), printed.codes[0]).status_code == 429
            other = Client(REMOTE_ADDR="127.0.0.2")
            assert use(other, printed.codes[0]).status_code == 302

    def test_right_codes_do_not_count(self, printed, person_of) -> None:
        with time_machine.travel("2026-11-25 01:00:30+00:00", tick=False):
            CodeSet.objects.update(expires_at=wall() + timedelta(days=1))
            for code in printed.codes:
                use(Client(), code)
            assert set(Attempts.objects.values_list("tries", flat=True)) == {0}

    def test_what_was_typed_is_not_kept_among_the_counts(self, stranger, printed) -> None:
        use(stranger, "wrong")

        assert all(re.fullmatch("[0-9a-f]{64}", key) for key in Attempts.objects.values_list("key", flat=True))

    def test_old_counts_are_removed(self, stranger, printed) -> None:
        use(stranger, "wrong")
        with time_machine.travel(wall() + timedelta(days=2), tick=False):
            use(stranger, "wrong", email="other@demo.example")

        assert Attempts.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_requests_at_once_with_one_code_one_comes_in(person_of) -> None:
    person_of("engineer")
    printed = codes.make(ENGINEER, by="x", cleared=True, now=wall())
    together, answers = threading.Barrier(4), []

    def come() -> None:
        client = Client()
        together.wait(10)
        answers.append(use(client, printed.codes[0]).status_code)
        connections.close_all()

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(answers) == [302, 403, 403, 403]
    assert AccessLog.objects.filter(kind="broke_glass").count() == 1


def test_without_redis_the_limits_hold_and_the_door_opens(stranger, printed, settings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    for _ in range(10):
        use(Client(), "wrong", email="nobody@demo.example")

    assert use(Client(), "wrong", email="nobody@demo.example").status_code == 429
    assert use(stranger, printed.codes[0]).status_code == 302


class TestPrinting:
    """The administrators' page."""

    def test_codes_are_shown_once_and_kept_as_hashes(self, admin, person_of) -> None:
        person_of("engineer")
        page = admin.post("/break-glass/print/", {"email": ENGINEER}).content.decode()
        shown = re.findall(r'<code class="code">([0-9a-z-]{19})</code>', page)

        assert len(set(shown)) == 6
        kept = "\n".join(Code.objects.values_list("digest", flat=True))
        again = admin.get("/break-glass/").content.decode()
        assert not [code for code in shown if code in kept or code in again]
        assert use(Client(), shown[3]).status_code == 302

    def test_the_answer_is_kept_nowhere(self, admin, person_of) -> None:
        person_of("engineer")

        assert admin.post("/break-glass/print/", {"email": ENGINEER}).headers["Cache-Control"] == "no-store"

    def test_it_is_audited(self, admin, person_of) -> None:
        person_of("engineer")
        admin.post("/break-glass/print/", {"email": ENGINEER})

        line = AccessLog.objects.get(kind="codes_made")
        assert (line.email, line.by, line.klass) == (ENGINEER, "admin@demo.example", "global")

    def test_the_page_says_who_has_how_many_left(self, admin, printed) -> None:
        use(Client(), printed.codes[0])
        page = admin.get("/break-glass/").content.decode()

        assert "Mira Okafor" in page
        assert re.search(r"</svg>5</span>", page)
        assert "None left" not in page

    def test_an_empty_page_says_what_to_do(self, admin) -> None:
        assert "Nobody has codes yet" in admin.get("/break-glass/").content.decode()

    def test_the_number_of_queries_does_not_grow(self, admin) -> None:
        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                admin.get("/break-glass/")
            return len(captured)

        def printed_for(number: int) -> None:
            email = f"e{number}@demo.example"
            Person.objects.welcome(email, name=f"Engineer {number}", role="engineer")
            codes.make(email, by=f"a{number}@demo.example", cleared=True, now=wall())

        printed_for(0)
        asked()  # the first request prolongs the session
        one = asked()
        for number in range(1, 30):
            printed_for(number)
        assert asked() == one

    def test_revoking_ends_codes_and_the_sessions_that_they_began(self, admin, engineer, printed) -> None:
        by_code = Client()
        use(by_code, printed.codes[0])
        answer = admin.post(f"/break-glass/{CodeSet.objects.get().public_id}/revoke/", follow=True)

        assert "count no more" in answer.content.decode()
        assert (is_signed_in(by_code), is_signed_in(engineer)) == (False, True)
        assert use(Client(), printed.codes[1]).status_code == 403
        assert kinds()[-2:] == ["codes_ended", "not_let_in"]

    def test_revoking_twice_or_what_is_not_there_is_not_found(self, admin, printed) -> None:
        address = f"/break-glass/{CodeSet.objects.get().public_id}/revoke/"

        assert [admin.post(address).status_code, admin.post(address).status_code] == [302, 404]
        assert admin.post("/break-glass/aaaaaaaaaaaa/revoke/").status_code == 404

    @pytest.mark.parametrize("email", ["", "nobody@demo.example", "\0"])
    def test_for_nobody_none_are_printed(self, admin, email: str) -> None:
        answer = admin.post("/break-glass/print/", {"email": email}, follow=True)

        assert "Nobody active has the e-mail" in answer.content.decode()
        assert not CodeSet.objects.exists()


class TestClearance:
    """Codes are no way round a clearance."""

    def test_an_uncleared_administrator_prints_none_for_somebody_cleared(self, boss, person_of) -> None:
        person_of("cleared")
        answer = boss.post("/break-glass/print/", {"email": CLEARED}, follow=True)

        assert "Only somebody who is cleared" in answer.content.decode()
        assert not CodeSet.objects.exists()

    def test_a_clearance_ends_codes_that_somebody_uncleared_printed_before(self, boss, person_of) -> None:
        person_of("engineer")
        boss.post("/break-glass/print/", {"email": ENGINEER})
        clearance.grant(ENGINEER)

        assert not CodeSet.objects.filter(ended_at=None).exists()
        assert "codes_ended" in kinds()

    def test_codes_that_a_cleared_administrator_printed_stand(self, admin, person_of) -> None:
        person_of("engineer")
        admin.post("/break-glass/print/", {"email": ENGINEER})
        clearance.grant(ENGINEER, by="admin@demo.example")

        assert CodeSet.objects.filter(ended_at=None).exists()


class TestAtTheMachine:
    """`manage.py break_glass EMAIL`."""

    def say(self, *arguments: str) -> str:
        said = StringIO()
        call_command("break_glass", *arguments, stdout=said)
        return said.getvalue()

    def test_it_prints_codes_that_open(self, person_of) -> None:
        person_of("cleared")
        said = self.say(CLEARED)
        shown = re.findall(r"^  ([0-9a-z-]{19})$", said, re.MULTILINE)

        assert len(shown) == 6
        assert use(Client(), shown[0], email=CLEARED).status_code == 302
        assert AccessLog.objects.get(kind="codes_made").by == "manage.py break_glass"

    def test_it_revokes(self, printed) -> None:
        assert "count no more" in self.say(ENGINEER, "--revoke")
        with pytest.raises(CommandError, match="There are no codes"):
            self.say(ENGINEER, "--revoke")

    def test_it_says_who_is_unknown(self, db) -> None:
        with pytest.raises(CommandError, match="Nobody active"):
            self.say("nobody@demo.example")
