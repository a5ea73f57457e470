"""The registry of kinds of settings. A kind is a frozen struct with its default, and how a form shows it.

An app registers its own in AppConfig.ready. `Field`s edit one value each; a `Table` edits a tuple of structs, a row
each, told apart by the first column.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

import msgspec

from ceoc.access.viewer import Viewer

Errors = dict[str, str]
"""The name of an input → the sentence of what is wrong with it."""


class Rule(msgspec.Struct, frozen=True):
    """A rule of the procedure that a setting belongs to: its id, which opens its text."""

    id: str
    text: str


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One input: a length of time, a line of text, a choice, or a tick."""

    name: str
    """The attribute of the struct."""
    words: str
    kind: Literal["duration", "text", "choice", "flag"] = "text"
    help: str = ""
    rules: tuple[Rule, ...] = ()
    unit: Literal["minutes", "seconds"] = "minutes"
    least: int = 1
    most: int = 240
    longest: int = 100
    options: tuple[tuple[str, str], ...] = ()
    """Of a choice: value and words; the value "" stands for none."""
    check: Callable[[str], str] | None = None
    """Of a text: the sentence of what is wrong with it, "" where nothing is."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows of the same columns. The first column names the row and is written once."""

    name: str
    words: str
    one: str
    """What a row is called: service, channel."""
    row: Callable[..., Any]
    columns: tuple[Field, ...]
    help: str = ""
    rules: tuple[Rule, ...] = ()

    @property
    def key(self) -> Field:
        """The column that names the row."""
        return self.columns[0]


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of settings: what it is called, what it holds, who may say what in it, what follows from a change."""

    name: str
    words: str
    says: str
    """What it decides, in a sentence."""
    default: Any
    fields: tuple[Field, ...] = ()
    tables: tuple[Table, ...] = ()
    shape: int = 1
    """The form in which a value is written today; grows whenever older rows cannot be read as they are."""
    upcasts: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
    """From a shape to the next."""
    check: Callable[[Any], Errors] | None = None
    """What is wrong with a value as a whole."""
    guard: Callable[[Any, Any, Viewer], Errors] | None = None
    """What of the change from one value to another this viewer may not make."""
    effects: Callable[[Any, Any, Viewer], list[str]] | None = None
    """Sentences that say before saving what will happen, with no count but of what the viewer may see."""
    topics: tuple[str, ...] = ()
    """What else is announced when it changes."""


class Follow(Protocol):
    """Does what follows from a change, a batch at a time: safe twice, at once, and after a crash."""

    def __call__(self, through: int, now: Any, /) -> int | None:
        """Goes on from `through` and answers where to go on next; None when all is done."""


_kinds: dict[str, Kind] = {}
_follows: dict[str, Follow] = {}


def register(kind: Kind, follow: Follow | None = None) -> None:
    """Adds a kind; a name stands once, a second registration takes the first one's place."""
    _kinds[kind.name] = kind
    if follow is not None:
        _follows[kind.name] = follow


def all_kinds() -> tuple[Kind, ...]:
    """Every kind, in order of what they are called."""
    return tuple(sorted(_kinds.values(), key=lambda kind: kind.words))


def find(name: str) -> Kind | None:
    """The kind of that name; none for an unknown one."""
    return _kinds.get(name)


def get(name: str) -> Kind:
    """The kind of that name; raises KeyError for an unknown one."""
    return _kinds[name]


def follow_of(name: str) -> Follow | None:
    """What follows from a change of that kind, where anything does."""
    return _follows.get(name)


def read(kind: Kind, shape: int, value: Any) -> Any:
    """The struct that a row holds, through the upcasts where the row is older; none for what cannot be read."""
    try:
        while shape < kind.shape:
            value = kind.upcasts[shape](value)
            shape += 1
        return msgspec.convert(value, type(kind.default))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def write(value: msgspec.Struct) -> Any:
    """The struct as a row holds it."""
    return msgspec.to_builtins(value)
