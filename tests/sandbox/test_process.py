"""The process: settings that make no sense, a port that is taken, addresses that share one, faults."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

from sandbox import config
from tests.sandbox_process import ROOT, SandboxProcess, free_ports, running_sandbox, sandbox_env


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PAGERDUTY_API_URL", "https://api.pagerduty.com"),
        ("SLACK_API_URL", "http://192.0.2.7:80/api/"),
        ("ZENDESK_US_GOV_URL", "nonsense"),
        ("SANDBOX_URL", "http://127.0.0.1"),
        ("CEOC_NOW_OFFSET", "soon"),
    ],
)
def test_a_setting_without_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(config.ConfigError, match=name):
        config.read({name: value})


def test_secrets_may_lie_in_files(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("from-a-file\n")
    read = config.read({"SLACK_SIGNING_SECRET_FILE": str(tmp_path / "secret"), "PAGERDUTY_WEBHOOK_SECRETS": "one, two"})
    assert (read.slack_secret, read.pagerduty_secret) == ("from-a-file", "one")


def test_a_taken_port_is_said_in_a_sentence(box: SandboxProcess, tmp_path: Path) -> None:
    env = {**os.environ, **box.env, "CEOC_VAR": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-m", "sandbox"], cwd=ROOT, env=env, capture_output=True, timeout=30, check=False
    )
    assert ended.returncode == 2
    assert b"cannot listen on 127.0.0.1" in ended.stderr


def test_addresses_may_share_a_port_by_path(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    env = sandbox_env(tmp_path, "http://127.0.0.1:9")
    names = {"SANDBOX_URL": "", "PAGERDUTY_API_URL": "/pagerduty", "SLACK_API_URL": "/slack/api/"}
    shared = {name: f"http://127.0.0.1:{port}{path}" for name, path in names.items()}
    with running_sandbox(**shared) as box:
        page = box.act("page", ticket=False)["page"]
        headers = {"Authorization": f"Token token={env['PAGERDUTY_API_TOKEN']}"}
        answer = requests.get(f"http://127.0.0.1:{port}/pagerduty/incidents/{page}", headers=headers, timeout=5)
        assert answer.json()["incident"]["self"] == f"http://127.0.0.1:{port}/pagerduty/incidents/{page}"
        slack = requests.post(
            f"http://127.0.0.1:{port}/slack/api/auth.test", headers={"Authorization": "Bearer xoxb-test"}, timeout=5
        )
        assert slack.json()["ok"]


def test_a_vendor_can_be_down_or_slow_alone(box: SandboxProcess) -> None:
    headers = {"Authorization": f"Token token={box.env['PAGERDUTY_API_TOKEN']}"}
    url = f"{box.env['PAGERDUTY_API_URL']}/users"
    box.post("/faults", vendor="pagerduty", mode="down")
    assert requests.get(url, headers=headers, timeout=5).status_code == 503
    assert requests.post(f"{box.env['SLACK_API_URL']}auth.test", timeout=5).status_code == 200
    box.post("/faults", vendor="pagerduty", mode="slow", seconds=0.5)
    began = time.monotonic()
    assert requests.get(url, headers=headers, timeout=5).status_code == 200
    assert time.monotonic() - began >= 0.5
    box.post("/faults", vendor="pagerduty", mode="ok")
    began = time.monotonic()
    requests.get(url, headers=headers, timeout=5)
    assert time.monotonic() - began < 0.5


def test_it_imports_nothing_of_the_product() -> None:
    product = "('ceoc', 'emergencies', 'schedules', 'django')"
    said = f"import sys, sandbox.serve; print([m for m in sys.modules if m.split('.')[0] in {product}])"
    run = [sys.executable, "-c", said]
    ended = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=30, check=True)
    assert ended.stdout.strip() == "[]"


def test_a_browser_that_follows_a_link_sees_a_page_with_everything_escaped(box: SandboxProcess) -> None:
    made = box.act("page", subject="<script>alert(1)</script>", text="<b>bold</b>")
    accept = {"Accept": "text/html"}
    incident = requests.get(f"{box.env['PAGERDUTY_API_URL']}/incidents/{made['page']}", headers=accept, timeout=5)
    ticket = requests.get(f"{box.env['ZENDESK_GLOBAL_URL']}/agent/tickets/{made['ticket']}", headers=accept, timeout=5)
    for answer in (incident, ticket):
        assert answer.headers["content-type"].startswith("text/html")
        assert "&lt;script&gt;" in answer.text
        assert "<script>" not in answer.text
    assert "&lt;b&gt;bold" in ticket.text
    bare = requests.get(f"{box.env['PAGERDUTY_API_URL']}/incidents/{made['page']}", timeout=5)
    assert bare.status_code == 401
