"""Signing in by a real OpenID provider over real HTTP: who comes in, as what, and what follows the provider."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from ceoc.access import clearance, sessions
from ceoc.access.models import AccessLog, Person
from ceoc.access.oidc import follow, known
from ceoc.access.viewer import viewer_of
from ceoc.ops.apps import secrets_of_settings
from tests.access.provider import ENGINEERS, GOV_GROUP, MIRA, come_back, go, is_signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")]


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
