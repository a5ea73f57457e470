"""The one error that the runner stops with."""

from __future__ import annotations


class CannotRun(Exception):
    """The system cannot be started. The text is the sentence that the person at the terminal reads."""
