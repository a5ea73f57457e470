"""Real event streams over uvicorn and PostgreSQL."""

from __future__ import annotations

import json
import socket
import time
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ceoc.access.models import Person
from ceoc.live.announce import announce
from ceoc.live.who import still
from tests.live.site import put, serving, sign_in, take, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site():
    with serving() as served:
        yield served


class Reader:
    """A browser's end of a stream, read in small bites; HTTP/1.0, so that it comes without chunks."""

    def __init__(self, address, session, *channels, headers=None):
        self.text = ""
        self._socket = socket.create_connection((urlsplit(address).hostname, urlsplit(address).port), timeout=8)
        lines = [
            f"GET /live/?{'&'.join(f'on={channel}' for channel in channels or ('shelf',))} HTTP/1.0",
            f"Host: {urlsplit(address).netloc}", f"Cookie: sessionid={session}",
            *(f"{name}: {value}" for name, value in (headers or {}).items()), "", "",
        ]  # fmt: skip
        self._socket.sendall("\r\n".join(lines).encode())
        self._socket.setblocking(False)

    def read(self):
        try:
            while chunk := self._socket.recv(1_000_000):
                self.text += chunk.decode()
            self.ended = True
        except BlockingIOError:
            pass
        except ConnectionResetError:
            self.ended = True
        return self.text

    ended = False

    def until(self, words, seconds=8.0):
        wait_until(lambda: words in self.read(), seconds)
        return self

    def quiet(self, seconds=0.6):
        """What comes in that time."""
        before = len(self.read())
        time.sleep(seconds)
        return self.read()[before:]

    def close(self):
        self._socket.close()


def answer(address, path, session="", **headers):
    with closing(HTTPConnection(urlsplit(address).netloc, timeout=8)) as http:
        http.request("GET", path, headers={"Cookie": f"sessionid={session}", **headers})
        response = http.getresponse()
        return response.status, dict(response.getheaders()), response.read().decode()


def test_a_change_arrives_within_a_moment(site):
    address, _, _ = site
    reader = Reader(address, sign_in("mira@demo.example")).until('"order"')
    assert "200 OK" in reader.text
    assert "text/event-stream" in reader.text
    put("a", "Northwind is down")
    reader.until("Northwind is down")


def test_who_is_not_signed_in_gets_no_stream(site):
    address, _, _ = site
    assert answer(address, "/live/?on=shelf")[0] == 401
    assert answer(address, "/live/?on=shelf", "nosuchsession")[0] == 401
    assert answer(address, "/live/?on=shelf", sign_in("nobody@demo.example", role=""))[0] == 401


def test_a_page_of_another_site_gets_no_stream(site):
    address, _, _ = site
    session = sign_in("mira@demo.example")
    assert answer(address, "/live/?on=shelf", session, Origin="https://evil.example")[0] == 403
    assert answer(address, "/live/?on=shelf", session, **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert answer(address, "/live/?on=shelf", session, Host="evil.example")[0] == 400


@pytest.mark.parametrize(
    "query", ["", "?on=", "?on=unknown", "?on=shelf&on=unknown", "?" + "&".join(f"on=shelf:{n}" for n in range(30))]
)
def test_an_unknown_channel_gets_no_stream(site, query):
    address, _, _ = site
    assert answer(address, f"/live/{query}", sign_in("mira@demo.example"))[0] == 400


def test_a_demo_behind_a_proxy_gets_no_stream(site, settings):
    settings.DEMO = True
    address, _, _ = site
    assert answer(address, "/live/?on=shelf", sign_in("mira@demo.example"), **{"X-Forwarded-For": "10.0.0.1"})[0] == 403


def test_the_uncleared_never_get_a_byte_of_us_gov(site):
    address, _, shelf = site
    put("g", "Bureau of Tides", klass="us_gov")
    uncleared = Reader(address, sign_in("mira@demo.example")).until('"order"')
    cleared = Reader(address, sign_in("sam@demo.example", cleared=True)).until("Bureau of Tides")
    shelf.renders.clear()
    for number in range(5):
        put("g", f"Bureau of Tides {number}", klass="us_gov")
    cleared.until("Bureau of Tides 4")
    put("a", "Northwind")
    uncleared.until("Northwind")
    assert "Tides" not in uncleared.text
    assert "row-g" not in uncleared.text
    assert not any("item:g" in (touched or ()) for audience, touched in shelf.renders if not audience.cleared)
    status, _, body = answer(address, "/fragments/?on=shelf", sign_in("mira@demo.example"))
    assert (status, "Tides" in body) == (200, False)


def test_a_thing_that_turns_out_to_be_us_gov_leaves_the_pages_of_the_uncleared(site):
    address, _, _ = site
    put("a", "Northwind")
    uncleared = Reader(address, sign_in("mira@demo.example")).until("Northwind")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE live_shelf SET klass = 'us_gov'")
    announce(["item:a"], "global")
    uncleared.until('["remove","row-a"]')


def test_a_revoked_clearance_ends_the_stream_before_another_byte(site):
    address, _, _ = site
    session = sign_in("sam@demo.example", cleared=True)
    reader = Reader(address, session).until('"order"')
    Person.objects.filter(email="sam@demo.example").update(us_gov_cleared=False)
    announce(["access"], "global")
    put("g", "Bureau of Tides", klass="us_gov")
    wait_until(lambda: (reader.read() and reader.ended) or "event: again" in reader.text)
    assert "Tides" not in reader.text
    again = Reader(address, session).until('"order"')
    assert "Tides" not in again.text


def test_a_session_that_ended_is_noticed_at_the_heartbeat(site):
    address, root, _ = site
    root._hub._beat_every = 0.1
    root._hub.loop.call_soon_threadsafe(root._hub._due.set)
    session = sign_in("mira@demo.example")
    reader = Reader(address, session).until("event: beat")
    Session.objects.all().delete()
    reader.until("event: again")
    assert answer(address, "/live/?on=shelf", session)[0] == 401


def test_the_heartbeat_is_one_query_for_all_streams(site):
    address, root, _ = site
    readers = [Reader(address, sign_in(f"p{number}@demo.example")).until('"order"') for number in range(5)]
    assert len(readers) == 5
    with CaptureQueriesContext(connection) as queries:
        assert len(still({stream.admission for stream in root._hub.streams})) == 5
    assert len(queries) == 1


def test_a_stalled_reader_gets_the_present_state_when_it_reads_on(site):
    address, root, _ = site
    reader = Reader(address, sign_in("mira@demo.example")).until('"order"')
    [stream] = root._hub.streams
    stream._most_bytes = 100_000
    lost = []
    for number in range(200):
        put(f"n{number % 5}", f"text {number} " + "x" * 40_000)
        lost.append(stream.lost)
        if stream.lost and number > 30:
            break
        time.sleep(0.06)
    assert any(lost), "nobody read, so the queue overflowed"
    put("n0", "the last word")
    reader.until("the last word", 15)
    wait_until(lambda: reader.read().endswith("\n\n"))  # a long message comes in pieces
    whole = [line for line in reader.text.split("\n") if line.startswith('data: {"on"')][-1]
    assert {part[0] for part in json.loads(whole[6:])["parts"]} >= {"insert", "order"}


def test_a_reader_that_is_gone_is_freed(site):
    address, root, _ = site
    reader = Reader(address, sign_in("mira@demo.example")).until('"order"')
    assert len(root._hub.streams) == 1
    reader.close()
    put("a", "one")
    wait_until(lambda: not root._hub.streams)
    assert root._hub.pictures == {}


def test_a_broken_listener_comes_back_and_nothing_is_missed(site):
    address, _root, _ = site
    reader = Reader(address, sign_in("mira@demo.example")).until('"order"')
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as other:
        [killed] = other.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'ceoc live' AND datname = %s",
            [connection.settings_dict["NAME"]],
        ).fetchone()
    assert killed == 1
    with connection.cursor() as cursor:  # while nobody listens, and never announced again
        cursor.execute("INSERT INTO live_shelf VALUES ('a', 'global', 'now', 0, 'Told to nobody')")
    reader.until("Told to nobody")
    put("b", "Heard again")
    reader.until("Heard again")


def test_streams_are_told_to_connect_anew_when_the_server_ends(site):
    address, root, _ = site
    reader = Reader(address, sign_in("mira@demo.example")).until('"order"')
    root._hub.loop.call_soon_threadsafe(root._hub.end_streams)
    reader.until("event: again")
    wait_until(lambda: not root._hub.streams)
    assert answer(address, "/live/?on=shelf", sign_in("mira@demo.example"))[0] == 503


def test_a_session_with_too_many_streams_is_told_to_come_later(site):
    address, _, _ = site
    session = sign_in("mira@demo.example")
    readers = [Reader(address, session).until('"order"') for _ in range(12)]
    status, headers, _ = answer(address, "/live/?on=shelf", session)
    assert (status, headers["retry-after"]) == (429, "30")
    readers[0].close()
    put("a", "one")
    wait_until(lambda: answer_begins(address, session))


def answer_begins(address, session):
    reader = Reader(address, session)
    wait_until(lambda: "HTTP/1.1" in reader.read())
    reader.close()
    return "200 OK" in reader.text


def test_a_channel_without_anything_says_that_it_is_gone(site):
    address, _, _ = site
    Reader(address, sign_in("mira@demo.example"), "nothing:abc").until('["event","gone",{}]')


def test_the_fragments_over_http_are_those_of_the_stream(site):
    address, _, _ = site
    put("a", "Northwind")
    session = sign_in("mira@demo.example")
    reader = Reader(address, session).until("Northwind")
    streamed = next(json.loads(line[6:]) for line in reader.text.split("\n") if line.startswith('data: {"on":"shelf"'))
    status, headers, body = answer(address, "/fragments/?on=shelf", session)
    assert status == 200
    assert headers["cache-control"] == "no-store"
    assert json.loads(body)["messages"] == [streamed]
    assert answer(address, "/fragments/?on=unknown", session)[0] == 400
    assert answer(address, "/fragments/", session)[0] == 400
    assert answer(address, "/fragments/?on=shelf")[0] == 302


def test_what_is_taken_away_is_removed(site):
    address, _, _ = site
    put("a", "Northwind")
    reader = Reader(address, sign_in("mira@demo.example")).until("Northwind")
    take("a")
    reader.until('["remove","row-a"]')
