"""Takes values out of a vendor's JSON: the absent or null is empty, the wrong type raises Unreadable with its place.

A vendor's answer is untrusted input: nothing here assumes a shape, and no value is quoted in an error.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ceoc.vendors.errors import Unreadable

Json = Mapping[str, Any]

DEEPEST = 12
"""Nesting below which `strings` looks no further."""


def load(body: bytes) -> Json:
    """The JSON object that a body holds. Raises Unreadable when it is not one."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("The body is not JSON.") from error
    if not isinstance(found, dict):
        raise Unreadable("The body is not a JSON object.")
    return found


def get(data: Any, *path: str) -> Any:
    """What stands at a path of keys, or None."""
    for key in path:
        if not isinstance(data, Mapping):
            return None
        data = data.get(key)
    return data


def text(data: Any, *path: str) -> str:
    """A string, or a number as a string (ids); "" when absent."""
    found = get(data, *path)
    if found is None:
        return ""
    if isinstance(found, str):
        return found
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    raise _wrong("text", path)


def must(data: Any, *path: str) -> str:
    """A string that has to be there. Raises Unreadable when it is absent or empty."""
    found = text(data, *path)
    if not found:
        raise _wrong("text", path)
    return found


def number(data: Any, *path: str) -> int | None:
    """A whole number, also written as a string or with a fraction of zero; None when absent."""
    found = get(data, *path)
    if found is None or found == "":
        return None
    if isinstance(found, bool):
        raise _wrong("a number", path)
    try:
        return int(float(found))
    except (TypeError, ValueError, OverflowError) as error:
        raise _wrong("a number", path) from error


def flag(data: Any, *path: str) -> bool:
    """True or false; false when absent."""
    found = get(data, *path)
    if found is None:
        return False
    if not isinstance(found, bool):
        raise _wrong("true or false", path)
    return found


def instant(data: Any, *path: str) -> datetime | None:
    """An RFC 3339 time, in UTC; None when absent. One without a zone is taken as UTC."""
    found = get(data, *path)
    if found is None or found == "":
        return None
    try:
        parsed = datetime.fromisoformat(found)
        return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise _wrong("a time", path) from error


def must_instant(data: Any, *path: str) -> datetime:
    """A time that has to be there. Raises Unreadable when it is absent."""
    found = instant(data, *path)
    if found is None:
        raise _wrong("a time", path)
    return found


def items(data: Any, *path: str) -> tuple[Json, ...]:
    """A list of objects; empty when absent."""
    found = get(data, *path)
    if found is None:
        return ()
    if not isinstance(found, list) or not all(isinstance(item, Mapping) for item in found):
        raise _wrong("a list of objects", path)
    return tuple(found)


def texts(data: Any, *path: str) -> tuple[str, ...]:
    """A list of strings (numbers as strings); empty when absent."""
    found = get(data, *path)
    if found is None:
        return ()
    if not isinstance(found, list):
        raise _wrong("a list", path)
    return tuple(text({"item": item}, "item") for item in found if item is not None)


def strings(found: Any, depth: int = 0) -> tuple[str, ...]:
    """Every string inside any JSON value, in order: free-form details are searched, never trusted to have a shape.

    A number by itself tells nothing: one that stands under a key comes with it, as `ticket_id: 512880`; so does a text
    of digits.
    """
    if isinstance(found, str):
        return (found,)
    if isinstance(found, int | float) and not isinstance(found, bool):
        return (str(found),)
    if depth >= DEEPEST:
        return ()
    if isinstance(found, Mapping):
        return tuple(line for key, value in found.items() for line in _under(str(key), strings(value, depth + 1)))
    inside = found if isinstance(found, list) else ()
    return tuple(text for value in inside for text in strings(value, depth + 1))


def _under(key: str, lines: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{key}: {line}" if line.strip().lstrip("#").isdigit() else line for line in lines)


def _wrong(what: str, path: tuple[str, ...]) -> Unreadable:
    return Unreadable(f"The answer has no {what.removeprefix('a ')} at {'.'.join(path) or 'its top'}.")
