"""How fast a webhook is accepted: against a bare view that inserts one row, and while pages hang on a slow vendor."""

from __future__ import annotations

import hmac
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from hashlib import sha256
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import uuid4

from django.conf import settings

from ceoc.runner import ports
from tests.bench.measure import percentile, tell

CLIENTS = 8
REQUESTS = 800
HANGING = 20
SLOW_SECONDS = 4.0


def run() -> None:
    """Prints the accept rate against the bare view's."""
    with _server() as port:
        for make in (_webhook, _bare):
            _load(port, make, 100)
        accepted, bare = _load(port, _webhook, REQUESTS), _load(port, _bare, REQUESTS)
        tell(
            "webhooks accepted a second",
            rate=accepted[0],
            p99_ms=accepted[1],
            reference="a bare view that inserts one row",
            reference_rate=bare[0],
            reference_p99_ms=bare[1],
            ratio=accepted[0] / bare[0],
        )


def run_hanging() -> None:
    """Prints the accept's p99 with and without pages that hang."""
    with _slow_vendor() as address, _server(BENCH_SLOW=address) as port:
        _load(port, _webhook, 100)
        free = _load(port, _webhook, REQUESTS)
        with ThreadPoolExecutor(HANGING) as pages:
            waiting = [pages.submit(_page, port) for _ in range(HANGING)]
            time.sleep(0.3)
            busy = _load(port, _webhook, REQUESTS // 2)
            hung = sum(not page.done() for page in waiting)
        tell(
            f"accept p99 while {HANGING} pages hang",
            p99_ms=busy[1],
            still_hanging=hung,
            reference="the same with no page hanging",
            reference_p99_ms=free[1],
            ratio=busy[1] / free[1],
        )


Request = tuple[str, bytes, dict[str, str]]


def _webhook() -> Request:
    """One signed event of PagerDuty's about a page of its own."""
    event = {
        "id": uuid4().hex,
        "event_type": "incident.acknowledged",
        "resource_type": "incident",
        "occurred_at": "2026-07-01T16:21:00.000Z",
        "data": {"id": "QBENCH", "type": "incident", "status": "acknowledged"},
    }
    body = json.dumps({"event": event}).encode()
    secret = settings.PAGERDUTY_WEBHOOK_SECRETS.items()[0].encode()
    return "/webhooks/pagerduty/", body, {"X-PagerDuty-Signature": f"v1={hmac.new(secret, body, sha256).hexdigest()}"}


def _bare() -> Request:
    return "/webhooks/bare/", b"{}", {"X-Name": uuid4().hex}


def _load(port: int, make: Callable[[], Request], requests: int) -> tuple[float, float]:
    """Requests a second and p99 in milliseconds, by several clients that keep their connections."""
    took: list[float] = []

    def client(count: int) -> None:
        connection = HTTPConnection(ports.HOST, port, timeout=30)
        for path, body, headers in [make() for _ in range(count)]:
            began = time.perf_counter()
            connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
            answer = connection.getresponse()
            answer.read()
            took.append((time.perf_counter() - began) * 1000)
            if answer.status >= 300:
                raise RuntimeError(f"{path} answered {answer.status}")

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        for done in [clients.submit(client, requests // CLIENTS) for _ in range(CLIENTS)]:
            done.result()
    return requests / (time.perf_counter() - began), percentile(took, 0.99)


def _page(port: int) -> None:
    connection = HTTPConnection(ports.HOST, port, timeout=60)
    connection.request("GET", "/hangs/")
    connection.getresponse().read()


@contextmanager
def _server(**environment: str) -> Iterator[int]:
    """The product under uvicorn; its port."""
    port = ports.free()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "tests.bench.site:application",
        "--port",
        str(port),
        "--log-level",
        "error",
    ]
    # Nothing reads what is accepted here: only the accept is measured, so that Redis is not rung either.
    server = subprocess.Popen(
        [*command, "--no-access-log"],
        env={**os.environ, **environment, "PORT": str(port), "DJANGO_SETTINGS_MODULE": "ceoc.settings"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait(port: int) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            connection = HTTPConnection(ports.HOST, port, timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The server did not come up within a minute.")


@contextmanager
def _slow_vendor() -> Iterator[str]:
    """A vendor that answers after some seconds; its address."""

    class Slow(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(SLOW_SECONDS)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    vendor = ThreadingHTTPServer((ports.HOST, 0), Slow)
    threading.Thread(target=vendor.serve_forever, daemon=True).start()
    try:
        yield f"http://{ports.HOST}:{vendor.server_port}/"
    finally:
        vendor.shutdown()
