"""The outermost edge of loops that must go on: what fails there is logged and goes no further."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self


class Edge:
    """Lets whoever loops go on when the work inside fails in a way that nobody foresaw: that is logged as `event`.

    Nowhere else everything is caught. What is known to happen is caught by its own name, inside.
    """

    def __init__(self, log: Any, event: str, **told: object) -> None:
        self.failed = ""
        """The name of what the work raised, "" when it came to its end."""
        self._log, self._event, self._told = log, event, told

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type | None, error: BaseException | None, _trace: TracebackType | None) -> bool:
        if not isinstance(error, Exception):
            return False  # the end of the work, of the process, or of a task that was cancelled
        self.failed = type(error).__name__
        self._log.exception(self._event, error=self.failed, exc_info=error, **self._told)
        return True
