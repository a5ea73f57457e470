"""What scenarios do with a running system: its sandbox, its database, its commands, and its processes' bad days."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from typing import Any

import psutil
import psycopg

from ceoc.runner.beside import FILE
from ceoc.runner.places import ROOT
from tests.sandbox_process import SandboxProcess
from tests.scenarios.visitor import Row, Visitor
from tests.whole_system import System

_numbers = count(1)


class Running:
    """A running system with everything beside it that a scenario needs."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.env: dict[str, str] = json.loads((system.var / "run" / FILE).read_text())
        self.box = SandboxProcess(self.env)
        self._visitors: dict[str, Visitor] = {}

    def visitor(self, name: str) -> Visitor:
        """That name of the cast, signed in once."""
        if name not in self._visitors:
            self._visitors[name] = Visitor(self.system.address, name)
        return self._visitors[name]

    def manage(self, *arguments: str) -> str:
        """`manage.py` in another terminal; what it prints. Fails when it fails."""
        shell = {"PATH": os.environ["PATH"], "CEOC_VAR": str(self.system.var)}
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=shell, capture_output=True, text=True, timeout=90, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def asked(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the product's database, for counting what the pages do not show."""
        with psycopg.connect(self.env["DATABASE_URL"], connect_timeout=5) as connection:
            return connection.execute(sql, values).fetchall()

    def told(self, page: str, kind: str) -> int:
        """How often a page's timeline tells a kind of fact."""
        return self.asked(
            "SELECT count(*) FROM emergencies_entry e JOIN emergencies_subject s ON s.id = e.subject_id "
            "WHERE s.key = %s AND e.kind = %s AND e.known_until IS NULL", f"page:{page}", kind,
        )[0][0]  # fmt: skip

    def page(self, **words: Any) -> tuple[dict[str, Any], str]:
        """A customer pages; the ids made, and the subject, which nothing else has."""
        subject = f"Trouble {next(_numbers)}-{os.getpid()} of its own"
        return self.box.act("page", **{"subject": subject, **words}), subject

    def on_board(self, subject: str, within: float = 20, name: str = "engineer") -> Row:
        """The row with that subject, as soon as page and ticket stand as one."""

        def whole() -> Row | None:
            found = self.visitor(name).rows(subject)
            return found[0] if len(found) == 1 and "Page None" not in found[0].words else None

        found: Row = self.until(whole, within, f"{subject} on the board")
        return found

    def until(self, happened: Callable[[], Any], within: float, what: str = "it") -> Any:
        """What came about; fails after so many seconds. An outage of what is asked meanwhile counts as 'not yet'."""
        return until(happened, within, f"{what}\n{self.complaints()}")

    def complaints(self) -> str:
        """The last lines of the log that complain."""
        lines = self.system.output().splitlines()
        return "\n".join([line for line in lines if '"level": "error"' in line or "Traceback" in line][-5:])

    def kill(self, name: str) -> None:
        """SIGKILL, and no more than that: the runner is to bring it back."""
        os.kill(self.system.processes()[name], signal.SIGKILL)

    @contextmanager
    def silent(self, name: str) -> Iterator[None]:
        """That process takes connections and answers nobody."""
        process = psutil.Process(self.system.processes()[name])
        process.suspend()
        try:
            yield
        finally:
            process.resume()

    @contextmanager
    def gone(self, name: str) -> Iterator[None]:
        """That process is killed as often as it comes back."""
        ended = threading.Event()
        thread = threading.Thread(target=self._keep_down, args=(name, ended))
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            self.until(self.system.is_up, 30, f"{name} back")

    def _keep_down(self, name: str, ended: threading.Event) -> None:
        while not ended.wait(0.02):
            with suppress(ProcessLookupError, KeyError, ValueError, OSError):
                os.kill(self.system.processes()[name], signal.SIGKILL)

    @contextmanager
    def fault(self, vendor: str, mode: str, seconds: float = 30) -> Iterator[None]:
        """A stand-in vendor is down (503) or slow."""
        self.box.post("/faults", vendor=vendor, mode=mode, seconds=seconds)
        try:
            yield
        finally:
            self.box.post("/faults", vendor=vendor, mode="ok")

    def settled(self, within: float = 20) -> None:
        """Waits until nothing is on its way: no webhook, no delivery, no command, no read that was owed."""
        self.box.settle(within)
        self.until(lambda: self.asked(NOTHING_WAITS)[0][0] == 0, within, "everything read and sent")

    def checked(self) -> None:
        """Everything is read and sent, and the projection is what the timelines say."""
        self.settled()
        assert ", 0 differ." in self.manage("project", "--check")


NOTHING_WAITS = """
SELECT (SELECT count(*) FROM inbox_delivery WHERE state = 'stored')
     + (SELECT count(*) FROM outbox_command WHERE state IN ('queued', 'sending', 'checking', 'will_retry', 'held'))
     + (SELECT count(*) FROM emergencies_subject WHERE read_due_at <= now())
"""


def until(happened: Callable[[], Any], within: float, what: str) -> Any:
    """What came about; fails after so many seconds."""
    limit = time.monotonic() + within
    while not (found := happened()):
        assert time.monotonic() < limit, f"not within {within} s: {what}"
        time.sleep(0.1)
    return found
