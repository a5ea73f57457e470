"""Keeps processes running: starts, watches, restarts with a growing pause, and ends them all.

One thread, one loop (`step`): the kernel's orphan signal is tied to the thread that started a child.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from ceoc.runner import process
from ceoc.runner.errors import CannotRun
from ceoc.runner.logs import Lines, Log
from ceoc.runner.process import Program

FIRST_PAUSE = 0.25
LONGEST_PAUSE = 5.0
LIVED = 10.0
"""Seconds after which a process counts as having run: its next pause is the first one again."""


@dataclass
class Kept:
    """A program that is to run, and how it stands."""

    program: Program
    environment: Mapping[str, str]
    child: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    again_at: float = 0.0
    pause: float = FIRST_PAUSE
    starts: int = 0
    lines: Lines = field(default_factory=Lines)


class Supervisor:
    """All processes of one installation."""

    def __init__(self, log: Log, record: Path) -> None:
        self._log = log
        self._record = record
        self._kept: list[Kept] = []
        self._selector = selectors.DefaultSelector()
        self._signals, self._waker = socket.socketpair()
        self.ending = False
        self._impatient = False

    def say(self, line: str) -> None:
        """One line of the runner's own in the merged log."""
        self._log.say(line)

    def plain(self, text: str) -> None:
        """Text for the person at the terminal, as it stands."""
        self._log.plain(text)

    def listen(self) -> None:
        """Takes over Ctrl-C, SIGTERM and SIGHUP: they end the loop in good order; a second one ends it at once."""
        self._signals.setblocking(False)
        self._waker.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        self._selector.register(self._signals, selectors.EVENT_READ)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._end_asked)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def keep(self, program: Program, environment: Mapping[str, str]) -> None:
        """Starts a program and keeps it running."""
        kept = Kept(program, environment)
        self._kept.append(kept)
        self._start(kept)

    def once(self, program: Program, environment: Mapping[str, str]) -> int:
        """Runs a program to its end; its exit code."""
        kept = Kept(program, environment)
        child = self._spawn(kept)
        while child.poll() is None:
            self.step()
            if self.ending:
                process.stop(child, program)
        self._hear(kept)
        self._forget_output(child)
        return child.returncode

    def until(self, is_ready: Callable[[], bool], *, name: str, seconds: float) -> None:
        """Waits until something is ready; raises CannotRun after `seconds`, returns early when all is to end."""
        limit = time.monotonic() + seconds
        while not self.ending and not is_ready():
            if time.monotonic() > limit:
                raise CannotRun(f"{name} did not get ready within {seconds:.0f} s. Its log above says why.")
            self.step(0.1)

    def step(self, longest: float = 0.5) -> None:
        """Reads what was written, sees who died, starts again who may."""
        for key, _ in self._selector.select(longest):
            if key.fileobj is self._signals:
                self._signals.recv(4096)
            else:
                self._hear(key.data)
        for kept in self._kept:
            self._look_after(kept)

    def end(self) -> None:
        """Ends everything: what works first, the stores last. Nothing is left."""
        self.ending = True
        for last in (False, True):
            group = [kept for kept in self._kept if kept.program.last_to_end is last]
            self._end_group(group)
        self._record.unlink(missing_ok=True)

    def _end_asked(self, *_: object) -> None:
        self._impatient = self.ending
        self.ending = True

    def _start(self, kept: Kept) -> None:
        child = self._spawn(kept)
        kept.child, kept.started, kept.starts = child, time.monotonic(), kept.starts + 1
        self._write_record()

    def _spawn(self, kept: Kept) -> subprocess.Popen[bytes]:
        extra = kept.program.first_environment if kept.starts == 0 else {}
        child = process.start(kept.program, {**kept.environment, **extra})
        kept.child = child
        if child.stdout is not None:
            os.set_blocking(child.stdout.fileno(), False)
            kept.lines = Lines()
            self._selector.register(child.stdout, selectors.EVENT_READ, kept)
        return child

    def _hear(self, kept: Kept) -> None:
        child = kept.child
        if child is None or child.stdout is None or child.stdout.closed:
            return
        lines, open_still = kept.lines.read(child.stdout.fileno())
        for line in filter(None, lines):
            self._log.say(line, kept.program.name)
        if not open_still:
            self._forget_output(child)

    def _forget_output(self, child: subprocess.Popen[bytes]) -> None:
        if child.stdout is not None and not child.stdout.closed:
            self._selector.unregister(child.stdout)
            child.stdout.close()

    def _look_after(self, kept: Kept) -> None:
        now = time.monotonic()
        if kept.child is None:
            if now >= kept.again_at and not self.ending:
                self._start(kept)
            return
        code = kept.child.poll()
        if code is None:
            return
        self._hear(kept)
        self._forget_output(kept.child)
        process.signal_group(kept.child, signal.SIGKILL)
        kept.child = None
        if self.ending:
            return
        kept.pause = FIRST_PAUSE if now - kept.started >= LIVED else min(kept.pause * 2, LONGEST_PAUSE)
        kept.again_at = now + kept.pause
        self._log.say(f"{kept.program.name} ended ({_how(code)}); it starts again in {kept.pause:.1f} s")

    def _end_group(self, group: list[Kept]) -> None:
        running = [(kept, kept.child) for kept in group if kept.child is not None]
        for kept, child in running:
            if child.poll() is None:
                child.send_signal(kept.program.stop_signal)
        asked = time.monotonic()
        for kept, child in running:
            while child.poll() is None and not self._impatient:
                if time.monotonic() - asked > kept.program.patience:
                    self._log.say(f"{kept.program.name} did not end within {kept.program.patience:.0f} s: killed")
                    break
                self.step(0.1)
            process.bury(child)
            self._hear(kept)
            self._forget_output(child)
            kept.child = None

    def _write_record(self) -> None:
        """Who runs now, for the next start (leftovers) and for tests; replaced at once, never half written."""
        rows = [_row(kept.program.name, kept.child.pid) for kept in self._kept if kept.child is not None]
        half = self._record.with_suffix(".new")
        try:
            half.write_text(json.dumps([row for row in rows if row], indent=1), encoding="utf-8")
            half.replace(self._record)
        except OSError as error:
            self._log.say(f"{self._record} could not be written: {error.strerror}")


def _row(name: str, pid: int) -> dict[str, object] | None:
    try:
        return {"name": name, "pid": pid, "started": psutil.Process(pid).create_time()}
    except psutil.Error:
        return None


def _how(code: int) -> str:
    if code < 0:
        return f"by signal {signal.Signals(-code).name}" if -code in set(signal.Signals) else f"by signal {-code}"
    return f"exit code {code}"
