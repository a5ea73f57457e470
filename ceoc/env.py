"""Reads settings from the environment, and says in one sentence each what is missing or malformed.

A reader never raises: it keeps the problem, answers a harmless value of the right type, and goes on, so that the last
line of the settings file (`env.check()`) can name every problem at once. Empty counts as not set.

    from ceoc.env import env
    PORT = env.number("PORT", default=8000, what="the port of the web server", least=1, most=65535)
    TOKEN = env.secret("SLACK_BOT_TOKEN", what="the bot token")  # TOKEN() is its present value
    env.check()
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")

YES = frozenset({"1", "true", "yes", "on"})
NO = frozenset({"0", "false", "no", "off"})


class SettingsError(Exception):
    """The settings cannot be used. `problems` holds one sentence for each; the text of the error is all of them."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        heading = "One setting needs a change:" if len(problems) == 1 else f"{len(problems)} settings need a change:"
        super().__init__("\n".join([heading, *(f"  - {problem}" for problem in problems)]))


class Secret:
    """A secret that is read when called, so that a changed file counts without a restart. Never shows itself.

    Where the file cannot be read later on (it is being replaced), the value read last stands.
    """

    def __init__(self, value: str, file: Path | None = None) -> None:
        self._value = value
        self._file = file
        self._read_at = _stamp(file) if file else None

    def __call__(self) -> str:
        """The present value."""
        if self._file is not None:
            stamp = _stamp(self._file)
            if stamp is not None and stamp != self._read_at:
                self._reread(self._file, stamp)
        return self._value

    def items(self) -> list[str]:
        """The present value as a list: what stands between commas."""
        return _split(self())

    def _reread(self, file: Path, stamp: tuple[int, int]) -> None:
        try:
            value = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            return
        if value:
            self._value, self._read_at = value, stamp

    def __bool__(self) -> bool:
        return bool(self())

    def __repr__(self) -> str:
        return "Secret(set)" if self else "Secret(not set)"


class Environment:
    """Typed readers over one mapping of variables. Each takes the variable's name and, in words, what it is for."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self.problems: list[str] = []

    def text(self, name: str, *, what: str, default: str | None = None, one_of: tuple[str, ...] = ()) -> str:
        """Plain text; with `one_of` only those words are taken."""
        value = self._found(name)
        if value is None:
            return self._default(name, what, default, "")
        if one_of and value not in one_of:
            self._malformed(name, what, f"it is {value!r}", f"Use one of: {', '.join(one_of)}")
            return default or one_of[0]
        return value

    def flag(self, name: str, *, what: str, default: bool | None = None) -> bool:
        """Yes or no: 1/0, true/false, yes/no, on/off."""
        value = self._found(name)
        if value is None:
            return self._default(name, what, default, False)
        if value.lower() in YES | NO:
            return value.lower() in YES
        self._malformed(name, what, f"it is {value!r}", "Use 1 or 0")
        return False

    def number(
        self, name: str, *, what: str, default: int | None = None, least: int | None = None, most: int | None = None
    ) -> int:
        """A whole number, from `least` to `most` where they are given."""
        value = self._found(name)
        if value is None:
            return self._default(name, what, default, 0)
        try:
            number = int(value)
        except ValueError:
            self._malformed(name, what, f"it is {value!r}", "Use a whole number")
            return default or 0
        if (least is not None and number < least) or (most is not None and number > most):
            self._malformed(name, what, f"it is {number}", f"Use a number {_bounds(least, most)}")
            return default or 0
        return number

    def url(
        self, name: str, *, what: str, default: str | None = None, schemes: tuple[str, ...] = ("http", "https")
    ) -> str:
        """An address with one of `schemes` and a host (or, like a socket's, a host inside its query)."""
        value = self._found(name)
        if value is None:
            return self._default(name, what, default, "")
        problem = _url_problem(value, schemes)
        if problem:
            self._malformed(name, what, problem, f"Write it as {schemes[0]}://host:port/path")
            return default or ""
        return value

    def items(self, name: str, *, what: str, default: list[str] | None = None) -> list[str]:
        """A list: what stands between commas, without blanks around it and without empty ones."""
        value = self._found(name)
        if value is None:
            return self._default(name, what, default, [])
        items = _split(value)
        if not items:
            self._malformed(name, what, f"it is {value!r}", "Write the values with commas between them")
        return items

    def secret(self, name: str, *, what: str, default: str | None = None) -> Secret:
        """A secret from NAME, or from the file that NAME_FILE names. Its value is never part of a message."""
        value, path = self._found(name), self._found(f"{name}_FILE")
        if value is not None and path is not None:
            self._malformed(name, what, f"both {name} and {name}_FILE are set", "Unset one of them")
        if path is not None:
            return self._secret_file(name, what, Path(path))
        if value is not None:
            return Secret(value)
        if default is not None:
            return Secret(default)
        self._missing(name, what, f"Set {name}, or {name}_FILE to the path of a file that holds it")
        return Secret("")

    def problem(self, sentence: str) -> None:
        """Keeps a problem that a caller found itself (two settings that do not go together)."""
        self.problems.append(sentence)

    def check(self) -> None:
        """Raises SettingsError with all problems found so far; nothing when there is none."""
        if self.problems:
            problems, self.problems = self.problems, []
            raise SettingsError(problems)

    def _secret_file(self, name: str, what: str, file: Path) -> Secret:
        try:
            value = file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not text"
            self._malformed(f"{name}_FILE", what, f"{file} cannot be read ({reason})", "Make the file readable")
            return Secret("")
        if not value:
            self._malformed(f"{name}_FILE", what, f"{file} is empty", "Write the secret into it")
        return Secret(value, file)

    def _found(self, name: str) -> str | None:
        return self._variables.get(name, "").strip() or None

    def _default(self, name: str, what: str, default: T | None, instead: T) -> T:
        if default is not None:
            return default
        self._missing(name, what, f"Set {name}")
        return instead

    def _missing(self, name: str, what: str, mend: str) -> None:
        self.problems.append(f"{name} ({what}) is not set. {mend}; the README's configuration table has an example.")

    def _malformed(self, name: str, what: str, found: str, mend: str) -> None:
        self.problems.append(f"{name} ({what}) cannot be used: {found}. {mend}.")


@contextmanager
def explained() -> Iterator[None]:
    """Wrap a program's start in it: settings that cannot be used are printed without a traceback, exit code 2."""
    try:
        yield
    except SettingsError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


def _stamp(file: Path) -> tuple[int, int] | None:
    """What tells that a file changed: its time in nanoseconds and its inode; None when it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def _split(value: str) -> list[str]:
    return [item.strip() for item in value.split(",") if item.strip()]


def _bounds(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return f"from {least} to {most}"
    return f"not below {least}" if least is not None else f"not above {most}"


def _url_problem(value: str, schemes: tuple[str, ...]) -> str:
    """What is wrong with an address, in words and without a password that may stand in it; "" when nothing is."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return "it is not an address"
    if parts.scheme not in schemes:
        return f"it begins with {parts.scheme + '://' if parts.scheme else 'no scheme'}"
    if port == 0:
        return "its port is 0"
    if not parts.hostname and not parts.query and not parts.path.strip("/"):
        return "it names no host"
    return ""


env = Environment(os.environ)
"""The process's own environment, as the settings file reads it."""
