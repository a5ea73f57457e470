"""How long the API takes for a list of 200 emergencies, against the bare query of its rows and encoding the answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial
from unittest import mock

import msgspec
from django.test import Client

from ceoc import clock
from ceoc.access import tokens
from ceoc.api import limits
from ceoc.demo import people
from emergencies.models import Emergency
from emergencies.timeline.empty import empty
from tests.bench.figures import Figures, beside, milliseconds
from tests.emergencies.world import Trouble

ROWS, FEW = 200, 20
"""Emergencies of the list; a few, to see that it runs."""


def run(*, quick: bool) -> Iterator[Figures]:
    """The whole request of a token: the list as it is read, told and encoded, and the same when nothing changed."""
    logging.disable(logging.WARNING)  # lines of the log would stand among the figures
    rows = FEW if quick else ROWS
    path = f"/api/v1/emergencies/?page_size={rows}"
    empty()
    for number in range(rows):
        Trouble(f"Customer {number}", number).pages(34, "Gitaly storage full").acknowledged(32).replied(20)
    headers = {"Authorization": f"Bearer {_token()}"}
    plenty = limits.Verdict(most=1, left=1, resets_in=1, over=False)
    with mock.patch.object(limits.counter, "count", return_value=plenty):
        client = Client(HTTP_HOST="127.0.0.1")
        ask = partial(client.get, path, headers=headers)
        answer = ask()
        known = partial(client.get, path, headers=headers | {"If-None-Match": answer.headers["ETag"]})
        decoded = msgspec.json.decode(answer.content)
        works = {"list": ask, "list that did not change": known}
        yield from _figures(0.1 if quick else 5.0, works, decoded, rows)
    logging.disable(logging.NOTSET)
    empty()


def _figures(seconds: float, works: dict[str, Callable[[], object]], answer: object, rows: int) -> Iterator[Figures]:
    for what, ask in works.items():
        whole, least = milliseconds(seconds, ask, partial(_least, answer, rows))
        yield beside(f"API {what} of {rows}", "ms", whole, least, "the bare query and encoding the answer", rows=rows)


def _least(answer: object, rows: int) -> bytes:
    """What any list must do: ask for the rows, and write the JSON."""
    list(Emergency.objects.order_by("-began_at", "public_id")[:rows].values())
    return msgspec.json.encode(answer)


def _token() -> str:
    wish = tokens.Wish(name="bench", scopes=("read",), days=1)
    return tokens.make(people.settle(people.PERSONAS[0]), wish, by="bench", wall=clock.wall())[0]
