"""Readers that read no more, and what is under way to somebody who may not look any more."""

from __future__ import annotations

import time

import psutil
import pytest
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import override_settings

from ceoc.access.models import Person
from ceoc.live.announce import announce
from ceoc.live.endpoint import PIECE
from tests.live.site import put, serving, sign_in, wait_until
from tests.live.test_streams import Reader

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "x" * 150_000


@pytest.fixture
def site():
    with serving(LIVE_STALLED_AFTER=1) as served:
        yield served


def connections(address):
    """How many connections the server (which lives in this process) has, streams and all."""
    port = int(address.rpartition(":")[2])
    found = psutil.Process().net_connections()
    return sum(one.laddr.port == port and one.status == psutil.CONN_ESTABLISHED for one in found)


def is_full(stream):
    return stream.line.waiting > PIECE and stream.writing and (stream._queue or stream.lost)


def fill_up(stream):
    """Announces long texts until their reader, who does not read, has left the server with too much to write more."""
    number = 0
    while not is_full(stream):
        put(f"n{number % 3}", f"{number} {LONG}")
        number += 1
        time.sleep(0.1)


def test_the_connection_under_a_stream_is_known(site):
    """Should another version of the server keep it elsewhere, this says so."""
    address, root, _ = site
    Reader(address, sign_in("mira@demo.example")).until('"order"')
    [stream] = root._hub.streams
    assert stream.line.known


def test_twenty_readers_that_never_read_are_freed_with_their_connections(site):
    address, root, _ = site
    session, other = sign_in("mira@demo.example"), sign_in("theo@demo.example")
    deaf = [Reader(address, key) for key in (session, other) for _ in range(10)]
    wait_until(lambda: len(root._hub.streams) == len(deaf))
    streams = list(root._hub.streams)
    reader = Reader(address, sign_in("lena@demo.example")).until('"order"')
    while not all(is_full(stream) or stream.ended for stream in streams):
        put("a", f"{time.monotonic()} {LONG}")
        reader.read()
        time.sleep(0.1)
    put("a", "more")
    wait_until(lambda: reader.read() and len(root._hub.streams) == 1, 20)
    wait_until(lambda: connections(address) == 1, 10)
    put("b", "Northwind is down")
    reader.until("Northwind is down")


def end_clearance(person):
    Person.objects.filter(pk=person.pk).update(us_gov_cleared=False)


def change_role(person):
    person.groups.set([Group.objects.get(name="shadow")])


def deactivate(person):
    Person.objects.filter(pk=person.pk).update(is_active=False)


def sign_out(person):
    del person
    Session.objects.all().delete()


@pytest.mark.parametrize("lose", [end_clearance, change_role, deactivate, sign_out])
def test_whoever_may_not_look_any_more_gets_nothing_more_not_even_what_was_queued(site, lose):
    address, root, _ = site
    reader = Reader(address, sign_in("sam@demo.example", cleared=True)).until('"order"')
    [stream] = root._hub.streams
    with override_settings(LIVE_STALLED_AFTER=60):
        fill_up(stream)
        put("g", "Bureau of Tides", klass="us_gov")
        wait_until(lambda: any(b"Tides" in frame for frame in stream._queue) or stream.lost)
        lose(Person.objects.get(email="sam@demo.example"))
        announce(["access"], "global")
        wait_until(lambda: not root._hub.streams)
        wait_until(lambda: reader.read() is not None and reader.ended)
    assert "Tides" not in reader.text
    assert connections(address) == 0


def test_a_reader_that_reads_slowly_gets_all_of_it(site):
    address, root, _ = site
    reader = Reader(address, sign_in("mira@demo.example")).until('"order"')
    [stream] = root._hub.streams
    with override_settings(LIVE_STALLED_AFTER=60):
        fill_up(stream)
        put("z", "the last word")
        reader.until("the last word")
    assert not stream.ended
