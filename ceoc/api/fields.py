"""Reads what a request says into a struct, field by field, so that each wrong one is named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, QueryDict
from msgspec.structs import FieldInfo

from ceoc.api.problems import Problem

S = TypeVar("S", bound=msgspec.Struct)

LONGEST_BODY = 1_000_000
"""Bytes."""

YEARS = range(1970, 2200)
"""Instants beyond are nobody's, and overflow when they are counted with."""

_WHERE = re.compile(r" - at `\$(.*)`$")


def from_query(wanted: type[S], query: QueryDict) -> S:
    """The query of an address. Raises Problem 400 that names unknown and wrong fields."""
    told = {name: query.getlist(name) for name in query}
    twice = {name: ["It stands there twice."] for name, values in told.items() if len(values) > 1}
    if twice:
        raise _problem(twice)
    return _read(wanted, {name: values[0] for name, values in told.items()}, strict=False)


def from_body(wanted: type[S], request: HttpRequest) -> S:
    """The JSON of a request; nothing counts as no fields. Raises Problem 400, 413 or 415."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isascii() and length.isdigit() and int(length) > LONGEST_BODY:
        raise Problem(413)
    try:
        body = request.body
    except RequestDataTooBig:
        raise Problem(413) from None
    if not body.strip():
        return _read(wanted, {}, strict=True)
    if request.content_type != "application/json":
        raise Problem(415)
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Problem(400, f"The body is no JSON that can be read: {error}") from None
    if not isinstance(told, dict):
        raise Problem(400, "The body must be a JSON object.")
    return _read(wanted, told, strict=True)


def _read(wanted: type[S], told: Mapping[str, Any], *, strict: bool) -> S:
    known = {field.encode_name: field for field in msgspec.structs.fields(wanted)}
    errors: dict[str, list[str]] = {}
    for name in told.keys() - known.keys():
        errors[name] = [f"There is no such field; there are: {', '.join(known)}." if known else "No field is known."]
    values: dict[str, Any] = {}
    for name, field in known.items():
        if name in told:
            try:
                values[field.name] = _value(field, told[name], strict=strict)
            except (msgspec.ValidationError, ValueError, OverflowError) as error:
                errors[name] = [_sentence(field, str(error))]
        elif field.required:
            errors[name] = ["This is needed."]
    if errors:
        raise _problem(errors)
    return wanted(**values)


def _value(field: FieldInfo, told: Any, *, strict: bool) -> Any:
    value = msgspec.convert(told, field.type, strict=strict)
    if isinstance(value, str) and "\0" in value:
        raise ValueError("It holds a character that cannot be kept (NUL).")
    if isinstance(value, datetime):
        value = msgspec.convert(told, field.type)  # an instant is written out: a number is none
        if value.year not in YEARS:
            raise ValueError(f"Write a time between {YEARS.start} and {YEARS.stop}.")
        return value.astimezone(UTC)
    return value


def _sentence(field: FieldInfo, said: str) -> str:
    """What is wrong with the value, in a sentence."""
    choices = _choices(field.type)
    if choices:
        return f"Choose one of: {', '.join(choices)}."
    return _WHERE.sub("", said).rstrip(".") + "."


def _choices(kind: Any) -> list[str]:
    """The words of which one must be chosen, where the field has such."""
    if get_origin(kind) is Literal:
        return [str(word) for word in get_args(kind)]
    return [word for part in get_args(kind) for word in _choices(part)]


def _problem(errors: Mapping[str, list[str]]) -> Problem:
    first = next(iter(errors))
    return Problem(400, f"{first}: {errors[first][0]}", errors)
