"""What a change changes, as people read it: a line for each setting, what was and what will be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

import msgspec

from ceoc.team.kinds import Field, Kind, Table


class Line(msgspec.Struct, frozen=True):
    """One setting: what it was and what it is then. Empty where the row is new, or goes."""

    words: str
    was: str
    will: str

    @property
    def how(self) -> Literal["added", "removed", "changed"]:
        """What happens to it."""
        if not self.was:
            return "added"
        return "changed" if self.will else "removed"


def lines(kind: Kind, before: Any, after: Any) -> tuple[Line, ...]:
    """The settings that differ, in the order of the page."""
    was, will = told(kind, before), told(kind, after)
    names = [*was, *(name for name in will if name not in was)]
    return tuple(Line(n, was.get(n, ""), will.get(n, "")) for n in names if was.get(n) != will.get(n))


def told(kind: Kind, value: Any) -> dict[str, str]:
    """Every setting of a value in words, by what it is called."""
    found = {field.words: words(field, getattr(value, field.name)) for field in kind.fields}
    for table in kind.tables:
        for row in getattr(value, table.name):
            found[f"{table.one.capitalize()} {getattr(row, table.key.name)}"] = _row(table, row)
    return found


def words(field: Field, value: Any) -> str:
    """One value in words."""
    if isinstance(value, timedelta):
        number = round(value / timedelta(**{field.unit: 1}))
        return f"{number} {field.unit.removesuffix('s') if number == 1 else field.unit}"
    if field.kind == "flag":
        return field.words.lower() if value else f"not {field.words.lower()}"
    if field.kind == "choice":
        return dict(field.options).get(value or "", str(value))
    return str(value)


def _row(table: Table, row: Any) -> str:
    others = [words(one, getattr(row, one.name)) for one in table.columns[1:]]
    return ", ".join(others) or "listed"
