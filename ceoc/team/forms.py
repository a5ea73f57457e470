"""Forms of settings: what is shown of a value, what was typed, and the value that it makes or what is wrong with it.

What is typed is kept as plain text by the names of its inputs, so that it goes through looking, refusing and somebody
else's change without loss.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from ceoc.team.kinds import Errors, Field, Kind, Rule, Table

Typed = dict[str, str]
"""The name of an input → what stands in it."""

SPARE = 2
"""Empty rows that a table ends with."""
MOST_ROWS = 100
ON = "on"
LONGEST = 500
"""Characters of one input that are looked at at all."""


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """One input as the template writes it."""

    name: str
    words: str
    kind: str
    value: str
    help: str
    rules: tuple[Rule, ...]
    unit: str
    least: int
    most: int
    longest: int
    options: tuple[tuple[str, str], ...]
    error: str


class Row(msgspec.Struct, frozen=True):
    """One row of a table: the name that it had, its inputs, and whether it is to go."""

    prefix: str
    was: str
    inputs: tuple[Input, ...]
    removed: bool


class Grid(msgspec.Struct, frozen=True):
    """A table as rows of inputs."""

    words: str
    one: str
    help: str
    rules: tuple[Rule, ...]
    rows: tuple[Row, ...]


class Form(msgspec.Struct, frozen=True):
    """All inputs of a kind, and what was typed as it is carried along."""

    inputs: tuple[Input, ...]
    grids: tuple[Grid, ...]
    carried: tuple[tuple[str, str], ...]
    wrong: int
    """How many inputs hold something wrong."""


def typed_of(kind: Kind, value: Any) -> Typed:
    """What stands in the form of a value."""
    typed = {field.name: _shown(field, getattr(value, field.name)) for field in kind.fields}
    for table in kind.tables:
        for place, row in enumerate(getattr(value, table.name)):
            prefix = f"{table.name}-{place}"
            typed[f"{prefix}-was"] = _shown(table.key, getattr(row, table.key.name))
            typed |= {f"{prefix}-{one.name}": _shown(one, getattr(row, one.name)) for one in table.columns}
    return typed


def typed_from(kind: Kind, post: Mapping[str, str]) -> Typed:
    """What was typed, as it was sent: the inputs of this kind alone, cut where nobody would type so much."""
    names = [field.name for field in kind.fields]
    for table in kind.tables:
        for place in range(MOST_ROWS):
            prefix = f"{table.name}-{place}"
            names += [f"{prefix}-{part}" for part in ("was", "remove", *(column.name for column in table.columns))]
    return {name: post[name].strip()[:LONGEST] for name in names if post.get(name, "").strip()}


def value_of(kind: Kind, typed: Typed) -> tuple[Any, Errors]:
    """The value that was typed, and what is wrong by the name of the input; with anything wrong there is no value."""
    errors: Errors = {}
    made = {field.name: _read(field, field.name, typed, errors) for field in kind.fields}
    for table in kind.tables:
        made[table.name] = tuple(_rows(table, typed, errors))
    return (None, errors) if errors else (type(kind.default)(**made), errors)


def form(kind: Kind, typed: Typed, errors: Errors) -> Form:
    """The form with what was typed in it, and what is wrong beside the inputs."""
    return Form(
        inputs=tuple(_input(field, field.name, typed, errors) for field in kind.fields),
        grids=tuple(_grid(table, typed, errors) for table in kind.tables),
        carried=tuple(typed.items()),
        wrong=len(errors),
    )


def placed(kind: Kind, typed: Typed, errors: Errors) -> Errors:
    """Errors of a whole value, which name a table's row by its key (`channels:support_managers:cleared`), at the inputs
    where they were typed."""
    found: Errors = {}
    for name, sentence in errors.items():
        table_name, _, rest = name.partition(":")
        row, _, column = rest.rpartition(":")
        table = next((one for one in kind.tables if one.name == table_name), None)
        found[_place_of(table, row, column, typed) if table else name] = sentence
    return found


def _place_of(table: Table, row: str, column: str, typed: Typed) -> str:
    prefixes = list(_prefixes(table, typed)) if row else []
    by_name = (one for one in prefixes if typed.get(f"{one}-{table.key.name}", "") == row)
    by_old_name = (one for one in prefixes if typed.get(f"{one}-was", "") == row)
    prefix = next(by_name, None) or next(by_old_name, None) or f"{table.name}-0"
    return f"{prefix}-{column or table.key.name}"


def _rows(table: Table, typed: Typed, errors: Errors) -> Iterator[Any]:
    """The rows that stay; what is wrong with them is added to `errors`."""
    seen: set[str] = set()
    for prefix in _prefixes(table, typed):
        if f"{prefix}-remove" in typed:
            continue
        key = f"{prefix}-{table.key.name}"
        if key not in typed:
            errors[key] = f"Write the name of this {table.one}, or tick Remove."
            continue
        wrong = len(errors)
        values = {one.name: _read(one, f"{prefix}-{one.name}", typed, errors) for one in table.columns}
        if typed[key].casefold() in seen:
            errors[key] = f"{typed[key]} stands here twice."
        seen.add(typed[key].casefold())
        if len(errors) == wrong:
            yield table.row(**values)


def _prefixes(table: Table, typed: Typed) -> Iterator[str]:
    """The rows that were there, and those in which anything was written."""
    written = ("was", *(column.name for column in table.columns if column.kind == "text"))
    for place in range(MOST_ROWS):
        prefix = f"{table.name}-{place}"
        if any(f"{prefix}-{part}" in typed for part in written):
            yield prefix


def _read(field: Field, name: str, typed: Typed, errors: Errors) -> Any:
    text = typed.get(name, "")
    if field.kind == "flag":
        return text == ON
    if field.kind == "duration":
        return _duration(field, name, text, errors)
    if field.kind == "choice":
        if text not in dict(field.options):
            errors[name] = "Choose one of these."
        return text or None
    if not text:
        errors[name] = f"{field.words} must not be empty."
    elif len(text) > field.longest:
        errors[name] = f"This is longer than {field.longest} characters."
    elif field.check and (sentence := field.check(text)):
        errors[name] = sentence
    return text


def _duration(field: Field, name: str, text: str, errors: Errors) -> timedelta:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1
    if not field.least <= number <= field.most:
        errors[name] = f"Write a whole number of {field.unit} from {field.least} to {field.most}."
        return timedelta()
    return timedelta(**{field.unit: number})


def _shown(field: Field, value: Any) -> str:
    """A value as it stands in its input; "" for none, and for a tick that is not set."""
    if isinstance(value, timedelta):
        return str(round(value / timedelta(**{field.unit: 1})))
    if isinstance(value, bool):
        return ON if value else ""
    return "" if value is None else str(value)


def _input(field: Field, name: str, typed: Typed, errors: Errors) -> Input:
    return Input(
        name=name, words=field.words, kind=field.kind, value=typed.get(name, ""), help=field.help, rules=field.rules,
        unit=field.unit, least=field.least, most=field.most, longest=field.longest, options=field.options,
        error=errors.get(name, ""),
    )  # fmt: skip


def _grid(table: Table, typed: Typed, errors: Errors) -> Grid:
    sent = list(_prefixes(table, typed))
    after = max((int(prefix.rpartition("-")[2]) for prefix in sent), default=-1) + 1
    blank = [f"{table.name}-{place}" for place in range(after, min(after + SPARE, MOST_ROWS))]
    rows = [
        Row(
            prefix,
            typed.get(f"{prefix}-was", ""),
            tuple(_input(one, f"{prefix}-{one.name}", typed, errors) for one in table.columns),
            f"{prefix}-remove" in typed,
        )
        for prefix in (*sent, *blank)
    ]
    return Grid(table.words, table.one, table.help, table.rules, tuple(rows))
