"""A hostile name is a name wherever it goes: pages, fragments, streams, logs and Slack (security.md 11).

What is made of it is what would be made of a harmless one of the same length: the same elements with the same
attributes, the same number of lines.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

import pytest
from django.db import transaction

from ceoc.access.viewer import Audience
from ceoc.env import Secret
from ceoc.live import wire
from ceoc.live.parts import Insert, Swap
from ceoc.outbox.kinds import Order
from ceoc.outbox.live import CommandsSource
from ceoc.outbox.models import Command
from ceoc.vendors import slack
from emergencies.outgoing.slack import send as send_to_slack
from emergencies.pages.live import BoardSource, EmergencySource, TraySource
from emergencies.pages.watch import WatchSource
from tests.access.routes import routes
from tests.access.samples import path
from tests.attacks.attackers import signed_in
from tests.attacks.hostile import NAMES, WORD, Customer, Page, delivered, harmless, named, waiting
from tests.emergencies.world import NOW
from tests.vendors.odd_server import odd_server, says

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300), pytest.mark.parametrize("kind", NAMES)]

EVERYBODY = Audience("administrator", cleared=True)
SHOWN = 150
"""Characters of a name that every page shows; longer ones are cut."""

SEARCH, PALETTE = f"?q={WORD}", f"find/?q={WORD}"
LEADS = ("/", "?", "#", "https://", "http://")
"""How everything begins that a page leads to."""

ELSEWHERE = ("/look/", "/fragments/", "/healthz", "/readyz")
"""Addresses that answer with no page."""


class Seen(NamedTuple):
    """What a browser makes of everything that a customer of some name has brought about."""

    pages: dict[str, Page]
    fragments: list[Page]


def seen_of(name: str) -> Seen:
    """Told, looked at, and taken back."""
    with transaction.atomic():
        customer = Customer(name, 901).told()
        things = {
            "emergency": customer.row.public_id,
            "page": waiting(name),
            "delivery": delivered(name),
            "command": Command.objects.latest("id").public_id,
        }
        seen = Seen(pages(things), fragments(things))
        transaction.set_rollback(True)
    return seen


def pages(things: dict[str, str]) -> dict[str, Page]:
    """Every page that answers an administrator, by its address's pattern, and what a search finds."""
    client = signed_in("admin")
    asked = {route.pattern: path(route, things) for route in routes() if not route.path.startswith(ELSEWHERE)}
    searches = {SEARCH: f"/{SEARCH}", PALETTE: f"/{PALETTE}"}
    answers = {pattern: client.get(address) for pattern, address in {**asked, **searches}.items()}
    assert max(answer.status_code for answer in answers.values()) < 500
    return {one: Page(answer.content.decode()) for one, answer in answers.items() if answer.status_code == 200}


def fragments(things: dict[str, str]) -> list[Page]:
    """Every fragment of every source, in their order."""
    parts = [
        *BoardSource().render("", EVERYBODY, None),
        *TraySource().render("", EVERYBODY, None),
        *EmergencySource().render(things["emergency"], EVERYBODY, None),
        *CommandsSource().render("", EVERYBODY, None),
        *WatchSource().render("", EVERYBODY, None),
    ]
    for part in parts:
        frame = wire.parts_frame("board", [wire.encode(part)])
        assert (frame.count(b"\n"), len(frame.splitlines())) == (2, 2), "a message is one line"
        assert json.loads(frame.removeprefix(b"data: "))["on"] == "board"
    return [Page(part.html) for part in parts if isinstance(part, Insert | Swap)]


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What the log writes, as it would stand in the file."""
    (handler,) = [one for one in logging.getLogger().handlers if one.name == "out"]
    assert isinstance(handler, logging.StreamHandler)
    lines = StringIO()
    before = handler.setStream(lines)
    yield lines
    handler.setStream(before)


def test_it_is_shown_as_it_is_written_and_builds_nothing(kind: str, written: StringIO) -> None:
    seen, plain = seen_of(named(kind)), seen_of(harmless(named(kind)))
    words = " ".join(named(kind)[:SHOWN].split())

    for pattern in ("", SEARCH, PALETTE, "emergencies/<slug:public_id>/", "tray/<slug:page>/", "commands/"):
        assert words in seen.pages[pattern].words, pattern
    assert any(words in part.words for part in seen.fragments)
    for pattern, page in plain.pages.items():
        assert seen.pages[pattern].skeleton == page.skeleton, pattern
        assert [to for to in seen.pages[pattern].leads if not to.startswith(LEADS)] == []
    assert [part.skeleton for part in seen.fragments] == [part.skeleton for part in plain.fragments]
    assert all(isinstance(json.loads(line), dict) for line in written.getvalue().split("\n") if line)


def test_slack_is_told_it_as_it_is_written(kind: str, settings, monkeypatch) -> None:
    taken = {"ok": True, "ts": "1752511320.000100", "message": {"text": "taken"}}
    order = Order(
        id="aaaabbbbcccc", group="", object="emergency:x", account="", kind="slack_post", by="engineer@demo.example",
        payload={"text": named(kind), "channel": "C0SUPPORT1"}, queued_at=NOW, klass="global",
    )  # fmt: skip
    with odd_server() as server:
        server.plan.append(says(200, taken))
        settings.SLACK_API_URL, settings.SLACK_BOT_TOKEN = f"{server.url}/api/", Secret("xoxb-none")
        slack.door.cache_clear()
        send_to_slack(order)
        (asked,) = server.asked
    slack.door.cache_clear()

    told = asked.json
    assert not {"<", ">"} & set(told["text"])
    assert told["text"].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == named(kind)
    assert (told["parse"], told["link_names"], told["unfurl_links"]) == ("none", False, False)
