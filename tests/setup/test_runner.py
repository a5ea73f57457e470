"""The whole system under its runner: it comes up, what is killed comes back, a second one refuses, Ctrl-C ends all.

One system for all tests of this file, in their order; the last one ends it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ceoc.runner import places, ports
from ceoc.runner.demo import SECRETS
from ceoc.runner.places import ROOT
from tests.whole_system import COMES_BACK_WITHIN, NAMES, System, environment, lives, running, wait

pytestmark = [pytest.mark.runner, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Up and ready, in a folder with a blank."""
    with running(tmp_path_factory.mktemp("whole system")) as made:
        yield made


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


def test_a_command_in_another_terminal_works_with_the_system_that_runs(system: System):
    shell = {"PATH": os.environ["PATH"], "CEOC_VAR": str(system.var)}
    done = subprocess.run(
        [sys.executable, "manage.py", "scenario"],
        cwd=ROOT, env=shell, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "two-at-once" in done.stdout


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
