"""The root application: what is slow stays out of the way of what must not wait."""

from __future__ import annotations

import socket
import threading
import time
from urllib.parse import urlsplit

import pytest

from ceoc import asgi
from tests.live.site import serving, sign_in
from tests.live.test_streams import Reader, answer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site():
    with serving() as served:
        yield served


def test_twenty_slow_pages_do_not_delay_a_webhook(site):
    address, _, _ = site
    session = sign_in("mira@demo.example")
    pages = [threading.Thread(target=answer, args=(address, "/slow/", session)) for _ in range(20)]
    for thread in pages:
        thread.start()
    time.sleep(0.3)
    took = []
    for _ in range(5):
        begin = time.monotonic()
        status, _, body = answer(address, "/webhooks/quick/", session)
        took.append(time.monotonic() - begin)
        assert (status, body) == (200, "quick")
    assert max(took) < 1, took


def test_a_body_that_trickles_in_holds_no_thread(site):
    address, _, _ = site
    host = urlsplit(address)
    senders = []
    for _ in range(asgi.QUICK_THREADS * 2):
        sender = socket.create_connection((host.hostname, host.port))
        sender.sendall(
            f"POST /webhooks/quick/ HTTP/1.1\r\nHost: {host.netloc}\r\nContent-Length: 100\r\n\r\nslow".encode()
        )
        senders.append(sender)
    begin = time.monotonic()
    assert answer(address, "/webhooks/quick/", sign_in("mira@demo.example"))[0] == 200
    assert time.monotonic() - begin < 1
    for sender in senders:
        sender.close()


def test_a_body_that_never_comes_is_told_so(site, monkeypatch):
    monkeypatch.setattr(asgi, "BODY_PATIENCE", 0.2)
    address, _, _ = site
    host = urlsplit(address)
    with socket.create_connection((host.hostname, host.port), timeout=5) as sender:
        sender.sendall(
            f"POST /webhooks/quick/ HTTP/1.1\r\nHost: {host.netloc}\r\nContent-Length: 100\r\n\r\nslow".encode()
        )
        assert b" 408 " in sender.recv(1000)


def test_a_query_that_is_not_ascii_is_refused_by_the_server(site):
    address, _, _ = site
    host = urlsplit(address)
    with socket.create_connection((host.hostname, host.port), timeout=5) as sender:
        sender.sendall(b"GET /webhooks/quick/?q=\xc3\xa9 HTTP/1.1\r\nHost: " + host.netloc.encode() + b"\r\n\r\n")
        assert b" 400 " in sender.recv(1000)


def test_pages_are_answered_while_many_streams_are_open(site):
    address, root, _ = site
    readers = [Reader(address, sign_in(f"p{number}@demo.example")).until('"order"') for number in range(30)]
    assert len(root._hub.streams) == len(readers)
    assert answer(address, "/", sign_in("mira@demo.example"))[0] == 200
