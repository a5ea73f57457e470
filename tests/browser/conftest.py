"""What browser tests stand on: one Chromium, the real server on this run's database, and pages signed in as the cast.

    def test_it(server, page_as):
        page = page_as("engineer", server)
        page.goto("/")

A page that logs an error, breaks the content security policy or throws fails its test when it ends.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from ceoc.access import backend
from ceoc.access.models import Person
from ceoc.runner import places, ports
from tests import cast
from tools import chromium

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "1"  # Playwright keeps an event loop in this thread; nobody shares the connection
)

EXPECTED = ("Failed to load resource", "net::ERR_", "Failed to fetch", "signal is aborted")
"""Errors that a browser logs about answers, which a test may want."""

expect.set_options(timeout=15_000)  # other tests have the other core

LOOKS = 4
"""How often in a row, 50 ms apart, nobody must be at work for the server to have finished."""

OTHERS_AT_WORK = """
SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle' AND backend_type = 'client backend'
"""


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    """One Chromium for a file's tests. It ends with them: while Playwright runs, no other test has an event loop."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=list(chromium.FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def server(django_db_setup: None, django_db_blocker) -> Iterator[str]:
    """The product under uvicorn, in a process of its own, on this run's test database; its address."""
    with running_server() as (address, _process):
        yield address


@contextmanager
def running_server(**other: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """A server of one's own, with other settings too: its address and its process."""
    address = f"http://127.0.0.1:{ports.free()}"
    url = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    command = [
        sys.executable, "-m", "uvicorn", "ceoc.asgi:application", "--port", str(urlsplit(address).port),
        "--timeout-graceful-shutdown", "3", "--log-level", "warning",
    ]  # fmt: skip
    environment = {**os.environ, "DATABASE_URL": url, "DATABASE_DIRECT_URL": url, "CEOC_URL": address, **other}
    process = subprocess.Popen(command, env=environment, cwd=places.ROOT)
    try:
        wait_for(lambda: answers(address, process), 60)
        yield address, process
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def page_as(browser: Browser, transactional_db: None) -> Iterator[Callable[..., Page]]:
    """`page_as(name, address, **options of the context)`: a page in a browser of its own, signed in as that name."""
    opened: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(name: str, address: str, **options: object) -> Page:
        context = browser.new_context(base_url=address, **options)
        opened.append(context)
        context.set_default_timeout(8_000)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(name), "url": address}])
        context.on("console", lambda said: said.type == "error" and problems.append(said.text))
        context.on("weberror", lambda error: problems.append(str(error.error)))
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()
    let_the_server_finish()
    assert not [problem for problem in problems if not any(word in problem for word in EXPECTED)]


def let_the_server_finish() -> None:
    """Waits until nobody else is at work in the database: what a closing page still sent is done before the tables are
    emptied. Should the two meet all the same, the database gives up the server's work and not the test's.
    """
    quiet = [False] * LOOKS

    def is_quiet() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(OTHERS_AT_WORK)
            quiet[:] = [*quiet[1:], cursor.fetchone() == (0,)]
        return all(quiet)

    wait_for(is_quiet)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('deadlock_timeout', '30s', false) WHERE current_setting('is_superuser') = 'on'"
        )


def session_of(name: str) -> str:
    """The key of a new session of one of the cast (engineer, second, manager, shadow, cleared, admin)."""
    person: Person = cast.people.settle(cast.CAST[name])
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = backend.PATH
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def wait_for(true: Callable[[], bool], seconds: float = 20.0) -> None:
    """Waits until `true()`; fails when it does not come about."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not come about in time"
        time.sleep(0.05)


def answers(address: str, process: subprocess.Popen) -> bool:
    """Whether the server answers; fails when it has ended."""
    assert process.poll() is None, "the server ended"
    try:
        http = HTTPConnection(urlsplit(address).netloc, timeout=2)
        http.request("GET", "/healthz")
        http.getresponse()
    except OSError:
        return False
    return True
