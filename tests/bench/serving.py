"""The server that is measured, in a process of its own, and a vendor that takes requests and never answers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

from django.db import connection

from ceoc.runner import ports
from ceoc.runner.places import ROOT
from tests.bench.site import TABLE

STARTS_WITHIN = 30


@contextmanager
def serving(**environment: str) -> Iterator[str]:
    """Uvicorn with the product's root application, as the runner starts it; its address."""
    with served(**environment) as (address, _process):
        yield address


@contextmanager
def served(**environment: str) -> Iterator[tuple[str, int]]:
    """The same, with the id of its process."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    port = ports.free()
    address = f"http://{ports.HOST}:{port}"
    command = [
        sys.executable, "-m", "uvicorn", "tests.bench.site:application", "--host", ports.HOST, "--port", str(port),
        "--no-access-log", "--timeout-graceful-shutdown", "1", "--log-level", "warning",
    ]  # fmt: skip
    with beside_us(command, CEOC_URL=address, PORT=str(port), **environment) as process:
        _wait(address, process)
        yield address, process.pid


@contextmanager
def beside_us(command: list[str], **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that says nothing and ends with the block."""
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    """Until it answers; raises RuntimeError where it ends or takes too long."""
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        http = HTTPConnection(urlsplit(address).netloc, timeout=5)
        try:
            http.request("GET", "/healthz")
            http.getresponse()
        except OSError:
            time.sleep(0.1)
        else:
            return
        finally:
            http.close()
    raise RuntimeError("The server of the bench did not start.")


@contextmanager
def silence() -> Iterator[str]:
    """The address of a vendor that takes every connection and says nothing."""
    with socket.socket() as listener:
        listener.bind((ports.HOST, 0))
        listener.listen(128)
        yield f"http://{ports.HOST}:{listener.getsockname()[1]}"
