"""How long the API takes for a list of 200 emergencies, against the bare query of its rows and encoding the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from unittest import mock

import msgspec
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ceoc import clock
from ceoc.access import tokens
from ceoc.api import limits
from ceoc.demo import people
from emergencies.models import Emergency
from emergencies.timeline.empty import empty
from tests.bench.figures import Figures, beside, milliseconds
from tests.emergencies.world import Trouble

ROWS = 200
PATH = f"/api/v1/emergencies/?page_size={ROWS}"


def run(*, quick: bool) -> Iterator[Figures]:
    """The whole request of a token: the list as it is read, told and encoded, and the same when nothing changed."""
    empty()
    for number in range(ROWS):
        Trouble(f"Customer {number}", number).pages(34, "Gitaly storage full").acknowledged(32).replied(20)
    headers = {"Authorization": f"Bearer {_token()}"}
    plenty = limits.Verdict(most=1, left=1, resets_in=1, over=False)
    with mock.patch.object(limits.counter, "count", return_value=plenty):
        ask = partial(Client().get, PATH, headers=headers)
        with CaptureQueriesContext(connection) as asked:
            answer = ask()
        known = partial(Client().get, PATH, headers=headers | {"If-None-Match": answer.headers["ETag"]})
        decoded = msgspec.json.decode(answer.content)
        yield from _figures(
            0.1 if quick else 5.0, {"list": ask, "list that did not change": known}, decoded, len(asked)
        )
    empty()


def _figures(seconds: float, asked: dict[str, Callable[[], object]], answer: object, queries: int) -> Iterator[Figures]:
    for what, ask in asked.items():
        whole, least = milliseconds(seconds, ask, partial(_least, answer))
        yield beside(
            f"API {what} of {ROWS}", "ms", whole, least, "the bare query and encoding the answer", rows=ROWS,
            queries=queries,
        )  # fmt: skip


def _least(answer: object) -> bytes:
    """What any list must do: ask for the rows, and write the JSON."""
    list(Emergency.objects.order_by("-began_at", "public_id")[:ROWS].values())
    return msgspec.json.encode(answer)


def _token() -> str:
    wish = tokens.Wish(name="bench", scopes=("read",), days=1)
    return tokens.make(people.settle(people.PERSONAS[0]), wish, by="bench", wall=clock.wall())[0]
