"""One runner for each folder, and what a runner that was killed left behind."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from ceoc.runner.errors import CannotRun
from ceoc.runner.places import Places

RECORD = "processes.json"
ADDRESS = "address"
LOCK = "lock"
GRACE = 5.0


class AlreadyRuns(CannotRun):
    """Another runner holds this folder."""


@contextmanager
def only_one(places: Places) -> Iterator[None]:
    """Holds the folder's lock; raises AlreadyRuns in words when another runner does."""
    with (places.run / LOCK).open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRuns(_who_runs(places)) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        (places.run / ADDRESS).unlink(missing_ok=True)
        yield


def runner_pid(places: Places) -> int | None:
    """The process that holds the folder's lock; None when nobody does."""
    file = places.run / LOCK
    if not file.exists():
        return None
    with file.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            text = lock.read().strip()
            return int(text) if text.isdigit() else None
    return None


def end_leftovers(places: Places) -> list[str]:
    """Ends processes that an earlier runner recorded and did not end itself; their names. Call under the lock."""
    left = [(name, found) for name, found in _recorded(places.run / RECORD) if found is not None]
    for name, found in left:
        with contextlib.suppress(psutil.Error):
            found.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
    _, alive = psutil.wait_procs([found for _, found in left], timeout=GRACE)
    for found in alive:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(found.pid, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=GRACE)
    (places.run / RECORD).unlink(missing_ok=True)
    return [name for name, _ in left]


def _recorded(file: Path) -> list[tuple[str, psutil.Process | None]]:
    """What a record names and whether that very process (not another of its number) still runs."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [(str(row["name"]), _same(int(row["pid"]), float(row["started"]))) for row in rows]


def _same(pid: int, started: float) -> psutil.Process | None:
    try:
        found = psutil.Process(pid)
        if abs(found.create_time() - started) < 1 and found.status() != psutil.STATUS_ZOMBIE:
            return found
    except psutil.Error:
        return None
    return None


def _who_runs(places: Places) -> str:
    try:
        address = (places.run / ADDRESS).read_text(encoding="utf-8").strip()
    except OSError:
        address = ""
    pid = runner_pid(places)
    where = f"at {address}" if address else "and is still starting, or runs its stores alone"
    return (
        f"CEOC already runs from {places.var}, {where} (process {pid}).\n"
        "End it with Ctrl-C there, or run a second one beside it: CEOC_VAR=/another/folder PORT=8001 make run"
    )
