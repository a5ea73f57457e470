"""The root application: `/live/` is raw ASGI, everything else plain synchronous Django in threads.

Webhooks, health and metrics have threads of their own, so that slow pages never delay a vendor. A request's body is
read before a thread is taken, so that a slow sender holds none.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ceoc.settings")
django = get_wsgi_application()  # sets Django up, before anything that needs its models is imported

from ceoc.demo.safety import refusal  # noqa: E402
from ceoc.live.endpoint import PATH, Receive, Scope, Send, serve  # noqa: E402
from ceoc.live.hub import Hub  # noqa: E402
from ceoc.live.threads import end  # noqa: E402
from ceoc.ops import metrics  # noqa: E402

PAGE_THREADS, QUICK_THREADS = 8, 4
QUICK = ("/webhooks/", "/healthz", "/readyz", "/metrics")

BODY_IN_MEMORY = 6_000_000
"""Bytes of a body that are read ahead; a longer one is read on by the view that wants it."""

BODY_PATIENCE = 20.0
"""Seconds in which a body must have come."""


class Root:
    """Sends each request to its half."""

    def __init__(self) -> None:
        self._pages = WSGIMiddleware(django, workers=PAGE_THREADS)
        self._quick = WSGIMiddleware(django, workers=QUICK_THREADS)
        self._hub: Hub | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, or the server's life."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000})
        elif scope["path"].startswith(PATH) and self._hub is not None:
            await (_refused(send) if _is_outside_demo(scope) else serve(self._hub, scope, receive, send))
        else:
            pool = self._quick if scope["path"].startswith(QUICK) else self._pages
            await _with_body(pool, scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Starts the hub with the server and stops it with it; streams end as soon as the server is told to."""
        await receive()
        hub = self._hub = Hub(settings.DATABASE_DIRECT_URL)
        hub.start()
        metrics.STREAMS.set_function(lambda: len(hub.streams))
        _before_signals(asyncio.get_running_loop(), hub.end_streams)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await hub.stop()
        for pool, size in ((self._pages, PAGE_THREADS), (self._quick, QUICK_THREADS)):
            await asyncio.to_thread(end, pool.executor, size)
        await send({"type": "lifespan.shutdown.complete"})


def _before_signals(loop: asyncio.AbstractEventLoop, act: Callable[[], None]) -> None:
    """Calls `act` when the server is told to end: it waits for open streams before it says so to the application."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def handle(received: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(act)
            if callable(before):
                before(received, frame)

        signal.signal(number, handle)


def _is_outside_demo(scope: Scope) -> bool:
    """Whether a demo is asked from elsewhere than its own machine; Django's half asks in a middleware."""
    peer = (scope.get("client") or (None,))[0]
    return settings.DEMO and bool(refusal(peer=peer, headers=[name.decode("latin-1") for name, _ in scope["headers"]]))


async def _refused(send: Send) -> None:
    await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"This is a demo. It answers on its own machine only."})


async def _with_body(pool: Any, scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the body, then lets a thread of `pool` answer. Who left is not answered, who is slow gets 408."""
    messages: list[Any] = []
    size, more = 0, True
    try:
        async with asyncio.timeout(BODY_PATIENCE):
            while more and size <= BODY_IN_MEMORY:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                messages.append(message)
                size += len(message.get("body", b""))
                more = message.get("more_body", False)
    except TimeoutError:
        await send({"type": "http.response.start", "status": 408, "headers": [(b"connection", b"close")]})
        await send({"type": "http.response.body", "body": b""})
        return
    messages.reverse()

    async def replay() -> Any:
        return messages.pop() if messages else await receive()

    await pool(scope, replay, send)


application = Root()
