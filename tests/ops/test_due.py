"""Sweeps: registered once, run by name, by Celery's task, by the command's rounds; a failing one stops no other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from ceoc.ops import due
from ceoc.ops.management.commands.run_due import do_round
from ceoc.ops.models import Heartbeat
from ceoc.ops.tasks import sweep

pytestmark = pytest.mark.django_db

ENDS_WITHIN = 40
"""Seconds. Half a second of work, on a machine where a dozen processes may want each processor."""


@pytest.fixture(autouse=True)
def sweeps() -> Iterator[list[tuple[str, datetime]]]:
    """Three sweeps, the second of which fails; what ran."""
    before = dict(due._sweeps)
    due._sweeps.clear()
    ran: list[tuple[str, datetime]] = []

    def good(name: str) -> due.Sweep:
        def run(now: datetime) -> int:
            ran.append((name, now))
            return 2

        return run

    def bad(now: datetime) -> int:
        raise ZeroDivisionError

    due.register("deliveries", good("deliveries"))
    due.register("commands", bad)
    due.register("ticks", good("ticks"))
    yield ran
    due._sweeps.clear()
    due._sweeps.update(before)


def test_a_round_runs_them_all_in_order_and_survives_one_that_fails(sweeps) -> None:
    assert do_round() == 4
    assert [name for name, _ in sweeps] == ["deliveries", "ticks"]
    assert all(now.tzinfo for _, now in sweeps)


def test_a_round_proves_that_it_ran() -> None:
    do_round()

    assert Heartbeat.objects.get().name == "run_due"


def test_the_task_runs_one(sweeps) -> None:
    assert sweep("ticks") == 2
    assert [name for name, _ in sweeps] == ["ticks"]
    assert Heartbeat.objects.get().name == "worker"


def test_an_unknown_name_is_an_error() -> None:
    with pytest.raises(KeyError):
        due.run("nonsense", datetime.now().astimezone())


def test_a_second_registration_takes_the_firsts_place(sweeps) -> None:
    due.register("commands", lambda now: 7)

    assert due.names() == ["deliveries", "commands", "ticks"]
    assert do_round() == 11


def test_once_says_how_much_was_done(capsys) -> None:
    call_command("run_due", "--once")

    assert capsys.readouterr().out.splitlines()[-1] == "4 done"


@contextmanager
def looping(log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The command at work, after a round or two."""
    command = [sys.executable, "manage.py", "run_due", "--every", "0.1"]
    with log.open("w") as output, subprocess.Popen(command, stdout=output, env=os.environ) as child:
        try:
            until = time.monotonic() + 60
            while "run_due.started" not in log.read_text() and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(0.3)
            assert child.poll() is None
            yield child
        finally:
            child.kill()
    assert "run_due.started" in log.read_text()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_the_loop_ends_when_it_is_told(end: signal.Signals, tmp_path: Path) -> None:
    with looping(tmp_path / "log") as child:
        child.send_signal(end)
        assert child.wait(timeout=ENDS_WITHIN) == 0


def test_the_loop_ends_also_when_it_is_told_again_and_again(tmp_path: Path) -> None:
    with looping(tmp_path / "log") as child:
        for _ in range(50):
            os.kill(child.pid, signal.SIGTERM)
            os.kill(child.pid, signal.SIGINT)
        assert child.wait(timeout=ENDS_WITHIN) == 0


def test_a_round_that_is_told_to_end_begins_no_other_sweep(sweeps) -> None:
    assert do_round(lambda: bool(sweeps)) == 2
    assert [name for name, _ in sweeps] == ["deliveries"]
