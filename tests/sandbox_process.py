"""The sandbox as a process of its own, for tests: `with running_sandbox() as box: box.act("page")`."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 20.0
SECRETS = {
    "PAGERDUTY_API_TOKEN": "test-pagerduty-token",
    "PAGERDUTY_WEBHOOK_SECRETS": "test-pagerduty-secret,test-pagerduty-old-secret",
    "ZENDESK_GLOBAL_EMAIL": "integration@demo.example",
    "ZENDESK_GLOBAL_TOKEN": "test-zendesk-global-token",
    "ZENDESK_GLOBAL_WEBHOOK_SECRET": "test-zendesk-global-secret",
    "ZENDESK_US_GOV_EMAIL": "integration@demo.example",
    "ZENDESK_US_GOV_TOKEN": "test-zendesk-us-gov-token",
    "ZENDESK_US_GOV_WEBHOOK_SECRET": "test-zendesk-us-gov-secret",
    "SLACK_BOT_TOKEN": "xoxb-test",
    "SLACK_SIGNING_SECRET": "test-slack-secret",
}


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on just now."""
    sockets = [socket.socket() for _ in range(count)]
    for made in sockets:
        made.bind(("127.0.0.1", 0))
    ports = [int(made.getsockname()[1]) for made in sockets]
    for made in sockets:
        made.close()
    return ports


class SandboxProcess:
    """A running sandbox: `env` is what product and sandbox share, `url` the control address."""

    def __init__(self, env: dict[str, str]) -> None:
        """`env` holds the addresses, tokens and secrets, and CEOC_VAR."""
        self.env = env
        self.url = env["SANDBOX_URL"]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it (again) on its state, and wait until it answers."""
        self.process = subprocess.Popen([sys.executable, "-m", "sandbox"], cwd=ROOT, env={**os.environ, **self.env})
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"The sandbox ended with {self.process.returncode}.")
            try:
                requests.get(f"{self.url}/healthz", timeout=1).raise_for_status()
                return
            except requests.RequestException:
                time.sleep(0.05)
        raise RuntimeError("The sandbox did not answer in time.")

    def stop(self) -> None:
        """End it in order."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash would (SIGKILL); `start` brings it back."""
        self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(timeout=10)

    def act(self, name: str, /, **words: Any) -> dict[str, Any]:
        """Do one act; answers the ids made. An act that cannot be done raises AssertionError with its sentence."""
        return self.post(f"/acts/{name}", **words)

    def state(self) -> dict[str, Any]:
        """Everything that the sandbox keeps."""
        return self.get("/state")

    def get(self, path: str) -> Any:
        """GET from the control address."""
        answer = requests.get(self.url + path, timeout=10)
        assert answer.ok, f"{path}: {answer.text}"
        return answer.json()

    def post(self, path: str, /, **body: Any) -> dict[str, Any]:
        """POST to the control address."""
        answer = requests.post(self.url + path, json=body, timeout=10)
        assert answer.ok, f"{path}: {answer.text}"
        found: dict[str, Any] = answer.json()
        return found

    def incident(self, key: str) -> dict[str, Any]:
        """One incident of the state, by id."""
        found: dict[str, Any] = next(doc for doc in self.state()["incidents"] if doc["id"] == key)
        return found

    def ticket(self, key: int | str, account: str = "global") -> dict[str, Any]:
        """One ticket of the state, by id."""
        found: dict[str, Any] = next(doc for doc in self.state()["tickets"][account] if str(doc["id"]) == str(key))
        return found

    def settle(self, seconds: float = 10.0) -> None:
        """Wait until no webhook waits; raises AssertionError."""
        end = time.monotonic() + seconds
        while self.get("/")["webhooks_pending"]:
            assert time.monotonic() < end, "webhooks still wait"
            time.sleep(0.03)


def sandbox_env(folder: Path, product_url: str) -> dict[str, str]:
    """Addresses on free ports, tokens and secrets, for product and sandbox alike."""
    control, pagerduty, zendesk, us_gov, slack = free_ports(5)
    return {
        **SECRETS,
        "SANDBOX_URL": f"http://127.0.0.1:{control}",
        "PAGERDUTY_API_URL": f"http://127.0.0.1:{pagerduty}",
        "ZENDESK_GLOBAL_URL": f"http://127.0.0.1:{zendesk}",
        "ZENDESK_US_GOV_URL": f"http://127.0.0.1:{us_gov}",
        "SLACK_API_URL": f"http://127.0.0.1:{slack}/api/",
        "CEOC_URL": product_url,
        "CEOC_VAR": str(folder),
        "SANDBOX_AUTOPLAY": "",
        "CEOC_NOW_OFFSET": "",
    }


@contextmanager
def running_sandbox(product_url: str = "http://127.0.0.1:9", **env: str) -> Iterator[SandboxProcess]:
    """A sandbox on free ports with an empty state, ended and forgotten afterwards. Webhooks go to `product_url`;
    further words replace or add variables."""
    with tempfile.TemporaryDirectory(prefix="ceoc-sandbox-") as folder:
        box = SandboxProcess(sandbox_env(Path(folder), product_url) | env)
        try:
            box.start()
            yield box
        finally:
            box.stop()
