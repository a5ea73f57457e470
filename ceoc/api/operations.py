"""An operation of the API: what it asks, answers and does. `endpoint` makes a view of it, gate and all."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from ceoc import clock
from ceoc.access.gate import Need, token
from ceoc.access.roles import Capability
from ceoc.access.scopes import Scope
from ceoc.access.viewer import Viewer
from ceoc.api import fields, limits
from ceoc.api.problems import Problem

Method = Literal["GET", "POST"]


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No field."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request as an operation gets it."""

    viewer: Viewer
    now: datetime
    query: Any
    body: Any
    parts: Mapping[str, str]
    """What stands in the address: ids."""
    request: HttpRequest

    def address(self, query: str) -> str:
        """The absolute address of the same thing with another query."""
        scheme = urlsplit(settings.CEOC_URL).scheme
        return f"{scheme}://{self.request.get_host()}{self.request.path}?{query}"


class Told(msgspec.Struct, frozen=True):
    """An answer with a status of its own."""

    value: Any
    status: int = 200


class Elsewhere(msgspec.Struct, frozen=True):
    """What was asked for stands at another address now."""

    address: str


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One method of one address."""

    name: str
    method: Method
    tag: str
    summary: str
    scope: Scope
    capability: Capability
    do: Callable[[Asked], Any]
    """Answers the value, `Told` or `Elsewhere`; raises Problem."""
    answers: Any
    """Type of the value."""
    query: type[msgspec.Struct] = Nothing
    body: type[msgspec.Struct] = Nothing
    also: Mapping[int, str] = {}
    """Statuses of its own, with when they are answered: 202, 307, 404, 409."""


View = Callable[..., HttpResponse]


def endpoint(*operations: Operation) -> View:
    """The view of an address with one operation for each method that it takes."""
    by_method = {operation.method: operation for operation in operations}

    @token(*(Need(one.method, one.scope, one.capability) for one in operations))
    def view(request: HttpRequest, **parts: str) -> HttpResponse:
        operation = by_method["GET" if request.method == "HEAD" else request.method]
        verdict = limits.counter.count(request.token.id, clock.wall())
        try:
            if verdict.over:
                raise Problem(429, f"This token may make {verdict.most} requests a minute.")
            response = _answered(operation, request, parts)
        except Problem as problem:
            response = problem.response()
        for name, value in verdict.headers.items():
            response.headers[name] = value
        return response

    view.operations = operations  # type: ignore[attr-defined]
    return view


def _answered(operation: Operation, request: HttpRequest, parts: Mapping[str, str]) -> HttpResponse:
    asked = Asked(
        viewer=request.viewer,
        now=clock.now(),
        query=fields.from_query(operation.query, request.GET),
        body=fields.from_body(operation.body, request) if operation.method == "POST" else None,
        parts=parts,
        request=request,
    )
    told = operation.do(asked)
    if isinstance(told, Elsewhere):
        return HttpResponse(status=307, headers={"Location": told.address})
    value, status = (told.value, told.status) if isinstance(told, Told) else (told, 200)
    body = msgspec.json.encode(value)
    if operation.method == "GET":
        return _conditional(request, body)
    return HttpResponse(body, status=status, content_type="application/json")


def _conditional(request: HttpRequest, body: bytes) -> HttpResponse:
    """The answer with its tag; 304 where the reader has it already. A tag is the body's and its reader's rights', so
    that one of another audience never fits."""
    sees = request.viewer.audience
    reader = f"{request.viewer.person_id} {sees.role} {sees.cleared} {sorted(sees.capabilities or ())}\n"
    tag = f'"{hashlib.sha256(reader.encode() + body).hexdigest()[:32]}"'
    same = {one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")}
    if tag in same or "*" in same:
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
    else:
        response = HttpResponse(body, content_type="application/json")
    response.headers["ETag"], response.headers["Cache-Control"] = tag, "private, no-cache"
    patch_vary_headers(response, ("Authorization",))
    return response
