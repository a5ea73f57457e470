"""Who comes back from the provider and is not let in: each with a sentence, a line of the audit, and no session."""

from __future__ import annotations

import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.test import Client

from ceoc.access.models import AccessLog, Person
from ceoc.access.viewer import viewer_of
from ceoc.clock import wall
from tests.access.provider import ENGINEERS, GOV_GROUP, MIRA, STRANGERS_KEY, come_back, go, is_signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")]


def refusals() -> list[tuple[str, str, str]]:
    return list(AccessLog.objects.filter(kind="not_let_in").values_list("email", "reason", "klass"))


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
