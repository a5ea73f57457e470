"""Open streams of every audience over real HTTP, and what each of them carried."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlencode

import uvicorn
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings
from psycopg.conninfo import make_conninfo

from ceoc.access.viewer import Audience, Viewer, viewer_of
from ceoc.asgi import Root
from ceoc.live.announce import announce
from ceoc.live.hub import Hub
from ceoc.live.picture import Picture
from tests.leaks.may_differ import same_for_all
from tests.leaks.visits import Ids, client_of, person_of

LISTENERS = ("engineer", "manager", "shadow", "uncleared administrator")
"""One of each audience that is not cleared."""

EVERY_TOPIC = ("board", "tray", "commands", "freshness", "following", "people", "settings", "setting:freshness")

MANAGED = ("people",)
"""Channels of pages that managers open. Others are told at each rendering that nothing is there, however often."""

NUDGED = 'data: {"on":"","parts":[["nudge",""]]}'
"""The message by which a stream's own person is nudged; what was on its way before stands before it."""


class Stream:
    """A browser's end of a stream, read in a thread until the server ends it."""

    def __init__(self, port: int, name: str, channels: Iterable[str]) -> None:
        self.viewer: Viewer = viewer_of(person_of(name))
        self._text = b""
        http = HTTPConnection("127.0.0.1", port, timeout=30)
        self.channels = [one for one in channels if one not in MANAGED or self.viewer.may("manage")]
        query = urlencode([("on", channel) for channel in self.channels])
        session = client_of(name).cookies[settings.SESSION_COOKIE_NAME].value
        http.request("GET", f"/live/?{query}", headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"})
        response = http.getresponse()
        assert response.status == 200, response.read()
        threading.Thread(target=self._read, args=(response,), daemon=True).start()

    def _read(self, response: HTTPResponse) -> None:
        while some := response.read1():
            self._text += some

    @property
    def frames(self) -> list[str]:
        """What came so far, without what may differ."""
        whole = self._text[: self._text.rfind(b"\n\n") + 2].decode()
        return [frame for frame in same_for_all(whole).split("\n\n") if frame]


def shown(frames: Iterable[str]) -> dict[str, Any]:
    """What a page has in its places once it has done what these messages say."""
    places: dict[str, Any] = {}
    for frame in frames:
        message = json.loads(frame.removeprefix("data: ")) if frame.startswith("data: ") else {"parts": []}
        for verb, *told in message["parts"]:
            match verb:
                case "swap" | "remove":
                    places[f"{message['on']} {told[0]}"] = told[1:]
                case "insert":
                    places[f"{message['on']} {told[1]}"] = told[2:3]
                case "order":
                    places[f"{message['on']} order of {told[0]}"] = told[1:]
    return {place: there for place, there in places.items() if there}


class Streams:
    """The root application under uvicorn in a thread, and streams to it."""

    def __init__(self, port: int, hub: Hub) -> None:
        self._port, self._hub = port, hub

    def open(self, names: Iterable[str], ids: Ids) -> dict[str, Stream]:
        """A stream for each of them, which has the present state of every channel."""
        channels = ids.channels()
        opened = {name: Stream(self._port, name, channels) for name in names}
        for stream in opened.values():
            wait_until(lambda stream=stream: sum('"parts"' in frame for frame in stream.frames) >= len(stream.channels))
        return opened

    def said(self, streams: dict[str, Stream], happens: Callable[[], object], ids: Ids) -> dict[str, list[str]]:
        """What each stream carries while something happens, up to a touch of everything as everybody may hear of it.

        The streams' channels are rendered side by side, so that their messages have no order among each other.
        """
        before = {name: len(stream.frames) for name, stream in streams.items()}
        happens()
        self._touch_everything(ids, {stream.viewer.audience for stream in streams.values()})
        with transaction.atomic():
            announce([f"person:{stream.viewer.person_id}" for stream in streams.values()], "global")
        for name, stream in streams.items():
            wait_until(lambda stream=stream, since=before[name]: NUDGED in stream.frames[since:])
        return {name: sorted(stream.frames[before[name] :]) for name, stream in streams.items()}

    def _touch_everything(self, ids: Ids, audiences: set[Audience]) -> None:
        """Announces what everybody may hear of, and waits until all that was announced is rendered and on its way."""
        topics = [*EVERY_TOPIC, f"emergency:{ids.seen['emergency']}"]
        pictures = [
            one
            for one in list(self._hub.pictures.values())
            if one.audience in audiences and any(concerns(one, topic) for topic in topics)
        ]
        for _ in range(2):  # a rendering that began before the touch counts for the first round only
            rendered = {picture: picture.rendered for picture in pictures}
            with transaction.atomic():
                announce(topics, "global")
            wait_until(lambda seen=rendered: all(picture.rendered > count for picture, count in seen.items()))


def concerns(picture: Picture, topic: str) -> bool:
    """Whether that topic lets that picture be rendered."""
    return any(topic.startswith(mine[:-1]) if mine.endswith("*") else topic == mine for mine in picture.topics)


@contextmanager
def serving() -> Iterator[Streams]:
    """The product's live half on the database of this run."""
    url = make_conninfo(settings.DATABASE_DIRECT_URL, dbname=connection.settings_dict["NAME"])
    listening = socket.create_server(("127.0.0.1", 0))
    with override_settings(DATABASE_DIRECT_URL=url):
        root = Root()
        server = uvicorn.Server(uvicorn.Config(root, log_level="warning", timeout_graceful_shutdown=3, lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        wait_until(lambda: server.started and root._hub is not None and root._hub.listener.up)
        hub = root._hub
        assert hub is not None
        try:
            yield Streams(listening.getsockname()[1], hub)
        finally:
            hub.loop.call_soon_threadsafe(hub.end_streams)
            server.should_exit = True
            thread.join(15)
    assert not thread.is_alive(), "the server did not end"


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    """Waits until `true()`; fails when it does not come about."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not come about"
        time.sleep(0.02)
