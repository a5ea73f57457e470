"""The whole system under its runner: it comes up, what is killed comes back, a second one refuses, Ctrl-C ends all.

One system for all tests of this file, in their order; the last one ends it.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from ceoc.runner import places, ports
from ceoc.runner.demo import SECRETS, VENDOR_PORTS
from ceoc.runner.places import ROOT
from ceoc.runner.system import readiness

pytestmark = [pytest.mark.runner, pytest.mark.timeout(240)]

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
                [sys.executable, "-m", "ceoc.runner"], cwd=ROOT, env=environment(var, port), stdin=subprocess.DEVNULL,
                stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
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


def wait(happened: Callable[[], bool], seconds: float, system: System) -> None:
    limit = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < limit, f"not within {seconds} s; the log ends with:\n{system.output()[-4000:]}"
        time.sleep(0.2)


def lives(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Up and ready, in a folder with a blank, on free ports."""
    var = tmp_path_factory.mktemp("whole system") / "var"
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


def test_all_processes_run_and_the_address_is_printed(system: System):
    assert system.processes().keys() == NAMES
    assert f"CEOC is ready: {system.address}" in system.output()
    assert (system.var / "run" / "address").read_text().strip() == system.address


def test_its_secrets_are_not_in_its_log_nor_on_a_command_line(system: System):
    secrets = [file.read_text().strip() for file in (system.var / "secrets").iterdir()]
    assert len(secrets) >= len(SECRETS)
    seen = system.output() + " ".join(" ".join(psutil.Process(pid).cmdline()) for pid in system.processes().values())
    assert not [secret for secret in secrets if secret in seen]


def test_it_listens_on_loopback_alone(system: System):
    runner = psutil.Process(system.runner.pid)
    listening = [
        connection.laddr.ip
        for process in runner.children(recursive=True)
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert set(listening) == {ports.HOST}


def test_a_second_start_says_where_the_first_one_is(system: System):
    second = subprocess.run(
        [sys.executable, "-m", "ceoc.runner"],
        cwd=ROOT, env=environment(system.var, ports.free()), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert f"already runs from {system.var}, at {system.address} (process {system.runner.pid})" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_taken_port_is_named_with_who_has_it_and_how_to_choose_another(tmp_path: Path):
    with socket.socket() as other:
        other.bind((ports.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "ceoc.runner"],
            cwd=ROOT, env=environment(tmp_path / "var", port), capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert f"Port {port} is taken by" in done.stderr
    assert f"(process {os.getpid()})" in done.stderr
    assert "PORT=" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "eighty"), ("PAGERDUTY_API_URL", "nowhere"), ("DEBUG", "perhaps")]
)
def test_malformed_settings_stop_the_start_in_words(tmp_path: Path, name: str, value: str):
    done = subprocess.run(
        [sys.executable, "-m", "ceoc.runner"],
        cwd=ROOT, env={**environment(tmp_path / "var", ports.free()), name: value},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    said = done.stdout + done.stderr
    assert done.returncode == 2
    assert f"{name} (" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("name", sorted(NAMES))
def test_what_is_killed_comes_back(system: System, name: str):
    first = system.processes()[name]
    os.kill(first, signal.SIGKILL)
    wait(lambda: system.processes().get(name) not in {None, first}, COMES_BACK_WITHIN, system)
    wait(lambda: lives(system.processes()[name]) and system.is_up(), COMES_BACK_WITHIN, system)


def test_ctrl_c_leaves_no_process_and_keeps_the_data(system: System):
    children = psutil.Process(system.runner.pid).children(recursive=True)
    assert len(children) >= len(NAMES)
    system.runner.send_signal(signal.SIGINT)
    assert system.runner.wait(30) == 0
    assert not [child for child in children if lives(child.pid)]
    assert not (system.var / "run" / "processes.json").exists()
    assert not (system.var / "run" / "address").exists()
    here = places.find(system.var)
    assert any((folder / "data" / "PG_VERSION").exists() for folder in (system.var / "postgres", here.aside))
