"""A visit: somebody asks every address, for what they may see and for what they may not, and all answers are kept."""

from __future__ import annotations

import json
import logging
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from typing import NamedTuple
from urllib.parse import quote, urlencode

import msgspec
from django.http import HttpResponse
from django.test import Client

from ceoc import clock
from ceoc.access import backend, tokens
from ceoc.access.gate import gate_of
from ceoc.access.models import Person
from ceoc.access.opaque import opaque_id
from ceoc.access.scopes import SCOPES
from ceoc.demo import people
from ceoc.live import sources
from ceoc.team import forms, kinds
from tests import cast
from tests.access.routes import Route, routes
from tests.access.samples import UNKNOWN, path, thing_of
from tests.leaks.may_differ import same_for_all

UNCLEARED = ("engineer", "manager", "shadow", "uncleared administrator", "without a role", "stranger")
"""One visitor of each role who is not cleared, and nobody."""

ROLELESS = UNCLEARED[-2:]

CLEARED = ("cleared", "admin")

CHANNELS = {
    "board": ("board", "board:region=US_GOV", "board:plan=ultimate"),
    "tray": ("tray",),
    "emergency": ("emergency:{emergency}", "emergency:{hidden_emergency}"),
    "commands": ("commands:all..1", "commands:attention.zendesk.1"),
    "delivery": ("delivery:{delivery}", "delivery:{hidden_delivery}"),
    "freshness": ("freshness",),
    "here": ("here",),
    "watch": ("watch",),
    "people": ("people",),
    "settings": ("settings",),
    "setting": ("setting:freshness",),
}
"""For each source what is listened to. A new source says here which of its channels are asked."""

HIDDEN = opaque_id("emergency:ticket:us_gov:512103")
"""The id that an emergency of US Government's will have: it is made of the vendor's own key."""

SEARCHES = ("zebrafish", "Bureau", "Gitaly", "512103", "dana")
QUERIES: Mapping[str, Iterable[Mapping[str, str]]] = {
    "board": (
        *({"q": words} for words in SEARCHES),
        {"region": "US_GOV"}, {"plan": "ultimate"}, {"stage": "follow_up"}, {"dri": "cleared@demo.example"},
    ),
    "closed": ({"before": "2026-07-14T16:41:00Z"},),
    "commands": ({"page": "2"}, {"show": "attention"}, {"vendor": "zendesk"}),
    "deliveries": ({"page": "2"}, {"state": "unreadable"}, {"vendor": "slack"}, {"kind": "ticket"}),
    "find": tuple({"q": words} for words in SEARCHES),
    "people": (
        {"page": "2"}, {"page": "3"}, {"q": "sam"}, {"show": "unready"}, {"show": "unmatched"}, {"show": "left"},
    ),
    "audit": ({"kind": "cleared"}, {"kind": "looked"}, {"person": "cleared@demo.example"}, {"page": "2"}),
    "api-emergencies": (
        *({"q": words} for words in SEARCHES),
        {"customer": "Bureau"}, {"region": "US_GOV"}, {"open": "true"}, {"stage": "closed"}, {"page_size": "1"},
        {"page_size": "3"}, {"dri": "cleared@demo.example"}, {"since": "2026-07-14T16:30:00Z"},
    ),
    "api-commands": ({"page_size": "1"}, {"state": "refused"}, {"vendor": "slack"}, {"emergency": HIDDEN}),
    "api-deliveries": ({"page_size": "1"}, {"state": "unreadable"}, {"kind": "ticket"}),
    "api-emergency": ({"at": "2026-07-14T16:40:00Z"}, {"at": "2026-07-14T16:40:00Z", "by": "happened"}),
}  # fmt: skip
"""What a list is asked for besides all of it."""

GLANCE = {
    "GET ", "GET ?q=zebrafish", "GET closed/", "GET commands/", "GET deliveries/", "GET fragments of board",
    "GET emergencies/<slug:public_id>/ hidden", "GET find/?q=zebrafish", "GET api/v1/emergencies/",
    "GET fragments of here",
}  # fmt: skip
"""The questions of a quick look, by their names."""

CLEARANCES = {
    "GET people/", "GET people/?page=2", "GET people/?page=3", "GET people/table/", "GET people/<slug:public_id>/",
    "GET people/<slug:public_id>/leave/", "POST clear", "POST end-clearance",
}  # fmt: skip
"""Where an administrator, cleared or not, is told who is cleared: they print codes, and let people leave."""

SOURCES = dict(sources._sources)
"""The sources as the product registers them; tests of the live half put their own in their place."""


class Ids(NamedTuple):
    """One thing of each kind that everybody may see, and one that is US Government's (nothing, while there is none)."""

    seen: Mapping[str, str]
    hidden: Mapping[str, str]
    tokens: Mapping[str, str] = {}
    """The token of each visitor who has one."""

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

    @property
    def by_program(self) -> bool:
        """Whether a program asks, with a token."""
        return self.address.startswith("/api/")


def questions(ids: Ids) -> Iterator[Question]:
    """Everything that a visitor asks."""
    for route in routes():
        if gate_of(route.view) is None or route.path.startswith("/webhooks/") or route.name == "metrics":
            continue  # the metrics count the visits themselves: the night asks for them
        yield from _looks(route, ids)
        if thing_of(route):
            yield Question(f"POST {route.pattern} hidden", "post", path(route, ids.hidden), _form(route))
    yield from _probes(ids)
    yield from _settings_looked_at()
    for act in ("clear", "end-clearance"):
        yield Question(
            f"POST {act}", "post", f"/people/{ids.seen['person']}/{act}/", {"reason": "Tell me", "back": "/"}
        )
    for channel, named in zip(ids.channels(), Ids(ids.seen, {}).channels(), strict=True):
        yield Question(f"GET fragments of {named}", "get", f"/fragments/?{urlencode({'on': channel})}")


def _looks(route: Route, ids: Ids) -> Iterator[Question]:
    yield Question(f"GET {route.pattern}", "get", path(route, ids.seen))
    if thing_of(route):
        yield Question(f"GET {route.pattern} hidden", "get", path(route, ids.hidden))
    for query in QUERIES.get(route.name, ()):
        asked = urlencode(query)
        yield Question(f"GET {route.pattern}?{asked}", "get", f"{path(route, ids.seen)}?{asked}")


def _form(route: Route) -> dict[str, str]:
    """What is sent to a thing that is hidden: all that a program must say there, or the word of a form."""
    words = {"text": "Tell me", "to": "admin@demo.example", "entry": UNKNOWN, "kind": "ticket", "into": UNKNOWN}
    posts = [one for one in getattr(route.view, "operations", ()) if one.method == "POST"]
    needed = [field.name for one in posts for field in msgspec.structs.fields(one.body) if field.required]
    return {name: words.get(name, "512103") for name in needed} if posts else {"why": "Tell me"}


def _settings_looked_at() -> Iterator[Question]:
    """Settings that are looked at before they are saved: how much they would change is told by what one may see."""
    at_once = {"at_once": "1", "first_reply": "5", "apart": "60", "base": "0", "do": "look"}
    yield Question("POST what other thresholds would do", "post", "/settings/thresholds/change/", at_once)
    services = forms.typed_of(kinds.get("services"), kinds.get("services").default)
    named = next(name for name, text in services.items() if text == "Customer Support")
    service = {**services, f"{named.rpartition('-')[0]}-portal": "us_gov", "base": "0", "do": "look"}
    yield Question("POST what other services would do", "post", "/settings/services/change/", service)


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
            if "subject" not in form and act != "reply":
                yield Question(
                    f"POST api {act} {named}", "post", f"/api/v1{address}acts/{act}/", _told_by_program(form)
                )
    tray = f"/tray/{ids.seen['page']}/tie/"
    yield Question("POST tie the waiting page", "post", tray, {"ticket": "512103", "account": "us_gov"})


def _told_by_program(form: Mapping[str, str]) -> dict[str, str]:
    """The same as JSON, where a page is told by its id alone."""
    return {name: value.removeprefix("page:") for name, value in form.items()}


def token_of(name: str) -> str:
    """A token of that visitor's, with which a program may do all that they may; it has been used."""
    wish = tokens.Wish(name="a wall screen", scopes=tuple(SCOPES), days=7)
    text, _ = tokens.make(person_of(name), wish, by="", wall=clock.wall())
    tokens.admitted(text, clock.wall())
    return text


def program_of(name: str, ids: Ids) -> Client:
    """A program with that visitor's token; without one where they have none."""
    token = ids.tokens.get(name)
    return Client(headers={"Authorization": f"Bearer {token}"} if token else {})


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
        browser, program = client_of(name), program_of(name, ids)
        mine = [question for question in asked if _asks(name, question)]
        with written() as lines:
            for question in mine:
                client = program if question.by_program else browser
                answer = ask(client, question)
                kept[f"{name}: {question.name}"] = told(answer, question.address)
                for page, another in enumerate(further(client, answer), start=2):
                    kept[f"{name}: {question.name}, page {page}"] = told(another, question.address)
        for place, line in enumerate(lines.getvalue().splitlines()):
            kept[f"{name}: line {place} of the log"] = same_for_all(without(line, ids))
    return kept


def _asks(name: str, question: Question) -> bool:
    """The cleared could act: they look only. Who has no role is refused whatever they ask an address for."""
    if name in CLEARED:
        return question.name in GLANCE
    return name not in ROLELESS or (question.method == "get" and "?" not in question.address)


def ask(client: Client, question: Question) -> HttpResponse:
    """Asks, and sends a press as a script does; what is said of it on the page that follows is part of the answer."""
    if question.method == "post" and question.by_program:
        answer: HttpResponse = client.post(question.address, dict(question.form), content_type="application/json")
        return answer
    if question.method == "post":
        answer = client.post(question.address, dict(question.form), headers={"HX-Request": "true"}, follow=True)
    else:
        answer = client.get(question.address)
    return answer


def further(client: Client, answer: HttpResponse) -> Iterator[HttpResponse]:
    """The pages after the first one of a list, as a program asks for them."""
    while following := _next(answer):
        answer = client.get(following)
        yield answer


def _next(answer: HttpResponse) -> str:
    if answer.headers.get("Content-Type") != "application/json" or not answer.content:
        return ""
    body = json.loads(answer.content)
    return str(body.get("next") or "") if isinstance(body, dict) and "results" in body else ""


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
