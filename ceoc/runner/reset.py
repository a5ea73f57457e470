"""`make reset`: stops a runner of this folder and removes all that it kept."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

import psutil

from ceoc.runner import leftovers, places
from ceoc.runner.errors import CannotRun
from ceoc.runner.places import MARKER, ROOT, Places

STOPS_WITHIN = 30.0


def reset(here: Places) -> list[str]:
    """Stops and removes; what was done, a sentence each."""
    done = _stop(here)
    if not here.var.exists():
        return [*done, f"Nothing to remove: {here.var} does not exist."]
    if here.var != ROOT / "var" and not (here.var / MARKER).exists():
        raise CannotRun(f"{here.var} was not made by CEOC; nothing was removed.")
    done += [f"Ended {name}, which an earlier run had left." for name in leftovers.end_leftovers(here)]
    for folder in (here.var, here.aside, *places.short_folders(here)):
        if folder.is_dir() and not folder.is_symlink():
            size = _size(folder)
            shutil.rmtree(folder)
            done.append(f"Removed {folder} ({size >> 20} MB).")
    if os.environ.get("DATABASE_URL") or os.environ.get("REDIS_URL"):
        done.append("What DATABASE_URL and REDIS_URL name was not touched.")
    return done


def _stop(here: Places) -> list[str]:
    """Ends the runner that holds the folder and waits for it; raises CannotRun when it stays."""
    pid = leftovers.runner_pid(here)
    if pid is None:
        return []
    os.kill(pid, signal.SIGTERM)
    until = time.monotonic() + STOPS_WITHIN
    while psutil.pid_exists(pid) and leftovers.runner_pid(here) == pid:
        if time.monotonic() > until:
            raise CannotRun(f"The runner (process {pid}) did not end within {STOPS_WITHIN:.0f} s; nothing was removed.")
        time.sleep(0.1)
    return [f"Stopped the runner (process {pid})."]


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file())
