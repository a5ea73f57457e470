"""Signing in by a real OpenID provider over real HTTP: who comes in, as what, and each way in which one does not."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client

from ceoc.access import clearance, sessions
from ceoc.access.models import AccessLog, Person
from ceoc.access.oidc import follow, known
from ceoc.access.viewer import viewer_of
from ceoc.clock import wall
from ceoc.ops.apps import secrets_of_settings
from tests.access.provider import GOV_GROUP, STRANGERS_KEY, Provider, running

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")]

MIRA = "mira@example.com"
ENGINEERS = ["support-engineers", "everybody"]


@pytest.fixture(scope="module")
def started() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def provider(started, settings) -> Iterator[Provider]:
    """The provider, honest and well, with Mira; the dashboard uses it."""
    started.lies = started.signs_with = None
    started.broken, started.asked = {}, []
    started.knows("mira", email=MIRA, name="Mira Okafor", groups=ENGINEERS, zoneinfo="America/New_York")
    settings.DEMO, settings.OIDC = False, started.config()
    known.forget()
    yield started
    known.forget()


def go(client: Client, wanted: str = "/") -> str:
    """Presses the button of the sign-in page; where the browser is sent."""
    return client.get("/sign-in/provider/", {"next": wanted}).headers["Location"]


def come_back(client: Client, provider: Provider, sub: str = "mira", wanted: str = "/"):
    """The whole way: to the provider, in, and back."""
    return client.get(provider.let_in(go(client, wanted), sub))


def is_signed_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def refusals() -> list[tuple[str, str, str]]:
    return list(AccessLog.objects.filter(kind="not_let_in").values_list("email", "reason", "klass"))


class TestComingIn:
    """Who is in a group comes in, as what the group says."""

    def test_the_page_offers_the_provider_with_one_button(self, client, provider) -> None:
        page = client.get("/sign-in/?next=/closed/").content.decode()

        assert 'href="/sign-in/provider/?next=/closed/">Sign in with Example ID</a>' in page
        assert page.count('data-kind="primary"') == 1

    def test_one_is_sent_to_the_provider_with_state_nonce_and_challenge(self, client, provider, settings) -> None:
        asked = {name: value for name, [value] in parse_qs(urlsplit(go(client)).query).items()}

        assert asked["redirect_uri"] == f"{settings.CEOC_URL}/sign-in/return/"
        assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == ("code", "ceoc", "S256")
        assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 32

    def test_a_new_person_comes_in_where_they_wanted_to_go(self, client, provider) -> None:
        answer = come_back(client, provider, wanted="/closed/")

        assert (answer.status_code, answer.headers["Location"]) == (302, "/closed/")
        assert is_signed_in(client)
        mira = Person.objects.get(email=MIRA)
        assert (mira.name, mira.zone, viewer_of(mira).role) == ("Mira Okafor", "America/New_York", "engineer")
        assert not mira.has_usable_password()

    def test_it_is_audited_with_who_let_them_in(self, client, provider) -> None:
        come_back(client, provider)

        line = AccessLog.objects.get(kind="signed_in")
        assert (line.email, line.klass, line.address) == (MIRA, "global", "127.0.0.1")
        assert line.reason == f"by provider {urlsplit(provider.address).netloc}"

    @pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"])
    def test_one_is_never_sent_elsewhere(self, client, provider, wanted: str) -> None:
        assert come_back(client, provider, wanted=wanted).headers["Location"] == "/"

    def test_the_session_is_a_new_one_with_nothing_of_before(self, client, provider) -> None:
        go(client)
        before = client.session.session_key
        come_back(client, provider)

        assert client.session.session_key != before
        assert not Session.objects.filter(session_key=before).exists()
        assert "oidc_trips" not in client.session

    def test_it_lasts_as_any_session_and_not_as_the_trip(self, client, provider) -> None:
        come_back(client, provider)

        assert client.session.get_expiry_age() == 12 * 60 * 60

    @pytest.mark.parametrize(
        ("groups", "role"),
        [
            (["support-shadows"], "shadow"),
            (["support-engineers", "support-managers"], "manager"),
            (["support-admins", "support-engineers"], "administrator"),
        ],
    )
    def test_of_several_groups_the_first_role_counts(self, client, provider, groups: list[str], role: str) -> None:
        provider.knows("more", email="more@example.com", groups=groups)
        come_back(client, provider, "more")

        assert viewer_of(Person.objects.get(email="more@example.com")).role == role

    def test_an_e_mail_in_capitals_is_the_same_person(self, client, provider) -> None:
        Person.objects.welcome(MIRA, name="Mira", role="engineer")
        provider.knows("mira", email="Mira@Example.com", groups=ENGINEERS)
        come_back(client, provider)

        assert Person.objects.filter(email__iexact=MIRA).count() == 1

    def test_two_tabs_may_be_on_their_way_at_once(self, client, provider) -> None:
        first, second = go(client, "/closed/"), go(client, "/commands/")

        assert client.get(provider.let_in(first, "mira")).headers["Location"] == "/closed/"
        assert second != first

    def test_who_is_signed_in_already_is_not_sent_away(self, client, provider) -> None:
        come_back(client, provider)
        asked = len(provider.asked)

        assert go(client, "/closed/") == "/closed/"
        assert "oidc_trips" not in client.session
        assert len(provider.asked) == asked

    def test_endpoints_may_be_written_out(self, client, provider, settings) -> None:
        settings.OIDC = provider.config(endpoints=known.endpoints(provider.config()))
        known.forget()
        provider.broken = {"/.well-known/openid-configuration": (500, "")}

        assert come_back(client, provider).status_code == 302
        assert is_signed_in(client)

    def test_a_provider_without_userinfo_tells_all_in_the_token(self, client, provider, settings) -> None:
        found = msgspec.structs.replace(known.endpoints(provider.config()), userinfo="")
        settings.OIDC = provider.config(endpoints=found)
        provider.lies = lambda claims: claims | {"email": MIRA, "email_verified": True, "groups": ENGINEERS}
        come_back(client, provider)

        assert is_signed_in(client)
        assert "/userinfo" not in provider.asked


class TestFollowing:
    """Role, name and clearance are the provider's, anew at each sign-in."""

    def test_another_group_is_another_role_and_open_streams_are_judged_anew(
        self, client, provider, monkeypatch
    ) -> None:
        come_back(client, provider)
        heard: list[list[str]] = []
        monkeypatch.setattr(follow, "announce", lambda topics, klass: heard.append(list(topics)))
        provider.knows("mira", email=MIRA, name="Mira Okafor-Lind", groups=["support-managers"])
        come_back(Client(), provider)

        mira = Person.objects.get(email=MIRA)
        assert (viewer_of(mira).role, mira.name) == ("manager", "Mira Okafor-Lind")
        assert heard == [["access"]]
        line = AccessLog.objects.filter(kind="role_changed").first()
        assert (line.email, line.reason) == (MIRA, "engineer to manager")
        assert line.by.startswith("provider 127.0.0.1")

    def test_the_same_groups_change_and_announce_nothing(self, client, provider, monkeypatch) -> None:
        come_back(client, provider)
        monkeypatch.setattr(follow, "announce", lambda *_: pytest.fail("nothing changed"))
        lines = AccessLog.objects.filter(kind="role_changed").count()
        come_back(Client(), provider)

        assert AccessLog.objects.filter(kind="role_changed").count() == lines

    def test_the_zone_is_ones_own_after_the_first_time(self, client, provider) -> None:
        come_back(client, provider)
        Person.objects.update(zone="Asia/Tokyo")
        come_back(Client(), provider)

        assert Person.objects.get(email=MIRA).zone == "Asia/Tokyo"

    def test_the_group_clears_and_its_end_uncleares(self, client, provider) -> None:
        provider.knows("mira", email=MIRA, groups=[*ENGINEERS, GOV_GROUP])
        come_back(client, provider)
        assert Person.objects.get(email=MIRA).us_gov_cleared

        provider.knows("mira", email=MIRA, groups=ENGINEERS)
        come_back(Client(), provider)
        assert not Person.objects.get(email=MIRA).us_gov_cleared
        told = AccessLog.objects.filter(kind__in=["cleared", "clearance_ended"]).order_by("id")
        assert [(line.kind, line.by.split(":")[0], line.klass) for line in told] == [
            ("cleared", "provider 127.0.0.1", "us_gov"),
            ("clearance_ended", "provider 127.0.0.1", "us_gov"),
        ]

    def test_a_change_of_clearance_is_announced(self, client, provider, monkeypatch) -> None:
        heard: list[list[str]] = []
        monkeypatch.setattr(clearance, "announce", lambda topics, klass: heard.append(list(topics)))
        provider.knows("mira", email=MIRA, groups=[*ENGINEERS, GOV_GROUP])
        come_back(client, provider)

        assert heard == [["access"]]

    def test_a_clearance_by_hand_stands_where_no_group_decides(self, client, provider, settings) -> None:
        settings.OIDC = provider.config(us_gov_group="")
        Person.objects.welcome(MIRA, name="Mira", role="engineer")
        clearance.grant(MIRA)
        come_back(client, provider)

        assert Person.objects.get(email=MIRA).us_gov_cleared


class TestTurnedAway:
    """Each with a sentence and a line of the audit, and never with a session."""

    def check(self, client: Client, answer, says: str, reason: str, email: str = "") -> None:
        assert answer.status_code == 403
        page = answer.content.decode()
        assert "You were not signed in" in page
        assert says in page
        [(who, why, klass)] = refusals()
        assert (who, klass) == (email, "global")
        assert reason in why
        assert not is_signed_in(client)

    @pytest.mark.parametrize(
        "query", ["", "?code=x", "?state=forged&code=x", "?state=forged&error=access_denied", "?state=%00&code=%00"]
    )
    def test_a_forged_or_missing_state(self, client, provider, query: str) -> None:
        go(client)
        answer = client.get(f"/sign-in/return/{query}")

        self.check(client, answer, "no sign-in that was begun in this browser", "unknown state")

    def test_the_state_of_another_browser(self, client, provider) -> None:
        answer = client.get(provider.let_in(go(Client()), "mira"))

        self.check(client, answer, "no sign-in that was begun in this browser", "unknown state")

    def test_the_same_answer_twice(self, client, provider) -> None:
        back = provider.let_in(go(client), "mira")
        client.get(back)
        client.post("/sign-out/")

        self.check(client, client.get(back), "no sign-in that was begun", "unknown state")

    def test_an_answer_after_more_than_ten_minutes(self, client, provider) -> None:
        start = wall()
        with time_machine.travel(start, tick=False) as moved:
            back = provider.let_in(go(client), "mira")
            moved.shift(timedelta(minutes=10, seconds=1))
            answer = client.get(back)

        self.check(client, answer, "more than ten minutes", "too late")

    def test_somebody_who_was_denied_there(self, client, provider) -> None:
        state = parse_qs(urlsplit(go(client)).query)["state"][0]
        answer = client.get("/sign-in/return/", {"state": state, "error": "access_denied"})

        self.check(client, answer, "did not let you in", "the provider said access_denied")

    def test_a_code_that_the_provider_does_not_know(self, client, provider) -> None:
        state = parse_qs(urlsplit(go(client)).query)["state"][0]
        answer = client.get("/sign-in/return/", {"state": state, "code": "made-up"})

        self.check(client, answer, "did not take the code", "the code was answered 400")

    def test_a_code_without_its_verifier(self, client, provider) -> None:
        """The provider of these tests proves it (PKCE): a stolen code is worth nothing in another browser."""
        stolen = parse_qs(urlsplit(provider.let_in(go(Client()), "mira")).query)["code"][0]
        state = parse_qs(urlsplit(go(client)).query)["state"][0]
        answer = client.get("/sign-in/return/", {"state": state, "code": stolen})

        self.check(client, answer, "did not take the code", "the code was answered 400")

    @pytest.mark.parametrize(
        ("lie", "reason"),
        [
            pytest.param({"nonce": "another"}, "Nonce", id="another nonce"),
            pytest.param({"nonce": None}, "ID token", id="no nonce"),
            pytest.param({"aud": "somebody-else"}, "udience", id="made for another client"),
            pytest.param(
                {"aud": ["ceoc", "other"]}, "another client too", id="made for several, of which we are not the one"
            ),
            pytest.param({"iss": "https://evil.example"}, "ssuer", id="of another issuer"),
            pytest.param({"exp": int(time.time()) - 3600}, "expired", id="expired"),
            pytest.param({"exp": None}, "ID token", id="without an end"),
            pytest.param({"iat": int(time.time()) + 3600}, "not yet valid", id="from the future"),
            pytest.param(
                {"sub": "somebody-else"}, "userinfo speaks of somebody else", id="not whom userinfo speaks of"
            ),
        ],
    )
    def test_a_token_that_does_not_hold(self, client, provider, lie: dict[str, object], reason: str) -> None:
        provider.lies = lambda claims: {name: value for name, value in (claims | lie).items() if value is not None}
        answer = come_back(client, provider)

        self.check(client, answer, "could not be verified", reason)

    def test_a_wrong_signature(self, client, provider) -> None:
        provider.signs_with = STRANGERS_KEY
        answer = come_back(client, provider)

        self.check(client, answer, "could not be verified", "Signature verification failed")

    def test_another_way_of_signing_than_agreed(self, client, provider, settings) -> None:
        settings.OIDC = provider.config(algorithm="ES256")
        answer = come_back(client, provider)

        self.check(client, answer, "could not be verified", "ID token")

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/oauth2/token", "[]"),
            ("/oauth2/token", '{"id_token": 7, "access_token": "x"}'),
            ("/oauth2/token", '{"id_token": "not.a.token", "access_token": "x"}'),
            ("/oauth2/token", '{"access_token": "x"}'),
            ("/jwks", '{"keys": []}'),
            ("/jwks", '{"keys": [{}]}'),
            ("/jwks", '{"keys": 7}'),
            ("/userinfo", '{"sub": "somebody else"}'),
        ],
    )
    def test_an_answer_of_another_shape(self, client, provider, path: str, body: str) -> None:
        address = go(client)
        provider.broken = {path: (200, body)}
        answer = client.get(provider.let_in(address, "mira"))

        self.check(client, answer, "could not be verified", "")

    @pytest.mark.parametrize(
        ("claims", "says", "reason", "email"),
        [
            pytest.param({}, "did not say your e-mail", "no e-mail", "", id="no e-mail"),
            pytest.param({"email": 7}, "did not say your e-mail", "no e-mail", "", id="an e-mail that is a number"),
            pytest.param({"email": "mira"}, "did not say your e-mail", "the e-mail is none", "", id="no address"),
            pytest.param(
                {"email": MIRA, "email_verified": False}, "has not verified", "not verified", MIRA, id="not verified"
            ),
            pytest.param(
                {"email": MIRA, "email_verified": "no"}, "has not verified", "not verified", MIRA, id="verified: no"
            ),
            pytest.param({"email": MIRA, "groups": "support-engineers"}, "list of names", "no list", MIRA, id="a word"),
            pytest.param({"email": MIRA, "groups": {"a": 1}}, "list of names", "no list", MIRA, id="an object"),
            pytest.param(
                {"email": MIRA, "groups": ["support-engineers", 7]}, "list of names", "no list", MIRA, id="a number"
            ),
            pytest.param({"email": MIRA, "groups": None}, "list of names", "no list", MIRA, id="null"),
            pytest.param(
                {"email": MIRA, "_claim_names": {"groups": "src1"}}, "list of names", "no list", MIRA, id="too many"
            ),
        ],
    )
    def test_claims_that_cannot_be_used(self, client, provider, claims, says: str, reason: str, email: str) -> None:
        provider.knows("odd", **claims)
        answer = come_back(client, provider, "odd")

        self.check(client, answer, says, reason, email)
        assert not Person.objects.exists()

    @pytest.mark.parametrize("groups", [[], ["everybody"], ["Support-Engineers"], ["support-engineers "]])
    def test_somebody_in_no_group_of_ours_has_no_role(self, client, provider, groups: list[str]) -> None:
        provider.knows("new", email="new@example.com", groups=groups)
        answer = come_back(client, provider, "new")

        self.check(client, answer, "in no group that opens this dashboard", "in no group", "new@example.com")
        assert viewer_of(Person.objects.get()).role == "none"

    def test_somebody_of_whom_no_groups_are_told_has_no_role(self, client, provider) -> None:
        provider.knows("new", email="new@example.com")
        answer = come_back(client, provider, "new")

        self.check(client, answer, "support-engineers", "in no group", "new@example.com")

    def test_whoever_left_every_group_loses_role_sessions_and_clearance(self, client, provider) -> None:
        provider.knows("mira", email=MIRA, groups=[*ENGINEERS, GOV_GROUP])
        come_back(client, provider)
        provider.knows("mira", email=MIRA, groups=[])
        elsewhere = Client()
        answer = come_back(elsewhere, provider)

        assert answer.status_code == 403
        mira = Person.objects.get(email=MIRA)
        assert (viewer_of(mira).role, mira.us_gov_cleared) == ("none", False)
        assert client.get("/").headers["Location"].startswith("/sign-in/")

    def test_a_deactivated_person_stays_as_they_are(self, client, provider) -> None:
        mira = Person.objects.welcome(MIRA, name="Before", role="shadow")
        Person.objects.update(is_active=False)
        answer = come_back(client, provider)

        self.check(client, answer, "was deactivated", "deactivated", MIRA)
        mira.refresh_from_db()
        assert (mira.name, viewer_of(mira).role, mira.is_active) == ("Before", "shadow", False)

    def test_the_audit_is_not_flooded_by_one_address(self, client, provider) -> None:
        for _ in range(40):
            assert client.get("/sign-in/return/?state=forged&code=x").status_code == 403

        assert len(refusals()) == 30


class TestProviderDown:
    """Signed-in people work on, and the page says how to come in."""

    def down(self, provider: Provider) -> None:
        self.down_without_a_word(provider)
        known.forget()

    def down_without_a_word(self, provider: Provider) -> None:
        """Down, and what was heard of it stands."""
        provider.broken = {"/.well-known/openid-configuration": (503, "")}

    def test_the_page_says_so_and_offers_break_glass(self, client, provider) -> None:
        self.down(provider)
        page = client.get("/sign-in/").content.decode()

        assert "The identity provider does not answer" in page
        assert 'data-kind="primary" href="/sign-in/code/?next=/"' in page
        assert "Sign in with Example ID" not in page

    def test_an_old_button_leads_back_to_that_page(self, client, provider) -> None:
        self.down(provider)

        assert go(client, "/closed/") == "/sign-in/?next=%2Fclosed%2F"

    @pytest.mark.parametrize("path", ["/oauth2/token", "/jwks", "/userinfo"])
    def test_when_it_goes_down_on_the_way_nobody_is_blamed(self, client, provider, path: str) -> None:
        address = go(client)
        provider.broken = {path: (502, "")}
        answer = client.get(provider.let_in(address, "mira"))

        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
        assert "does not answer" in answer.content.decode()
        assert refusals() == []
        assert not is_signed_in(client)

    def test_nothing_listens_there(self, client, provider, settings) -> None:
        settings.OIDC = provider.config(issuer="http://127.0.0.1:9")
        page = client.get("/sign-in/").content.decode()

        assert "does not answer" in page

    def test_one_that_takes_the_call_and_says_nothing_is_waited_for_briefly(
        self, client, provider, settings, monkeypatch
    ) -> None:
        assert sum(known.PATIENCE) <= 5
        monkeypatch.setattr(known, "PATIENCE", (0.3, 0.3))
        with socket.create_server(("127.0.0.1", 0)) as silent:
            settings.OIDC = provider.config(issuer=f"http://127.0.0.1:{silent.getsockname()[1]}")
            page = client.get("/sign-in/").content.decode()

        assert "does not answer" in page

    def test_while_one_asks_the_others_go_by_what_was_heard_before(self, client, provider, monkeypatch) -> None:
        assert known.answers(provider.config())
        monkeypatch.setattr(known, "FRESH", -1.0)
        provider.asked.clear()
        with known._asking:  # another thread is asking, and the provider takes its time
            assert known.answers(provider.config())

        assert provider.asked == []

    def test_it_is_asked_anew_when_the_half_minute_is_over(self, client, provider, monkeypatch) -> None:
        assert known.answers(provider.config())
        self.down_without_a_word(provider)
        assert known.answers(provider.config())
        monkeypatch.setattr(known, "FRESH", -1.0)

        assert not known.answers(provider.config())

    @pytest.mark.parametrize(
        "published",
        [
            "not json",
            "[]",
            "{}",
            '{"issuer": "https://evil.example", "authorization_endpoint": "https://e/", "token_endpoint": "https://e/",'
            ' "jwks_uri": "https://e/"}',
        ],
    )
    def test_what_it_publishes_cannot_be_used(self, client, provider, published: str) -> None:
        provider.broken = {"/.well-known/openid-configuration": (200, published)}

        assert "does not answer" in client.get("/sign-in/").content.decode()

    def test_it_is_asked_once_in_half_a_minute(self, client, provider) -> None:
        self.down(provider)
        provider.asked.clear()
        for _ in range(5):
            client.get("/sign-in/")

        assert provider.asked == ["/.well-known/openid-configuration"]

    def test_whoever_is_signed_in_works_on_and_nobody_asks(self, client, provider) -> None:
        come_back(client, provider)
        self.down(provider)
        provider.asked.clear()

        assert is_signed_in(client)
        assert client.get("/closed/").status_code == 200
        assert provider.asked == []


def test_signing_out_ends_ours_and_says_that_the_providers_stands(client, provider) -> None:
    come_back(client, provider)
    page = client.post("/sign-out/", follow=True).content.decode()

    assert "Your session at the identity provider goes on" in page
    assert not is_signed_in(client)


def test_ending_all_sessions_of_a_person_leaves_the_others(client, provider) -> None:
    provider.knows("theo", email="theo@example.com", groups=ENGINEERS)
    come_back(client, provider)
    theo, phone = Client(), Client()
    come_back(theo, provider, "theo")
    come_back(phone, provider)

    assert sessions.end_all(Person.objects.get(email=MIRA)) == 2
    assert [is_signed_in(one) for one in (client, phone, theo)] == [False, False, True]


def test_no_line_of_the_log_holds_the_clients_secret(provider) -> None:
    assert ["a client's secret"] in [secret() for secret in secrets_of_settings()]


@pytest.mark.parametrize("path", ["/sign-in/provider/", "/sign-in/return/"])
def test_without_a_provider_there_is_no_such_address(client, settings, path: str) -> None:
    settings.OIDC = None

    assert client.get(path).status_code == 404
