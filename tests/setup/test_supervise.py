"""The supervisor on small programs: restarts, pauses, logs, the end of everything."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from ceoc.runner import leftovers, places
from ceoc.runner.errors import CannotRun
from ceoc.runner.logs import Lines, Log
from ceoc.runner.process import Program
from ceoc.runner.supervise import Supervisor


@pytest.fixture
def terminal() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def supervisor(tmp_path: Path, terminal: io.StringIO):
    made = Supervisor(Log(tmp_path, terminal), tmp_path / "processes.json")
    yield made
    made.end()


def shell(name: str, script: str, **more: object) -> Program:
    return Program(name, ["/bin/sh", "-c", script], **more)


def pid_of(tmp_path: Path, name: str) -> int:
    rows = json.loads((tmp_path / "processes.json").read_text())
    return next(row["pid"] for row in rows if row["name"] == name)


def until(supervisor: Supervisor, happened: Callable[[], bool], seconds: float = 10) -> None:
    supervisor.until(happened, name="what the test waits for", seconds=seconds)


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_what_is_killed_comes_back(supervisor: Supervisor, tmp_path: Path, terminal: io.StringIO):
    supervisor.keep(shell("sleeper", "sleep 100"), os.environ)
    first = pid_of(tmp_path, "sleeper")
    os.kill(first, signal.SIGKILL)
    until(supervisor, lambda: pid_of(tmp_path, "sleeper") != first)
    assert psutil.pid_exists(pid_of(tmp_path, "sleeper"))
    assert "sleeper ended (by signal SIGKILL); it starts again in 0.5 s" in terminal.getvalue()


def test_the_pause_grows_while_it_dies_at_once(supervisor: Supervisor, terminal: io.StringIO):
    supervisor.keep(shell("dying", "exit 3"), os.environ)
    until(supervisor, lambda: terminal.getvalue().count("exit code 3") >= 3)
    pauses = [line.rpartition(" in ")[2] for line in terminal.getvalue().splitlines() if "exit code 3" in line]
    assert pauses[:3] == ["0.5 s", "1.0 s", "2.0 s"]


def test_what_ran_for_a_while_starts_again_at_once(
    supervisor: Supervisor, terminal: io.StringIO, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ceoc.runner.supervise.LIVED", 0.2)
    supervisor.keep(shell("mortal", "sleep 0.4"), os.environ)
    until(supervisor, lambda: terminal.getvalue().count("starts again") >= 3)
    assert "0.5 s" not in terminal.getvalue()


def test_first_variables_are_given_once(supervisor: Supervisor, terminal: io.StringIO):
    supervisor.keep(shell("player", 'echo "plays ${PLAY:-nothing}"', first_environment={"PLAY": "x"}), os.environ)
    until(supervisor, lambda: "plays nothing" in terminal.getvalue())
    assert terminal.getvalue().count("plays x") == 1


def test_lines_carry_the_name_and_are_kept(supervisor: Supervisor, tmp_path: Path, terminal: io.StringIO):
    assert supervisor.once(shell("talker", "echo one; echo two >&2; printf three; exit 4"), os.environ) == 4
    shown = [line.split(" ", 1)[1] for line in terminal.getvalue().splitlines()]
    assert shown == ["talker       | one", "talker       | two", "talker       | three"]
    assert (tmp_path / "talker.log").read_text() == terminal.getvalue()


def test_the_end_leaves_nothing_not_even_grandchildren(supervisor: Supervisor, tmp_path: Path):
    supervisor.keep(shell("parent", f"sleep 100 & echo $! > {tmp_path}/grandchild; wait"), os.environ)
    until(supervisor, lambda: (tmp_path / "grandchild").exists() and (tmp_path / "grandchild").read_text().strip())
    parent, grandchild = pid_of(tmp_path, "parent"), int((tmp_path / "grandchild").read_text())
    supervisor.end()
    assert gone(parent)
    assert gone(grandchild)
    assert not (tmp_path / "processes.json").exists()


def test_what_does_not_listen_is_killed_after_its_patience(
    supervisor: Supervisor, tmp_path: Path, terminal: io.StringIO
):
    supervisor.keep(shell("deaf", "trap '' TERM; echo deaf; while :; do sleep 0.1; done", patience=0.5), os.environ)
    until(supervisor, lambda: "| deaf" in terminal.getvalue())
    pid, began = pid_of(tmp_path, "deaf"), time.monotonic()
    supervisor.end()
    assert gone(pid)
    assert time.monotonic() - began < 4


def test_stores_end_last(supervisor: Supervisor, tmp_path: Path, terminal: io.StringIO):
    told = "trap 'echo bye; exit' TERM; echo up; while :; do sleep 0.05; done"
    supervisor.keep(shell("store", told, last_to_end=True), os.environ)
    supervisor.keep(shell("work", told), os.environ)
    until(supervisor, lambda: terminal.getvalue().count("| up") == 2)
    supervisor.end()
    byes = [line.split()[1] for line in terminal.getvalue().splitlines() if line.endswith("bye")]
    assert byes == ["work", "store"]


def test_what_never_gets_ready_is_said(supervisor: Supervisor):
    with pytest.raises(CannotRun, match="The moon did not get ready within 0 s"):
        supervisor.until(lambda: False, name="The moon", seconds=0.2)


def test_a_killed_runner_takes_its_children_along(tmp_path: Path):
    script = (
        "import io, os, sys\nfrom pathlib import Path\nfrom ceoc.runner.logs import Log\n"
        "from ceoc.runner.process import Program\nfrom ceoc.runner.supervise import Supervisor\n"
        "folder = Path(sys.argv[1])\nsupervisor = Supervisor(Log(folder, io.StringIO()), folder / 'processes.json')\n"
        "supervisor.keep(Program('sleeper', ['sleep', '100']), os.environ)\n"
        "while True:\n    supervisor.step()\n"
    )
    runner = subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], cwd=places.ROOT)
    record = tmp_path / "processes.json"
    wait_for(record.exists)
    pid = pid_of(tmp_path, "sleeper")
    runner.kill()
    runner.wait()
    wait_for(lambda: gone(pid))


def wait_for(happened: Callable[[], bool], seconds: float = 10) -> None:
    limit = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.05)


def test_leftovers_of_a_killed_runner_are_ended_and_strangers_are_not(tmp_path: Path):
    here = places.find(tmp_path / "var")
    places.make(here)
    left, stranger = (subprocess.Popen(["sleep", "100"], start_new_session=True) for _ in range(2))
    rows = [
        {"name": "web", "pid": left.pid, "started": psutil.Process(left.pid).create_time()},
        {"name": "beat", "pid": stranger.pid, "started": psutil.Process(stranger.pid).create_time() - 3600},
    ]
    (here.run / leftovers.RECORD).write_text(json.dumps(rows))
    assert leftovers.end_leftovers(here) == ["web"]
    assert gone(left.pid)
    assert stranger.poll() is None, "a number that another process got since is not ours"
    stranger.kill()
    stranger.wait()
    (here.run / leftovers.RECORD).write_text("{half")
    assert leftovers.end_leftovers(here) == []


def test_one_runner_a_folder(tmp_path: Path):
    here = places.find(tmp_path / "var")
    places.make(here)
    with leftovers.only_one(here):
        (here.run / leftovers.ADDRESS).write_text("http://127.0.0.1:8000\n")
        with (
            pytest.raises(leftovers.AlreadyRuns, match=rf"at http://127.0.0.1:8000 \(process {os.getpid()}\)"),
            leftovers.only_one(here),
        ):
            pass
    assert leftovers.runner_pid(here) is None


def test_a_closed_terminal_or_a_full_disk_stops_no_log(tmp_path: Path):
    class Closed(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    log = Log(tmp_path / "there-is-no-such-folder", Closed())
    log.say("one")
    log.say("two")


def test_lines_are_cut_across_reads():
    read_end, write_end = os.pipe()
    os.set_blocking(read_end, False)
    lines = Lines()
    os.write(write_end, b"one\ntw")
    assert lines.read(read_end) == (["one"], True)
    os.write(write_end, b"o\n\xff")
    assert lines.read(read_end) == (["two"], True)
    os.close(write_end)
    assert lines.read(read_end) == (["\N{REPLACEMENT CHARACTER}"], False)
    os.close(read_end)
