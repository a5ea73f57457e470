"""A visit: somebody asks every address, for what they may see and for what they may not, and all answers are kept."""

from __future__ import annotations

import logging
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from typing import NamedTuple
from urllib.parse import quote, urlencode

from django.http import HttpResponse
from django.test import Client

from ceoc.access import backend
from ceoc.access.gate import gate_of
from ceoc.access.models import Person
from ceoc.demo import people
from ceoc.live import sources
from tests import cast
from tests.access.routes import Route, routes
from tests.access.samples import UNKNOWN, path, thing_of
from tests.leaks.may_differ import same_for_all

UNCLEARED = ("engineer", "manager", "shadow", "uncleared administrator", "without a role", "stranger")
"""One visitor of each role who is not cleared, and nobody."""

CLEARED = ("cleared", "admin")

CHANNELS = {
    "board": ("board", "board:region=US_GOV", "board:plan=ultimate"),
    "tray": ("tray",),
    "emergency": ("emergency:{emergency}", "emergency:{hidden_emergency}"),
    "commands": ("commands:all..1", "commands:attention.zendesk.1"),
    "delivery": ("delivery:{delivery}", "delivery:{hidden_delivery}"),
    "freshness": ("freshness",),
}
"""For each source what is listened to. A new source says here which of its channels are asked."""

SEARCHES = ("zebrafish", "Bureau", "Gitaly", "512103", "dana")
QUERIES: Mapping[str, Iterable[Mapping[str, str]]] = {
    "board": (
        *({"q": words} for words in SEARCHES),
        {"region": "US_GOV"}, {"plan": "ultimate"}, {"stage": "follow_up"}, {"dri": "cleared@demo.example"},
    ),
    "closed": ({"before": "2026-07-14T16:41:00Z"},),
    "commands": ({"page": "2"}, {"show": "attention"}, {"vendor": "zendesk"}),
    "deliveries": ({"page": "2"}, {"state": "unreadable"}, {"vendor": "slack"}, {"kind": "ticket"}),
}  # fmt: skip
"""What a list is asked for besides all of it."""

GLANCE = {
    "GET ", "GET ?q=zebrafish", "GET closed/", "GET commands/", "GET deliveries/", "GET fragments of board",
    "GET emergencies/<slug:public_id>/ hidden",
}  # fmt: skip
"""The questions of a quick look, by their names."""

SOURCES = dict(sources._sources)
"""The sources as the product registers them; tests of the live half put their own in their place."""


class Ids(NamedTuple):
    """One thing of each kind that everybody may see, and one that is US Government's (nothing, while there is none)."""

    seen: Mapping[str, str]
    hidden: Mapping[str, str]

    def channels(self) -> list[str]:
        """Every channel that is listened to."""
        names = dict(self.seen) | {
            f"hidden_{kind}": self.hidden.get(kind, UNKNOWN) for kind in ("emergency", "delivery")
        }
        return [one.format_map(names) for name in SOURCES for one in CHANNELS[name]]


class Question(NamedTuple):
    """One request, under a name that is the same before and after."""

    name: str
    method: str
    address: str
    form: Mapping[str, str] = {}


def questions(ids: Ids) -> Iterator[Question]:
    """Everything that a visitor asks."""
    for route in routes():
        if gate_of(route.view) is None or route.path.startswith("/webhooks/"):
            continue
        yield from _looks(route, ids)
        if thing_of(route):
            yield Question(f"POST {route.pattern} hidden", "post", path(route, ids.hidden), {"why": "Tell me"})
    yield from _probes(ids)
    for channel, named in zip(ids.channels(), Ids(ids.seen, {}).channels(), strict=True):
        yield Question(f"GET fragments of {named}", "get", f"/fragments/?{urlencode({'on': channel})}")


def _looks(route: Route, ids: Ids) -> Iterator[Question]:
    yield Question(f"GET {route.pattern}", "get", path(route, ids.seen))
    if thing_of(route):
        yield Question(f"GET {route.pattern} hidden", "get", path(route, ids.hidden))
    for query in QUERIES.get(route.name, ()):
        asked = urlencode(query)
        yield Question(f"GET {route.pattern}?{asked}", "get", f"{path(route, ids.seen)}?{asked}")


def _probes(ids: Ids) -> Iterator[Question]:
    """Presses in an emergency of everybody's that name something of US Government's: each is refused alike."""
    address, hidden = f"/emergencies/{ids.seen['emergency']}/", ids.hidden.get("emergency", UNKNOWN)
    forms = {
        "link": [{"kind": "page", "id": "Q00103"}, {"kind": "page", "id": "QGOVHAND"}, {"subject": "thread:C01:103.1"},
                 {"subject": "ticket:us_gov:512103"}],
        "unlink": [{"subject": "page:Q00103"}, {"subject": "ticket:us_gov:512103"}],
        "split": [{"subject": "page:Q00103"}],
        "join": [{"into": hidden}],
        "acknowledge": [{"page": "page:Q00103"}],
        "reply": [{"audience": "public", "about": "ticket:us_gov:512103", "text": "Hello?"}],
    }  # fmt: skip
    for act, tried in forms.items():
        for form in tried:
            named = urlencode({name: "HIDDEN" if value == hidden else value for name, value in form.items()})
            yield Question(f"POST {act} {named}", "post", f"{address}{act}/", form)
    tray = f"/tray/{ids.seen['page']}/tie/"
    yield Question("POST tie the waiting page", "post", tray, {"ticket": "512103", "account": "us_gov"})


def client_of(name: str) -> Client:
    """A browser of its own in which that visitor is signed in."""
    client = Client()
    if name != "stranger":
        client.force_login(person_of(name), backend=backend.PATH)
    return client


def person_of(name: str) -> Person:
    """One of the cast, or one of the two that it lacks."""
    if name in cast.CAST:
        return people.settle(cast.CAST[name])
    role = "administrator" if name == "uncleared administrator" else ""
    return Person.objects.welcome(f"{name.replace(' ', '.')}@demo.example", name="Una Quist", role=role)


def visit(names: Iterable[str], ids: Ids, only: Container[str] | None = None) -> dict[str, str]:
    """All answers that these visitors get, and what the log says of them, without what may differ."""
    kept: dict[str, str] = {}
    asked = [question for question in questions(ids) if only is None or question.name in only]
    for name in names:
        client = client_of(name)
        mine = [question for question in asked if name in UNCLEARED or question.name in GLANCE]  # the cleared could act
        with written() as lines:
            for question in mine:
                kept[f"{name}: {question.name}"] = told(ask(client, question), question.address)
        for place, line in enumerate(lines.getvalue().splitlines()):
            kept[f"{name}: line {place} of the log"] = same_for_all(without(line, ids))
    return kept


def ask(client: Client, question: Question) -> HttpResponse:
    """Asks, and sends a press as a script does."""
    headers = {"HX-Request": "true"} if question.method == "post" else {}
    answer: HttpResponse = getattr(client, question.method)(question.address, dict(question.form), headers=headers)
    return answer


def told(answer: HttpResponse, address: str) -> str:
    """Everything that an answer says: its status, its body, its headers with its cookies."""
    headers = [f"{name}: {value}" for name, value in sorted(answer.items())]
    cookies = sorted(cookie.OutputString() for cookie in answer.cookies.values())
    text = "\n".join([str(answer.status_code), answer.content.decode(errors="replace"), *headers, *cookies])
    for asked in (address, quote(address, safe=""), address.partition("?")[0]):
        text = text.replace(asked, "ADDRESS")
    return same_for_all(text)


def without(line: str, ids: Ids) -> str:
    """A line of the log without the id that was asked for: the visitor named it."""
    for id in ids.hidden.values():
        line = line.replace(f"/{id}/", f"/{UNKNOWN}/")
    return line


@contextmanager
def written() -> Iterator[StringIO]:
    """What the log writes meanwhile, line by line as it would stand in the file."""
    (handler,) = [one for one in logging.getLogger().handlers if one.name == "out"]
    assert isinstance(handler, logging.StreamHandler)
    lines = StringIO()
    before = handler.setStream(lines)
    try:
        yield lines
    finally:
        handler.setStream(before)


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """What was answered otherwise, each with the first line that differs."""
    return [
        f"{name}: {_first(before.get(name, ''), after.get(name, ''))}"
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    ]


def _first(before: str, after: str) -> str:
    pairs = zip(before.splitlines() + [""] * 9999, after.splitlines(), strict=False)
    was, now = next(((one, two) for one, two in pairs if one != two), ("more", "less"))
    return f"{was.strip()[:200]!r} became {now.strip()[:200]!r}"
