"""One merged log on the terminal, each line with its process's name, and one file for each process."""

from __future__ import annotations

import contextlib
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

LARGEST_FILE = 10 * 1024 * 1024
LONGEST_LINE = 64 * 1024
NAME_WIDTH = 12


class Log:
    """Where lines go. A full disk or a closed terminal never stops the system."""

    def __init__(self, folder: Path, terminal: TextIO) -> None:
        self._folder = folder
        self._terminal: TextIO | None = terminal

    def say(self, line: str, name: str = "runner") -> None:
        """One line of a process, to the terminal and to its file. Times are UTC."""
        stamped = f"{datetime.now(UTC):%H:%M:%S} {name:<{NAME_WIDTH}} | {line}\n"
        self._show(stamped)
        with contextlib.suppress(OSError):
            self._keep(name, stamped)

    def plain(self, text: str) -> None:
        """Text for the person at the terminal, without a name before it."""
        self._show(text + "\n")

    def _show(self, text: str) -> None:
        if self._terminal is None:
            return
        try:
            self._terminal.write(text)
            self._terminal.flush()
        except (OSError, ValueError):
            self._terminal = None

    def _keep(self, name: str, line: str) -> None:
        file = self._folder / f"{name}.log"
        if file.exists() and file.stat().st_size > LARGEST_FILE:
            file.replace(file.with_suffix(".log.1"))
        with file.open("a", encoding="utf-8") as kept:
            kept.write(line)


class Lines:
    """Cuts what a process writes into lines."""

    def __init__(self) -> None:
        self._rest = b""

    def read(self, handle: int) -> tuple[list[str], bool]:
        """The lines that are complete, and whether the process may still write. `handle` does not block."""
        open_still = True
        while True:
            try:
                part = os.read(handle, LONGEST_LINE)
            except BlockingIOError:
                break
            if not part:
                open_still = False
                break
            self._rest += part
            if len(self._rest) > LONGEST_LINE:
                break
        *whole, self._rest = self._rest.split(b"\n")
        if self._rest and (not open_still or len(self._rest) > LONGEST_LINE):
            whole, self._rest = [*whole, self._rest], b""
        return [line.decode("utf-8", "replace").rstrip() for line in whole], open_still
