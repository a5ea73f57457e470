"""Tokens: hashed, scoped, expiring, revocable, judged at each request with the rights of that moment."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.test import Client

from ceoc import clock
from ceoc.access import bearer, tokens
from ceoc.access.models import AccessLog, ApiToken, Person
from ceoc.inbox.refusals import Limit
from tests.emergencies.world import NOW

pytestmark = pytest.mark.django_db

READ = "/api/v1/commands/"


@pytest.fixture(autouse=True)
def stopped() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def mira(person_of: Callable[[str], Person]) -> Person:
    return person_of("engineer")


def made(person: Person, *scopes: str, days: int = 7, name: str = "a test") -> str:
    wish = tokens.Wish(name=name, scopes=tuple(scopes or ("read", "act")), days=days)
    return tokens.make(person, wish, by=person.email, wall=clock.wall())[0]


def ask(token: str, path: str = READ, **headers: str) -> HttpResponse:
    return Client().get(path, headers={"Authorization": f"Bearer {token}"} | headers)


def detail(answer: HttpResponse) -> str:
    return answer.json()["detail"]


class TestKeeping:
    def test_only_a_digest_is_kept(self, mira) -> None:
        text = made(mira)
        row = ApiToken.objects.values().get()

        assert text.startswith("ceoc_")
        assert len(text) > 40
        assert text not in str(row)
        assert row["ending"] == text[-4:]

    def test_two_are_never_the_same(self, mira) -> None:
        assert len({made(mira) for _ in range(5)}) == 5

    @pytest.mark.parametrize(
        ("wish", "sentence"),
        [
            ({"name": "  "}, "Say in a word"), ({"scopes": ()}, "Choose what"),
            ({"scopes": ("everything",)}, "Choose what"),
            ({"days": 0}, "A token lasts"), ({"days": 367}, "A token lasts"),
        ],
    )  # fmt: skip
    def test_a_wish_that_cannot_be(self, mira, wish, sentence) -> None:
        known = {"name": "x", "scopes": ("read",), "days": 7}
        with pytest.raises(tokens.Refused, match=sentence):
            tokens.make(mira, tokens.Wish(**known | wish), by="x", wall=clock.wall())

    def test_nobody_has_too_many(self, mira) -> None:
        for _ in range(tokens.MOST):
            made(mira)
        with pytest.raises(tokens.Refused, match="Revoke one"):
            made(mira)


class TestAdmission:
    def test_a_good_one_opens(self, mira) -> None:
        assert ask(made(mira)).status_code == 200

    @pytest.mark.parametrize("sent", [None, "", "Basic eDp5", "Bearer "])
    def test_none_is_401_and_says_what_to_send(self, sent) -> None:
        answer = Client().get(READ, headers={} if sent is None else {"Authorization": sent})
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="ceoc"')
        assert detail(answer).startswith("Send a token")
        assert answer.headers["Content-Type"] == "application/problem+json"

    def test_an_unknown_one_is_401(self) -> None:
        answer = ask("ceoc_" + "x" * 43)
        assert (answer.status_code, detail(answer)) == (401, "The token is unknown.")
        assert 'error="invalid_token", error_description="The token is unknown."' in answer.headers["WWW-Authenticate"]

    def test_an_expired_one_is_401_from_its_last_second_on(self, mira, stopped) -> None:
        token = made(mira, days=1)
        stopped.move_to(NOW + timedelta(days=1, seconds=-1))
        assert ask(token).status_code == 200
        stopped.move_to(NOW + timedelta(days=1))
        assert (ask(token).status_code, detail(ask(token))) == (401, "The token has expired.")

    def test_a_revoked_one_is_401_at_once(self, mira, viewer_of_role) -> None:
        token = made(mira)
        tokens.revoke(ApiToken.objects.get().public_id, by=viewer_of_role("engineer"), wall=clock.wall())
        assert (ask(token).status_code, detail(ask(token))) == (401, "The token was revoked.")

    def test_that_of_somebody_who_left_is_401(self, mira) -> None:
        token = made(mira)
        Person.objects.filter(pk=mira.pk).update(is_active=False)
        assert (ask(token).status_code, detail(ask(token))) == (401, "The owner of the token has left.")

    def test_a_wrong_scope_is_403_with_the_reason_and_a_line_of_the_audit(self, mira) -> None:
        answer = ask(made(mira, "act"))
        assert (answer.status_code, detail(answer)) == (403, "The token has no scope read; it has: act.")
        line = AccessLog.objects.get(kind="refused")
        assert (line.email, line.path, line.klass) == (mira.email, READ, "us_gov")

    def test_a_role_that_ended_counts_at_once(self, mira) -> None:
        token = made(mira)
        mira.groups.clear()
        answer = ask(token)
        assert (answer.status_code, detail(answer)[:16]) == (403, "Your role (none)")

    def test_a_session_opens_nothing(self, engineer) -> None:
        assert engineer.get(READ).status_code == 401
        assert engineer.post("/api/v1/commands/x/acts/retry/").status_code == 401

    def test_it_costs_two_queries(self, mira, django_assert_num_queries) -> None:
        token = made(mira)
        tokens.admitted(token, clock.wall())
        with django_assert_num_queries(2):
            tokens.admitted(token, clock.wall())

    def test_a_method_that_is_none_is_405_whoever_asks(self, mira) -> None:
        for client_headers in ({}, {"Authorization": f"Bearer {made(mira)}"}):
            answer = Client().delete(READ, headers=client_headers)
            assert (answer.status_code, answer.headers["Allow"]) == (405, "GET")

    def test_who_goes_on_trying_is_slowed_down(self, monkeypatch, mira) -> None:
        monkeypatch.setattr(bearer, "limit", Limit(3))
        assert [ask("ceoc_wrong").status_code for _ in range(5)] == [401, 401, 401, 429, 429]
        assert ask("ceoc_wrong").headers["Retry-After"] == "60"
        assert ask(made(mira)).status_code == 200


class TestLastUse:
    def test_is_written_once_a_minute(self, mira, stopped) -> None:
        token = made(mira)

        def used() -> object:
            ask(token)
            return ApiToken.objects.get().last_used_at

        assert used() == NOW
        stopped.move_to(NOW + timedelta(seconds=59))
        assert used() == NOW
        stopped.move_to(NOW + timedelta(seconds=60))
        assert used() == NOW + timedelta(seconds=60)


class TestRevoking:
    def test_one_of_others_is_as_unknown(self, mira, viewer_of_role) -> None:
        made(mira)
        with pytest.raises(ApiToken.DoesNotExist):
            tokens.revoke(ApiToken.objects.get().public_id, by=viewer_of_role("manager"), wall=clock.wall())

    def test_an_administrator_revokes_anybodys(self, mira, viewer_of_role) -> None:
        made(mira)
        row = tokens.revoke(ApiToken.objects.get().public_id, by=viewer_of_role("admin"), wall=clock.wall())
        row.refresh_from_db()
        assert (row.revoked_at, row.revoked_by) == (NOW, "admin@demo.example")


class TestTheCommand:
    def run(self, *arguments: str) -> tuple[str, str]:
        out, beside = io.StringIO(), io.StringIO()
        call_command("api_token", *arguments, stdout=out, stderr=beside)
        return out.getvalue().strip(), beside.getvalue()

    def test_prints_the_token_alone(self, mira) -> None:
        token, beside = self.run(mira.email)
        assert ask(token).status_code == 200
        assert beside.startswith("Mira Okafor: read, act, until 12 October 2026.")

    @pytest.mark.parametrize(
        ("persona", "scopes"),
        [("shadow", ["read"]), ("manager", ["read", "act"]), ("admin", ["read", "act", "administer", "metrics"])],
    )
    def test_knows_the_personas_and_gives_what_is_of_use(self, persona, scopes) -> None:
        assert self.run(f"{persona}@demo.example")[0]
        assert ApiToken.objects.get().scopes == scopes

    def test_takes_scopes_and_days(self, mira) -> None:
        self.run(mira.email, "--scopes", "metrics,read", "--days", "1", "--name", "Prometheus")
        row = ApiToken.objects.get()
        assert (row.scopes, row.expires_at - row.made_at, row.name) == (
            ["read", "metrics"],
            timedelta(days=1),
            "Prometheus",
        )

    @pytest.mark.parametrize(
        "arguments",
        [
            ("nobody@demo.example",),
            ("engineer@demo.example", "--scopes", "all"),
            ("engineer@demo.example", "--days", "9999"),
        ],
    )
    def test_says_why_not(self, arguments) -> None:
        with pytest.raises(CommandError):
            self.run(*arguments)


class TestThePage:
    WISH = {"name": "the wall screen", "scope": ["read"], "days": "30"}

    def test_shows_a_new_one_this_once(self, engineer) -> None:
        answer = engineer.post("/tokens/make/", self.WISH)
        text = answer.context["made"]

        assert text in answer.content.decode()
        assert answer.headers["Cache-Control"] == "no-store"
        assert ask(text).status_code == 200
        again = engineer.get("/tokens/").content.decode()
        assert text not in again
        assert "the wall screen" in again

    def test_says_why_not(self, engineer) -> None:
        answer = engineer.post("/tokens/make/", self.WISH | {"scope": []})
        assert answer.status_code == 409
        assert "Choose what the token may be used for" in answer.content.decode()
        assert not ApiToken.objects.exists()

    def test_a_shadow_makes_and_revokes_its_own(self, shadow) -> None:
        text = shadow.post("/tokens/make/", self.WISH).context["made"]
        assert ask(text).status_code == 200
        shadow.post(f"/tokens/{ApiToken.objects.get().public_id}/revoke/")
        assert ask(text).status_code == 401

    def test_others_see_and_revoke_none_of_it(self, engineer, manager, mira) -> None:
        made(mira, name="Mira's own")
        assert "Mira&#x27;s own" not in manager.get("/tokens/").content.decode()
        assert manager.post(f"/tokens/{ApiToken.objects.get().public_id}/revoke/").status_code == 404
        assert ApiToken.objects.get().revoked_at is None

    def test_an_administrator_sees_and_revokes_everybodys(self, admin, mira) -> None:
        token = made(mira, name="Mira's own")
        assert "Mira&#x27;s own" in admin.get("/tokens/").content.decode()
        assert admin.post(f"/tokens/{ApiToken.objects.get().public_id}/revoke/").status_code == 302
        assert ask(token).status_code == 401
        twice = admin.post(f"/tokens/{ApiToken.objects.get().public_id}/revoke/", follow=True)
        assert "revoked already" in twice.content.decode()

    def test_makes_as_many_queries_for_many_as_for_one(self, admin, mira, django_assert_max_num_queries) -> None:
        for number in range(tokens.MOST):
            made(mira, name=f"number {number}")
        with django_assert_max_num_queries(9):
            admin.get("/tokens/")

    def test_says_what_to_do_where_there_is_none(self, engineer) -> None:
        assert "You have no token" in engineer.get("/tokens/").content.decode()
