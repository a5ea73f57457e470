"""DEMO on this machine only: it does not start with anything that leads elsewhere, and answers nobody else."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from ceoc.demo import safety


def checked(variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What a process of the product says when it starts with these variables."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "ceoc.settings", **variables}
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


HERE = {
    "CEOC_URL": "http://127.0.0.1:8000",
    "PAGERDUTY_API_URL": "http://localhost:8101",
    "SLACK_API_URL": "http://[::1]:8104/api/",
}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "localhost", "LOCALHOST", "::1", "[::1]"])
def test_loopback(host: str) -> None:
    assert safety.is_loopback(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "*",
        ".localhost",
        "0.0.0.0",
        "192.168.1.4",
        "demo.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
    ],
)
def test_not_loopback(host: str) -> None:
    assert not safety.is_loopback(host)


def test_a_demo_that_stays_here_has_no_problem() -> None:
    variables = {"PATH": "/usr/bin", "OIDC_CLIENT_ID": ""}

    assert safety.problems(hosts=["127.0.0.1", "localhost"], addresses=HERE, variables=variables) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param({"hosts": ["localhost", "*"]}, r"ALLOWED_HOSTS has \*", id="any host name"),
        pytest.param({"hosts": ["demo.example"]}, "loopback names only", id="a public host name"),
        pytest.param(
            {"addresses": {"PAGERDUTY_API_URL": "https://api.pagerduty.com"}}, "api.pagerduty.com", id="the real vendor"
        ),
        pytest.param(
            {"addresses": {"CEOC_URL": "http://10.0.0.5:8000"}}, "CEOC_URL points at", id="an address of the network"
        ),
        pytest.param({"variables": {"OIDC_CLIENT_ID": "ceoc"}}, "OIDC_CLIENT_ID", id="a real sign-in"),
    ],
)
def test_what_stops_the_start(change: dict[str, object], sentence: str) -> None:
    told = safety.problems(**{"hosts": ["127.0.0.1"], "addresses": HERE, "variables": {}} | change)

    assert len(told) == 1
    assert re.search(sentence, told[0])


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("ALLOWED_HOSTS", "demo.example", "DEMO answers to loopback names only"),
        ("ZENDESK_US_GOV_URL", "https://gov.zendesk.com", "ZENDESK_US_GOV_URL points at gov.zendesk.com"),
        ("OIDC_ISSUER", "https://id.example", "OIDC_ISSUER"),
    ],
)
def test_every_process_refuses_an_unsafe_demo(variable: str, value: str, says: str) -> None:
    ended = checked({variable: value})

    assert ended.returncode == 2
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr


def test_an_offset_without_a_demo_is_refused() -> None:
    ended = checked({"DEMO": "0", "CEOC_NOW_OFFSET": "60"})

    assert ended.returncode == 2
    assert "CEOC_NOW_OFFSET" in ended.stderr


@pytest.mark.django_db
class TestRequests:
    """What it answers."""

    @pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "127.0.0.53", ""])
    def test_this_machine(self, client, peer: str) -> None:
        assert client.get("/healthz", REMOTE_ADDR=peer).status_code == 200

    @pytest.mark.parametrize("peer", ["10.0.0.5", "192.168.1.4", "2001:db8::1"])
    def test_nobody_else(self, client, peer: str) -> None:
        assert client.get("/healthz", REMOTE_ADDR=peer).status_code == 403
        assert client.get("/static/favicon.svg", REMOTE_ADDR=peer).status_code == 403

    @pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP"])
    def test_nothing_through_a_proxy(self, client, header: str) -> None:
        answer = client.get("/healthz", headers={header: "127.0.0.1"})

        assert answer.status_code == 403
        assert b"behind a proxy" in answer.content

    @pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example"])
    def test_no_other_host_name(self, client, host: str) -> None:
        assert client.get("/sign-in/", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize(
    ("peer", "headers", "refused"),
    [
        pytest.param("127.0.0.1", ["accept", "host"], False, id="this machine"),
        pytest.param(None, [], False, id="a socket file"),
        pytest.param("10.0.0.5", [], True, id="another machine"),
        pytest.param("127.0.0.1", ["x_forwarded_for"], True, id="a proxy, as the server spells its headers"),
    ],
)
def test_the_stream_asks_the_same(peer: str | None, headers: list[str], refused: bool) -> None:
    assert bool(safety.refusal(peer=peer, headers=headers)) == refused
