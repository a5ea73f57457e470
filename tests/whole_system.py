"""The whole system as a person starts it: its runner as a process of its own, in a folder of its own, on free ports.

`with running(folder) as system:` starts it, and `system.processes()["web"]` is one of its processes.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from ceoc.runner import places, ports
from ceoc.runner.demo import SECRETS, VENDOR_PORTS
from ceoc.runner.places import ROOT
from ceoc.runner.system import readiness
from tests.sandbox_process import free_ports

COMES_UP_WITHIN = 120
COMES_BACK_WITHIN = 60
NAMES = {"postgres", "redis", "web", "worker-now", "worker-later", "beat", "run-due", "sandbox"}


class System:
    """A system that was started, as somebody beside it sees it."""

    def __init__(self, var: Path, port: int) -> None:
        self.var, self.port = var, port
        self.log = var.parent / "output"
        with self.log.open("wb") as output:
            self.runner = subprocess.Popen(
                [sys.executable, "-m", "ceoc.runner"], cwd=ROOT, env=environment(var, port) | vendors(),
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    @property
    def address(self) -> str:
        return f"http://{ports.HOST}:{self.port}"

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def processes(self) -> dict[str, int]:
        rows = json.loads((self.var / "run" / "processes.json").read_text())
        return {row["name"]: row["pid"] for row in rows}

    def is_up(self) -> bool:
        assert self.runner.poll() is None, self.output()[-4000:]
        return (self.var / "run" / "address").exists() and not readiness(self.address)


def environment(var: Path, port: int) -> dict[str, str]:
    """What a person's shell has, and nothing of this test run."""
    ours = {
        *SECRETS,
        *VENDOR_PORTS,
        "DATABASE_URL",
        "DATABASE_DIRECT_URL",
        "REDIS_URL",
        "CEOC_URL",
        "CEOC_TEST_SERVICES",
    }
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "CEOC_VAR": str(var), "PORT": str(port)}


def vendors() -> dict[str, str]:
    """Addresses for the stand-in vendors that no other system tries to take while this one starts."""
    chosen = zip(VENDOR_PORTS.items(), free_ports(len(VENDOR_PORTS)), strict=True)
    return {name: f"http://{ports.HOST}:{port}{path}" for (name, (_, path)), port in chosen}


def wait(happened: Callable[[], object], seconds: float, system: System) -> None:
    """Waits until it happened; fails with the end of the system's log."""
    limit = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < limit, f"not within {seconds} s; the log ends with:\n{system.output()[-4000:]}"
        time.sleep(0.2)


def lives(pid: int) -> bool:
    """Whether that process runs."""
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@contextmanager
def running(folder: Path) -> Iterator[System]:
    """A system in that folder, up and ready, on free ports; ended afterwards, with all that it wrote elsewhere."""
    var = folder / "var"
    made = System(var, ports.free())
    try:
        wait(made.is_up, COMES_UP_WITHIN, made)
        yield made
    finally:
        made.runner.send_signal(signal.SIGTERM)
        try:
            made.runner.wait(30)
        except subprocess.TimeoutExpired:
            made.runner.kill()
        here = places.find(var)
        for left in (here.aside, *places.short_folders(here)):
            shutil.rmtree(left, ignore_errors=True)
