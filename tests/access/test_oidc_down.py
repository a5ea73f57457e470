"""The night when the provider is down, silent, or talks nonsense."""

from __future__ import annotations

import socket

import pytest

from ceoc.access.models import AccessLog
from ceoc.access.oidc import known
from tests.access.provider import Provider, come_back, go, is_signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::DeprecationWarning:authlib")]


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
        assert not AccessLog.objects.filter(kind="not_let_in").exists()
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
