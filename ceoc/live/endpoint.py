"""`GET /live/?on=<channel>&on=…`: the event stream, as a plain ASGI application beside Django."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.http.request import split_domain_port, validate_host

from ceoc.live import sources, wire
from ceoc.live.door import Full
from ceoc.live.hub import Hub
from ceoc.live.line import Line
from ceoc.live.stream import Stream

log = structlog.get_logger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

PATH = "/live/"
MOST_CHANNELS = 24
PIECE = 65_536
"""Bytes that are written at a time. What is still here can be taken back; what was handed on leaves or is cut off."""

FAREWELL = 1.0
"""Seconds in which the server must have noticed that a line was cut."""

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-accel-buffering", b"no"),
    (b"referrer-policy", b"same-origin"),
]


class Refusal(Exception):
    """Why no stream is opened: a status, a sentence, and perhaps when to come again."""

    def __init__(self, status: int, sentence: str, retry_after: int = 0) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.retry_after = status, sentence, retry_after


async def serve(hub: Hub, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers one request: a stream until either side ends it, or a refusal."""
    try:
        channels = _asked(scope)
        if hub.closing:
            raise Refusal(503, "The server is going down. Connect again.", 1)
        epoch = hub.epoch
        admission, told = await hub.door.admit(_header(scope, b"cookie"))
        if admission is None:
            raise Refusal(401, "Sign in first.")
        if hub.door.is_full_for(admission):
            raise Refusal(429, "This session has too many streams open.", 30)
    except Full as full:
        await _refuse(send, Refusal(503, "Too many pages connect at once. Connect again.", full.retry_after))
    except Refusal as refusal:
        await _refuse(send, refusal)
    except DatabaseError as error:
        log.warning("live.admission_failed", error=type(error).__name__)
        await _refuse(send, Refusal(503, "The database does not answer.", 5))
    else:
        stream = Stream(admission, channels, Line(send))
        stream.offer(wire.frame("hello", viewer=admission.tag, **told))
        hub.open(stream, epoch)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await _pump(hub, stream, receive, send)
        finally:
            hub.leave(stream)


async def _pump(hub: Hub, stream: Stream, receive: Receive, send: Send) -> None:
    """Writes until the stream ended, the reader left or stalled."""
    stream.line.prepare()
    gone = asyncio.create_task(_until_gone(receive))
    gone.add_done_callback(lambda _: stream.end())
    try:
        while not stream.ended:
            await stream.ready()
            if stream.lost:
                stream.lost = False
                hub.join(stream)
            await _write(stream, send)
    except (TimeoutError, OSError):
        stream.line.cut()  # dead or gone: nobody is left to tell
    finally:
        if stream.line.was_cut:
            await asyncio.wait({gone}, timeout=FAREWELL)
        gone.cancel()


async def _write(stream: Stream, send: Send) -> None:
    """Sends all that waits, piece by piece; no more once the stream was ended in the middle."""
    taken, last = stream.take(), stream.ended
    if stream.line.was_cut or not (taken or last):
        return
    stream.writing = not last
    for begin in range(0, max(len(taken), 1), PIECE):
        if not last and not await stream.allowed():
            return
        async with asyncio.timeout(settings.LIVE_STALLED_AFTER):
            await send({"type": "http.response.body", "body": taken[begin : begin + PIECE], "more_body": not last})
    stream.writing = False


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _asked(scope: Scope) -> tuple[str, ...]:
    """The channels that a request asks for. Raises Refusal for a request that is not our own page's."""
    if scope["path"] != PATH:
        raise Refusal(404, "There is nothing here.")
    if scope["method"] != "GET":
        raise Refusal(405, "Only GET.")
    host = _header(scope, b"host")
    allowed = settings.ALLOWED_HOSTS or (["localhost", "127.0.0.1", "[::1]"] if settings.DEBUG else [])
    if not validate_host(split_domain_port(host)[0], allowed):
        raise Refusal(400, "This host is not ours.")
    origin = _header(scope, b"origin")
    if (origin and urlsplit(origin).netloc != host) or _header(scope, b"sec-fetch-site") in {"cross-site", "same-site"}:
        raise Refusal(403, "Only our own pages may listen.")
    asked = parse_qs(scope["query_string"].decode("ascii", "replace"), max_num_fields=100).get("on", [])
    channels = tuple(dict.fromkeys(asked))
    if not 0 < len(channels) <= MOST_CHANNELS or any(sources.find(channel) is None for channel in channels):
        raise Refusal(400, "Ask for known channels, 24 at most.")
    return channels


def _header(scope: Scope, name: bytes) -> str:
    """A request header, "" where it is missing."""
    return next((value.decode("latin-1") for found, value in scope["headers"] if found == name), "")


async def _refuse(send: Send, refusal: Refusal) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    if refusal.retry_after:
        headers.append((b"retry-after", str(refusal.retry_after).encode()))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": refusal.sentence.encode()})
