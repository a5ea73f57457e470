"""One child process: in a session of its own, ended with all that it started, never outliving the runner."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ceoc.runner.places import ROOT, Owner

PR_SET_PDEATHSIG = 1
BURIED_WITHIN = 2.0
"""Seconds that the system gets to take away what was killed."""
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """What to run, as whom, and how it is asked to end."""

    name: str
    command: list[str]
    owner: Owner | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGKILL
    """What it gets from the kernel when the runner dies without a word."""
    patience: float = 6.0
    """Seconds from the stop signal until it is killed."""
    first_environment: Mapping[str, str] = field(default_factory=dict)
    """Variables of its first start alone."""
    last_to_end: bool = False
    """A store: it ends when everything else has."""


def start(program: Program, environment: Mapping[str, str], output: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    """Starts it. Call from the main thread: the kernel's orphan signal is tied to the thread that starts a child."""
    owner = program.owner
    return subprocess.Popen(
        program.command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=dict(environment),
        start_new_session=True,
        preexec_fn=_tied_to(os.getpid(), program.orphan_signal),  # noqa: PLW1509 - the runner has one thread
        user=owner.uid if owner else None,
        group=owner.gid if owner else None,
        extra_groups=[] if owner else None,
        cwd="/" if owner else ROOT,
    )


def signal_group(child: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Sends a signal to the child and to all that it started; nothing when they are gone."""
    try:
        os.killpg(child.pid, number)
    except (ProcessLookupError, PermissionError):
        return


def bury(child: subprocess.Popen[bytes]) -> None:
    """Kills what is left of the child's group and waits until the system has taken it away."""
    signal_group(child, signal.SIGKILL)
    child.wait()
    limit = time.monotonic() + BURIED_WITHIN
    while _group_exists(child.pid) and time.monotonic() < limit:
        time.sleep(0.01)


def stop(child: subprocess.Popen[bytes], program: Program) -> None:
    """Asks it to end, waits for its patience, buries it."""
    if child.poll() is None:
        os.kill(child.pid, program.stop_signal)
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(program.patience)
    bury(child)


def _group_exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs as the data's owner
        return True
    return True


def _tied_to(parent: int, number: signal.Signals) -> Callable[[], None]:
    """What a child does before it becomes its program: ask the kernel for `number` when the parent dies (Linux)."""

    def tie() -> None:
        if _LIBC is not None:
            _LIBC.prctl(PR_SET_PDEATHSIG, int(number))
            if os.getppid() != parent:
                os._exit(1)

    return tie
