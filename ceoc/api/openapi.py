"""The API's document, made from the operations that its addresses lead to, so that it cannot say anything else."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from ceoc.access.scopes import SCOPES
from ceoc.api.operations import Operation
from ceoc.api.problems import CONTENT_TYPE, SENTENCES, ProblemDetails

Document = dict[str, Any]

BASE = "api/v1/"
REFS = "#/components/schemas/{name}"
PROBLEM = REFS.format(name="ProblemDetails")
ALWAYS = (400, 401, 403, 405, 429, 500, 503)
WITH_BODY = (413, 415)

ABOUT = """Emergencies, what is owed in them, and every act that a page has.

Send `Authorization: Bearer ceoc_…`: a token from the page *API tokens* or from `manage.py api_token EMAIL`. It acts as
its person, with the rights of that moment; what they may not see is not there. Cookies count nothing here.
Times are RFC 3339 in UTC. Errors are problem details. Reading sends an `ETag`; send it back as `If-None-Match`.
"""

TAGS = {
    "emergencies": "Read emergencies",
    "acts": "Do what a page does",
    "tray": "Pages made by hand that wait to be tied",
    "commands": "What was asked of the vendors",
    "deliveries": "What the vendors' webhooks brought",
    "oncall": "Who is on call",
}


class Published(msgspec.Struct, frozen=True):
    """The document as it is sent."""

    text: bytes
    digest: str


@lru_cache(maxsize=1)
def published() -> Published:
    """The document of this release."""
    text = msgspec.json.encode(document())
    return Published(text, hashlib.sha256(text).hexdigest()[:32])


def document() -> Document:
    """OpenAPI 3.1."""
    found = list(addresses())
    schemas = _schemas([one for _, operations in found for one in operations])
    paths: Document = {}
    for address, operations in found:
        paths[_template(address)] = {one.method.lower(): _operation(one, address, schemas) for one in operations}
    return {
        "openapi": "3.1.0",
        "info": {"title": "CEOC", "version": "1", "description": ABOUT},
        "servers": [{"url": settings.CEOC_URL}],
        "tags": [{"name": name, "description": words} for name, words in TAGS.items()],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": _scopes()}},
            "schemas": schemas.components,
            "headers": HEADERS,
        },
    }


def addresses() -> Iterator[tuple[str, tuple[Operation, ...]]]:
    """Every address that leads to operations, with them."""
    for address, view in _walk(get_resolver().url_patterns, ""):
        operations = getattr(view, "operations", None)
        if operations and address.startswith(BASE):
            yield address, operations


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, here)
        else:
            yield here, pattern.callback


class _Types:
    """The schema of each type that is used, and the components that they refer to."""

    def __init__(self, types: list[Any]) -> None:
        told, self.components = msgspec.json.schema_components(types, ref_template=REFS)
        self._told = {repr(kind): schema for kind, schema in zip(types, told, strict=True)}

    def of(self, kind: Any) -> Document:
        """The schema of a type that was handed in at the start."""
        return dict(self._told[repr(kind)])


def _schemas(operations: list[Operation]) -> _Types:
    types: list[Any] = [ProblemDetails]
    for one in operations:
        types += [one.answers, one.body, *(field.type for field in msgspec.structs.fields(one.query))]
    return _Types(types)


def _operation(one: Operation, address: str, types: _Types) -> Document:
    told: Document = {
        "operationId": one.name,
        "tags": [one.tag],
        "summary": one.summary,
        "description": f"Needs the scope `{one.scope}` and the capability `{one.capability}`.",
        "parameters": [*_ids(address), *_query(one, types)],
        "responses": _responses(one, types),
    }
    if one.method == "POST":
        needed = any(field.required for field in msgspec.structs.fields(one.body))
        content = {"application/json": {"schema": types.of(one.body)}}
        told["requestBody"] = {"required": needed, "content": content}
    return told


def _template(address: str) -> str:
    return "/" + re.sub(r"<\w+:(\w+)>", lambda found: "{" + _word(found[1]) + "}", address)


def _word(name: str) -> str:
    return "id" if name == "public_id" else name


def _ids(address: str) -> Iterator[Document]:
    """The ids in an address; all of them are of letters, digits, `-` and `_`."""
    for name in re.findall(r"<\w+:(\w+)>", address):
        schema = {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 80}
        yield {"name": _word(name), "in": "path", "required": True, "schema": schema}


def _query(one: Operation, types: _Types) -> Iterator[Document]:
    for field in msgspec.structs.fields(one.query):
        schema = types.of(field.type)
        description = schema.pop("description", "")
        if field.default not in (msgspec.NODEFAULT, msgspec.UNSET, ""):
            schema["default"] = field.default
        told = {"name": field.encode_name, "in": "query", "required": field.required, "schema": schema}
        yield told | ({"description": description} if description else {})


def _responses(one: Operation, types: _Types) -> Document:
    told: Document = {}
    for status, words in sorted(_statuses(one).items()):
        answer: Document = {"description": words, "headers": _headers(status, one)}
        if 200 <= status < 300:
            answer["content"] = {"application/json": {"schema": types.of(one.answers)}}
        elif status >= 400:
            answer["content"] = {CONTENT_TYPE: {"schema": {"$ref": PROBLEM}}}
        told[str(status)] = answer
    return told


def _statuses(one: Operation) -> dict[int, str]:
    told = {200: "Done." if one.method == "POST" else "What was asked for."}
    if one.method == "GET":
        told[304] = "It is as `If-None-Match` says."
    for status in ALWAYS + (WITH_BODY if one.method == "POST" else ()):
        told[status] = SENTENCES[status]
    return told | dict(one.also)


def _headers(status: int, one: Operation) -> Document:
    names = ["X-Request-ID"]
    if status not in (401, 405, 500, 503):
        names += ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"]
    if status in (429, 503):
        names.append("Retry-After")
    if status in (200, 304) and one.method == "GET":
        names.append("ETag")
    if status in (401, 403):
        names.append("WWW-Authenticate")
    if status == 307:
        names.append("Location")
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _header(description: str, kind: str = "string") -> Document:
    return {"description": description, "schema": {"type": kind}}


HEADERS = {
    "X-Request-ID": _header("Under this id the request stands in the log."),
    "RateLimit-Limit": _header("Requests that the token may make in a minute.", "integer"),
    "RateLimit-Remaining": _header("How many of them are left.", "integer"),
    "RateLimit-Reset": _header("Seconds until the count begins anew.", "integer"),
    "Retry-After": _header("Seconds after which to try again.", "integer"),
    "ETag": _header("Send it back as If-None-Match."),
    "WWW-Authenticate": _header("Which token is wanted, and what is wrong with the one that was sent."),
    "Location": _header("Where it stands now."),
}


def _scopes() -> str:
    return "Scopes of a token: " + "; ".join(f"`{scope}`: {words}" for scope, words in SCOPES.items())
