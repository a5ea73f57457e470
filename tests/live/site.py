"""A tiny live site: a source over one table, a page that shows it, and the real root application around both."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from secrets import token_hex

import uvicorn
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.http import HttpResponse
from django.template import engines
from django.test import override_settings
from django.urls import include, path
from django.utils.html import escape
from psycopg.conninfo import make_conninfo

from ceoc.access import backend
from ceoc.access.gate import may
from ceoc.access.models import Person
from ceoc.asgi import Root
from ceoc.live import sources
from ceoc.live.announce import announce
from ceoc.live.parts import Insert, Order, Remove, Swap
from tests import cast

PAGE = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")


class Shelf:
    """Rows of the table `live_shelf` (id, klass, section, place, text) as a list, and one fragment with a form."""

    name = "shelf"

    def __init__(self):
        self.renders = []
        self.broken = False

    def topics(self, key):
        return frozenset({"shelf", "item:*"})

    def render(self, key, audience, touched):
        self.renders.append((audience, touched))
        if self.broken:
            raise RuntimeError("the source is broken")
        rows = shown(audience.cleared)
        ids = [f"row-{row[0]}" for row in rows]
        wanted = None if touched is None or "shelf" in touched else {topic.partition(":")[2] for topic in touched}
        parts = [Insert("list", f"row-{row[0]}", row_html(row)) for row in rows if wanted is None or row[0] in wanted]
        parts += [Remove(f"row-{name}") for name in sorted(wanted or ()) if f"row-{name}" not in ids]
        named = {row[2] for row in rows} | {"now", "later"}
        order = {name: tuple(f"row-{row[0]}" for row in rows if row[2] == name) for name in sorted(named)}
        return [*parts, Swap("facts", facts_html(rows)), Order("list", order, {"all": len(rows)})]


class Nothing:
    """A source that never has anything to show."""

    name = "nothing"

    def topics(self, key):
        return frozenset({"nothing"})

    def render(self, key, audience, touched):
        return []


def create_table():
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS live_shelf (id text PRIMARY KEY, klass text, section text, place int,"
            " text text)"
        )
        cursor.execute("DELETE FROM live_shelf")


def put(name, text, *, klass="global", section="now", place=0):
    """Puts or changes a row, and announces it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO live_shelf VALUES (%s, %s, %s, %s, %s) ON CONFLICT (id) DO UPDATE SET"
            " klass = excluded.klass, section = excluded.section, place = excluded.place, text = excluded.text",
            [name, klass, section, place, text],
        )
        announce([f"item:{name}"], klass)


def take(name):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM live_shelf WHERE id = %s", [name])
        announce([f"item:{name}"], "global")


def shown(cleared):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, klass, section, place, text FROM live_shelf WHERE klass = 'global' OR %s ORDER BY place, id",
            [cleared],
        )
        return cursor.fetchall()


def row_html(row):
    name, _, _, _, text = row
    return (
        f'<li id="row-{name}" class="row" data-row data-new data-say="New: {escape(text)}">'
        f'<a href="#{name}" data-open>{escape(text)}</a>'
        f'<button type="button" data-key="a" data-key-label="Acknowledge">Acknowledge</button></li>'
    )


def facts_html(rows):
    texts = "".join(f'<li id="fact-{row[0]}" data-new>{escape(row[4])}</li>' for row in rows)
    return (
        f'<section id="facts"><h2>{len(rows)} facts</h2><ul>{texts}</ul>'
        '<details id="menu" class="menu" data-menu><summary>More</summary><p>Inside the menu</p></details>'
        '<form id="form"><label for="words">Words</label><textarea id="words" rows="3"></textarea>'
        '<label for="pick">Pick</label><select id="pick"><option>one</option><option>two</option></select>'
        "</form></section>"
    )


@may("view")
def page(request):
    rows = shown(request.viewer.cleared)
    context = {
        "rows": [(row, row_html(row)) for row in rows],
        "facts": facts_html(rows),
        "channels": request.GET.get("on", "shelf"),
    }
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


@may("view", own_rows=True)
def draft(request):
    drafts.append((request.POST["audience"], request.POST["text"]))
    return HttpResponse(status=503 if drafts_fail else 204)


@may("view")
def own(request):
    return HttpResponse(f'<div id="own" data-own="/own/">Own of {request.viewer.email}, {len(shown(False))}</div>')


@may("view")
def slow(request):
    time.sleep(3)
    return HttpResponse("slow")


drafts = []
drafts_fail = []

urlpatterns = [
    path("", page),
    path("draft/", draft),
    path("own/", own),
    path("slow/", slow),
    path("webhooks/quick/", may("view")(lambda request: HttpResponse("quick"))),
    path("", include("ceoc.live.urls")),
    path("", include("ceoc.access.urls")),
    path("", include("ceoc.look.urls")),
]


@contextmanager
def serving(**hub_settings):
    """The root application under uvicorn in a thread, with the shelf as its source; gives (address, root, shelf)."""
    shelf, before = Shelf(), dict(sources._sources)
    sources._sources.update(shelf=shelf, nothing=Nothing())
    create_table()
    url = make_conninfo(settings.DATABASE_DIRECT_URL, dbname=connection.settings_dict["NAME"])
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    with override_settings(ROOT_URLCONF="tests.live.site", DATABASE_DIRECT_URL=url, **hub_settings):
        root = Root()
        server = uvicorn.Server(uvicorn.Config(root, log_level="warning", timeout_graceful_shutdown=3, lifespan="on"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            wait_until(lambda: server.started and root._hub.listener.up)
            yield f"http://127.0.0.1:{port}", root, shelf
        finally:
            root._hub.loop.call_soon_threadsafe(root._hub.end_streams)
            server.should_exit = True
            thread.join(10)
            sources._sources.clear()
            sources._sources.update(before)
    assert not thread.is_alive(), "the server did not end"


def sign_in(email, *, role="engineer", cleared=False):
    """A session of that person; gives its key."""
    person = Person.objects.filter(email=email).first() or Person.objects.welcome(
        email, name=email.split("@")[0], role=role
    )
    Person.objects.filter(pk=person.pk).update(us_gov_cleared=cleared)
    return sign_in_again(person)


def sign_in_again(person):
    """Another session of a person; gives its key."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = backend.PATH
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return session.session_key


def sign_in_many(wanted):
    """So many sessions, of the whole cast by turns (five audiences); gives their keys."""
    people = [cast.people.settle(persona) for persona in cast.CAST.values()]
    made = [Session.objects.get(pk=sign_in_again(person)) for person in people]
    more = [
        Session(session_key=token_hex(16), session_data=one.session_data, expire_date=one.expire_date)
        for one in islice(cycle(made), wanted)
    ]
    return [session.session_key for session in Session.objects.bulk_create(more)]


def wait_until(true, seconds=8.0, every=0.02):
    """Waits until `true()`; fails when it does not come about."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(every)
