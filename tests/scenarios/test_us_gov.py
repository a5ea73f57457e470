"""A page of a service that nobody has mapped is US Government's until proven otherwise.

Whoever is not cleared learns nothing of it. A marker stands in every text of it; it, the ids, and the customer's name
are looked for in every byte that is sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from tests.access.routes import routes
from tests.scenarios.listening import Stream, listening
from tests.scenarios.running import Running
from tests.scenarios.visitor import Visitor

pytestmark = [pytest.mark.runner, pytest.mark.timeout(240)]

MARKER = "Quillback"
CUSTOMER = "Prairie Water Authority"
UNCLEARED = ("engineer", "second", "manager", "shadow", "stranger")
COUNTS = re.compile(r'data-count="([\w-]+)">(\d+)<')
FRAME = re.compile(rb"data: \{[^\n]*\n\n")
UNKNOWN = "aaaaaaaaaaaa"


class Secret(NamedTuple):
    """What was made, how it is known to us, and what an uncleared person saw before and a stream while it was made."""

    page: str
    ticket: str
    emergencies: list[str]
    deliveries: list[str]
    commands: list[str]
    counts: dict[str, dict[str, str]]
    streamed: bytes

    def words(self) -> list[str]:
        """Whatever would tell of it."""
        numbers = [f"tickets/{self.ticket}", f"#{self.ticket}"]
        return [MARKER, CUSTOMER, self.page, *numbers, *self.emergencies, *self.deliveries, *self.commands]


@pytest.fixture(scope="module")
def secret(quiet: Running) -> Secret:
    """Made, read and worked on by a cleared person while an engineer listens to all that a board listens to."""
    counts = {name: counted(quiet.visitor(name)) for name in UNCLEARED[:-1]}
    before = {id for (id,) in quiet.asked("SELECT public_id FROM inbox_delivery")}
    with listening(quiet.visitor("engineer"), "board", "tray", "freshness", "board:stage=ringing") as stream:
        settle_down(quiet, stream)
        mark = stream.mark()
        words = {"customer": "prairie", "subject": f"{MARKER} one", "text": MARKER}
        made = quiet.box.act("page", service="Unsorted", link="details", **words)
        sam = quiet.visitor("cleared")
        quiet.until(lambda: "Triggered" in str(sam.rows(f"{MARKER} one")), 20, "the page for Sam")
        quiet.settled()
        row = next(row for row in sam.rows(f"{MARKER} one") if "Triggered" in row.words)
        sam.press(row.id, "acknowledge")
        sam.press(row.id, "note", text=f"{MARKER} noted")
        quiet.until(lambda: quiet.box.incident(made["page"])["status"] == "acknowledged", 10, "acknowledged by Sam")
        quiet.settled()
        quiet.until(lambda: "Sam Whitford" in str(sam.rows(f"{MARKER} one")), 10, "Sam on the board")
        streamed = stream.since(mark)
    found = quiet.asked("SELECT public_id FROM emergencies_emergency WHERE klass = 'us_gov'")
    return Secret(
        page=made["page"],
        ticket=str(made["ticket"]),
        emergencies=[id for (id,) in found],
        deliveries=[id for (id,) in quiet.asked("SELECT public_id FROM inbox_delivery") if id not in before],
        commands=[id for (id,) in quiet.asked("SELECT public_id FROM outbox_command WHERE klass = 'us_gov'")],
        counts=counts,
        streamed=streamed,
    )


def counted(visitor: Visitor) -> dict[str, str]:
    """Every figure on the board by its name."""
    return dict(COUNTS.findall(visitor.text("/")))


def settle_down(live: Running, stream: Stream) -> None:
    """Waits until the stream has said what is so and is quiet but for its beat."""
    live.settled()
    live.until(lambda: len(FRAME.findall(stream.bytes)) >= 4, 10, "the present state of four channels")


def told(text: str, secret: Secret, *given: str) -> list[str]:
    """What a text gives away, the words aside that the asker had written into the address."""
    return [word for word in secret.words() if word in text and word not in given]


def test_a_cleared_person_sees_it_as_us_gov(quiet: Running, secret: Secret) -> None:
    rows = quiet.visitor("cleared").rows(f"{MARKER} one")
    assert rows
    assert all("US Gov" in row.words for row in rows)
    key = f"page:{secret.page}"
    assert quiet.asked("SELECT klass FROM emergencies_subject WHERE key = %s", key) == [("us_gov",)]
    assert secret.deliveries
    assert secret.commands


def test_the_stream_of_an_uncleared_person_carries_no_byte_of_it(secret: Secret) -> None:
    assert told(secret.streamed.decode("utf-8", "replace"), secret) == []
    frames = [frame for frame in FRAME.findall(secret.streamed) if b'"heard"' not in frame]
    assert frames == [], "nor does it stir while the cleared work"


def test_a_stream_that_asks_for_it_by_name_is_told_what_it_is_told_of_nothing(quiet: Running, secret: Secret) -> None:
    def answered(id: str) -> bytes:
        with listening(quiet.visitor("engineer"), f"emergency:{id}") as stream:
            quiet.until(lambda: FRAME.findall(stream.bytes.partition(b"hello")[2])[1:], 10, "an answer")
            return b"".join(FRAME.findall(stream.bytes)[1:]).replace(id.encode(), b"")

    assert answered(secret.emergencies[0]) == answered(UNKNOWN)


@pytest.mark.parametrize("name", UNCLEARED)
def test_no_page_tells_of_it(quiet: Running, secret: Secret, name: str) -> None:
    visitor, leaks = Visitor(quiet.system.address, name), []
    for path, given in addresses(secret):
        answer = visitor.get(path)
        given_away = told(answer.text + str(answer.headers), secret, *given)
        found = bool(given) and "?" not in path and answer.status_code == 200
        if given_away or found:
            leaks.append((path, answer.status_code, given_away))
    assert leaks == []


KNOWN_BY: dict[str, Callable[[Secret], list[str]]] = {
    "emergencies": lambda secret: secret.emergencies[:1],
    "tray": lambda secret: [secret.page],
    "deliveries": lambda secret: secret.deliveries[:1],
    "commands": lambda secret: secret.commands[:1],
    "api": lambda secret: secret.emergencies[:1],
}
"""What stands in an address of that beginning."""

OF_ALL = {"look", "settings", "people", "tokens", "break-glass"}
"""Beginnings of addresses whose ids are of nothing secret; `tests/leaks` asks them too."""


def addresses(secret: Secret) -> Iterator[tuple[str, list[str]]]:
    """Every address of the product, with each id of the secret in the place of a parameter, and searches for it."""
    for route in routes():
        kind = route.pattern.partition("/")[0]
        if "<" not in route.pattern:
            yield route.path, []
        elif kind in KNOWN_BY:
            for id in KNOWN_BY[kind](secret):
                yield re.sub(r"<[^>]+>", id, "/" + route.pattern), [id]
        else:
            assert kind in OF_ALL, f"say in KNOWN_BY what {route.pattern} is known by"
    for term in (MARKER, "Prairie", secret.page, secret.ticket):
        yield f"/?q={term}", [MARKER, CUSTOMER, secret.page, *([] if term != secret.ticket else [secret.ticket])]
    for on in ("board", "tray", f"emergency:{secret.emergencies[0]}"):
        yield f"/fragments/?on={on}", [secret.emergencies[0]] if ":" in on else []


@pytest.mark.parametrize("name", UNCLEARED[:-1])
def test_it_is_in_no_count_and_no_search(quiet: Running, secret: Secret, name: str) -> None:
    visitor = quiet.visitor(name)
    assert counted(visitor) == secret.counts[name]
    for term in (MARKER, "Prairie", secret.page, secret.ticket):
        assert visitor.board(f"?q={term}") == [], term
    assert quiet.visitor("cleared").board(f"?q={MARKER}")


def test_what_is_not_seen_answers_as_what_is_not_there(quiet: Running, secret: Secret) -> None:
    mira = quiet.visitor("engineer")
    for path in ("/emergencies/{}/", "/emergencies/{}/dialogs/", "/tray/{}/"):
        for id in (secret.emergencies[0], secret.page):
            unseen, unknown = mira.get(path.format(id)), mira.get(path.format(UNKNOWN))
            assert (unseen.status_code, unknown.status_code) == (404, 404)
            assert neutral(unseen.text, id) == neutral(unknown.text, UNKNOWN)
    for act in ("acknowledge", "note", "reply", "take-over"):
        assert mira.post(f"/emergencies/{secret.emergencies[0]}/{act}/", text="x").status_code == 404


def neutral(html: str, id: str) -> str:
    """A page without what was asked for, its form tokens, and the clock."""
    html = re.sub(r'(csrfmiddlewaretoken" value|name="csrf[^"]*" content)="[^"]*"', "", html).replace(id, "")
    return re.sub(r"\d\d:\d\d(:\d\d\.\d+)?", "", re.sub(r'"[A-Za-z0-9]{64}"', '""', html))


def test_the_vendors_health_tells_the_uncleared_of_global_accounts_only(quiet: Running) -> None:
    assert "US Gov" not in quiet.visitor("engineer").text("/").partition('id="vendors"')[2].partition("</details>")[0]
    assert "us_gov" not in quiet.visitor("stranger").text("/readyz")
