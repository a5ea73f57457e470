"""The sandbox's control address over real HTTP, as its contract says, for tests of what the demo tells it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SCENARIOS = [
    {"name": "quiet-day", "title": "A quiet day", "text": "Nothing much.", "starts_at": "2026-07-08T13:00:00Z"},
    {"name": "apac-weekend", "title": "A weekend in APAC", "text": "", "starts_at": "2026-07-11T02:30:00Z"},
]


class Control:
    """Answers like the sandbox and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, Any]] = []
        self.refuses: dict[str, int] = {}
        control = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.answer(None)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.answer(json.loads(body) if body else None)

            def answer(self, body: Any) -> None:
                control.asked.append((self.command, self.path, body))
                status = control.refuses.get(self.path, 200)
                content = json.dumps(control.found(self.path, body) if status == 200 else {"error": "no"}).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_arguments: Any) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def found(self, path: str, body: Any) -> Any:
        """The answer's JSON."""
        if path == "/scenarios":
            return SCENARIOS
        if path.startswith("/scenarios/"):
            return {"name": path.rpartition("/")[2], "starts_at": body["at"], "ends_at": "2026-07-11T09:00:00Z"}
        return {}

    def changes(self) -> list[tuple[str, Any]]:
        """What it was told to do, in order."""
        return [(path, body) for method, path, body in self.asked if method == "POST"]

    def end(self) -> None:
        """Stops answering."""
        self.server.shutdown()
        self.server.server_close()
