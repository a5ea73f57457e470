"""Sends the queued webhooks over HTTP, several at once, each resource's in order."""

import asyncio
from collections.abc import Callable

import requests

from sandbox.hooks import Hooks
from sandbox.store import Doc, Store

TIMEOUT = 5.0
PAUSE = 0.05
TOGETHER = 8


def post(url: str, body: str, headers: dict[str, str]) -> str:
    """One attempt: the status code as text, or the kind of failure. No proxy that the environment names: the product
    is on this machine."""
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(url, data=body.encode(), headers=headers, timeout=TIMEOUT, allow_redirects=False)
    except requests.RequestException as problem:
        return type(problem).__name__
    return str(answer.status_code)


class Sender:
    """Runs until cancelled. A crash between sending and writing it down sends once more, as vendors do."""

    def __init__(self, store: Store, hooks: Hooks) -> None:
        """Works on the sandbox's store and its queue."""
        self._store = store
        self._hooks = hooks
        self._busy: set[str] = set()

    async def run(self, wall: Callable[[], float]) -> None:
        """Look for due webhooks again and again; `wall` gives the real time in seconds."""
        tasks: set[asyncio.Task[None]] = set()
        while True:
            for doc in self._hooks.due(wall()):
                if doc["resource"] not in self._busy and len(self._busy) < TOGETHER:
                    self._busy.add(doc["resource"])
                    task = asyncio.create_task(self._send(doc, wall))
                    tasks.add(task)
                    task.add_done_callback(tasks.discard)
            await asyncio.sleep(PAUSE)

    async def _send(self, doc: Doc, wall: Callable[[], float]) -> None:
        try:
            headers = self._hooks.signed_headers(doc, wall())
            answer = await asyncio.to_thread(post, doc["url"], doc["body"], headers)
            with self._store.transaction():
                current = self._store.get("webhook", doc["id"])
                if current is not None:
                    self._hooks.settle(current, answer, wall())
        finally:
            self._busy.discard(doc["resource"])
