"""A PostgreSQL and a Redis of this test run alone, and the environment that the settings read.

`prepare()` is called when tests/conftest.py is imported, before Django's settings load. The process that began the run
(with xdist: the controller) starts the servers in a folder of its own and passes their addresses on; they end with it,
also when it is killed. Several runs in one checkout never meet.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from ceoc.runner import demo, places, ports, process
from ceoc.runner.postgres import FAST_AND_FORGETFUL, Postgres
from ceoc.runner.process import Program
from ceoc.runner.redis_server import RedisServer

STARTED_BY = "CEOC_TEST_SERVICES"
"""Set for workers and subprocesses of a run: the process that owns the servers."""

PREFIX = "ceoc-test-"


def prepare() -> None:
    """Starts the servers (once a run) and sets what the settings need. What the caller set itself stays."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ceoc.settings")
    if os.environ.get(STARTED_BY):
        return
    folder = _own_folder()
    environment: dict[str, str] = {STARTED_BY: str(os.getpid())}
    if not os.environ.get("DATABASE_URL"):
        environment["DATABASE_URL"] = environment["DATABASE_DIRECT_URL"] = _postgres(folder)
    if not os.environ.get("REDIS_URL"):
        environment["REDIS_URL"] = _redis(folder)
    os.environ.update(environment)
    os.environ["CEOC_VAR"] = str(folder / "var")
    key_folder = folder / "keys"
    key_folder.mkdir(mode=0o700)
    os.environ.update(
        demo.defaults(os.environ, var=folder / "var", port=ports.free(), key_folder=key_folder, near=False)
    )


def _postgres(folder: Path) -> str:
    """Starts PostgreSQL; its address."""
    here = places.Places(var=folder, owner=places.find(folder).owner)
    home = places.postgres_home(here)
    server = Postgres(home, places.socket_folder(here, home), secrets.token_urlsafe(12), here.owner, FAST_AND_FORGETFUL)
    server.prepare()
    _run(Program("postgres", server.command(), owner=here.owner), folder, server.is_ready)
    return server.url()


def _redis(folder: Path) -> str:
    """Starts Redis; its address."""
    server = RedisServer(folder / "redis", ports.free(), secrets.token_urlsafe(12), durable=False)
    server.prepare()
    _run(Program("redis", server.command()), folder, server.is_ready)
    return server.url


def _run(program: Program, folder: Path, is_ready: Callable[[], bool]) -> None:
    """Starts a server that ends with this process, and waits until it answers."""
    log = folder / f"{program.name}.log"
    with log.open("wb") as output:
        child = process.start(program, os.environ, output.fileno())
    atexit.register(_end, child)
    until = time.monotonic() + 30
    while not is_ready():
        if child.poll() is not None or time.monotonic() > until:
            raise RuntimeError(
                f"{program.name} did not start for the tests:\n{log.read_text(errors='replace')[-2000:]}"
            )
        time.sleep(0.05)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Nothing in these servers is kept: PostgreSQL is told to drop all at once, Redis has nothing to save."""
    with contextlib.suppress(ProcessLookupError):
        child.send_signal(signal.SIGQUIT)
    try:
        child.wait(5)
    except subprocess.TimeoutExpired:
        process.signal_group(child, signal.SIGKILL)
        child.wait()


def _own_folder() -> Path:
    """A folder of this run, removed at its end; folders of runs that were killed are removed now."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = left.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-"))
    folder.chmod(0o711)  # the account that runs PostgreSQL for root goes through it
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
