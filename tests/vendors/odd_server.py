"""A real HTTP server that answers as vendors do on bad days: each request meets the next step of a plan.

A step gets the handler and does with the connection what it likes. Without a plan everything is answered `{}`.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec

Step = Callable[[BaseHTTPRequestHandler], None]


class Asked(msgspec.Struct, frozen=True):
    """A request that arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class OddServer:
    """`url` is its address; `asked` holds the requests that arrived, whatever became of them."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.asked: list[Asked] = []
        self.plan: list[Step] = []

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length)
        self.asked.append(Asked(handler.command, handler.path, dict(handler.headers), body))
        (self.plan.pop(0) if self.plan else says(200, {}))(handler)


def says(status: int, body: Any, **headers: str) -> Step:
    """Answers in order. Header names with underscores."""

    def step(handler: BaseHTTPRequestHandler) -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(raw)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(raw)

    return step


def drops(handler: BaseHTTPRequestHandler) -> None:
    """Takes the request and closes the connection without a word."""
    handler.close_connection = True


def breaks_off(handler: BaseHTTPRequestHandler) -> None:
    """Promises a hundred bytes and sends ten."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    handler.wfile.write(b"0123456789")
    handler.close_connection = True


def hangs(seconds: float) -> Step:
    """Takes the request and says nothing for so long."""

    def step(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return step


def drips(seconds: float) -> Step:
    """Sends a byte every twentieth of a second, for so long."""

    def step(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        until = time.monotonic() + seconds
        try:
            while time.monotonic() < until:
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass
        handler.close_connection = True

    return step


@contextmanager
def odd_server() -> Iterator[OddServer]:
    """A server on a free port, ended afterwards."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            pass

        def answer(self) -> None:
            server.handle(self)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - names of the base class

    listener = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.daemon_threads = True
    server = OddServer(listener.server_port)
    thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()
