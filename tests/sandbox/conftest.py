"""A sandbox of the module's own, a listener that stands where the product would, and the vendors' own clients."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pdpyras import APISession
from slack_sdk import WebClient
from zenpy import Zenpy

from tests.sandbox_process import SandboxProcess, free_ports, running_sandbox


class Heard:
    """One webhook as it arrived."""

    def __init__(self, path: str, headers: dict[str, str], body: bytes) -> None:
        self.path, self.headers, self.body = path, headers, body
        self.json: dict[str, Any] = json.loads(body)

    @property
    def kind(self) -> str:
        """The event's type, at whichever vendor."""
        event = self.json.get("event")
        if self.path == "/webhooks/pagerduty/":
            return str(event["event_type"])
        if self.path == "/webhooks/slack/":
            return ".".join(filter(None, [event["type"], event.get("subtype")])) if event else str(self.json["type"])
        return str(self.json["type"]).removeprefix("zen:event-type:")


class Listener:
    """Stands where the product would: keeps what it hears, answers with the status told."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.status = 200
        self.server: ThreadingHTTPServer | None = None
        self.port = free_ports(1)[0]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen, in a thread."""
        listener = self

        class Handler(BaseHTTPRequestHandler):
            """Keeps and answers."""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if listener.status < 300:
                    listener.heard.append(Heard(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                self.send_response(listener.status)
                self.end_headers()

            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                """Nothing."""

        ThreadingHTTPServer.allow_reuse_address = True
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def wait(self, kind: str, seconds: float = 8.0) -> Heard:
        """The first webhook of a kind."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for heard in list(self.heard):
                if heard.kind == kind:
                    return heard
            time.sleep(0.02)
        raise AssertionError(f"{kind} never came; heard {[heard.kind for heard in self.heard]}")

    def kinds(self, path: str) -> list[str]:
        """The kinds that came on a path, in order."""
        return [heard.kind for heard in self.heard if heard.path == path]


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    """The module's listener, listening."""
    made = Listener()
    made.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def sandbox(listener: Listener) -> Iterator[SandboxProcess]:
    """The module's sandbox; its webhooks go to the listener."""
    with running_sandbox(listener.url) as made:
        yield made


@pytest.fixture
def box(sandbox: SandboxProcess, listener: Listener) -> SandboxProcess:
    """The module's sandbox, forgotten anew, with nothing heard yet."""
    sandbox.post("/reset")
    sandbox.post("/faults", webhooks="on")
    sandbox.settle()
    listener.heard.clear()
    listener.status = 200
    return sandbox


@pytest.fixture
def pagerduty(box: SandboxProcess) -> APISession:
    """PagerDuty's client, acting as Mira."""
    return pagerduty_as(box, "engineer@demo.example")


def pagerduty_as(box: SandboxProcess, email: str | None, token: str = "") -> APISession:
    """PagerDuty's client for a person."""
    session = APISession(token or box.env["PAGERDUTY_API_TOKEN"], default_from=email)
    session.url = box.env["PAGERDUTY_API_URL"]
    session.max_network_attempts = 1
    return session


def zenpy_as(box: SandboxProcess, account: str, email: str, token: str = "") -> Zenpy:
    """Zendesk's client for an agent of an account (`GLOBAL`, `US_GOV`)."""
    port = box.env[f"ZENDESK_{account}_URL"].rpartition(":")[2]
    made = Zenpy(
        subdomain="127.0.0",
        domain=f"1:{port}",
        email=email,
        disable_cache=True,
        token=token or box.env[f"ZENDESK_{account}_TOKEN"],
    )
    for api in vars(made).values():
        for one in [api, *getattr(api, "__dict__", {}).values()]:  # users.search and others are objects of their own
            if hasattr(one, "protocol"):
                one.protocol = "http"
    return made


@pytest.fixture
def zendesk(box: SandboxProcess) -> Zenpy:
    """Zendesk's client for Mira, in the global account."""
    return zenpy_as(box, "GLOBAL", "engineer@demo.example")


@pytest.fixture
def slack(box: SandboxProcess) -> WebClient:
    """Slack's client with the bot's token."""
    return WebClient(token=box.env["SLACK_BOT_TOKEN"], base_url=box.env["SLACK_API_URL"], retry_handlers=[])
