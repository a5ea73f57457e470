"""Errors as problem details (RFC 9457), and the middleware that lets nothing else out under /api/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseBase

PREFIX = "/api/"
CONTENT_TYPE = "application/problem+json"


class ProblemDetails(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong: `detail` in a sentence, `errors` by field where it was a field's."""

    type: str
    title: str
    status: int
    detail: str
    errors: dict[str, list[str]] = {}


SENTENCES = {
    400: "The request is malformed.",
    401: "Send a token: Authorization: Bearer ceoc_…",
    403: "This may not be done.",
    404: "There is nothing here, or nothing that you may see.",
    405: "This address does not take that method.",
    408: "The request took too long to arrive.",
    409: "It is not so any more.",
    413: "The body is too large.",
    415: "Send the body as application/json.",
    429: "Too many requests.",
    500: "Something went wrong here. It is in the log under the id of X-Request-ID.",
    503: "The database does not answer. Try again in a few seconds.",
}
"""What is said where nothing better is known."""

OF_THE_BODY = frozenset({"Content-Length", "Content-Type", "Content-Encoding", "ETag", "Last-Modified"})
"""Headers that tell of the page which the problem takes the place of; all others go along."""


class Problem(Exception):
    """Raised where a request ends in an error."""

    def __init__(
        self,
        status: int,
        detail: str = "",
        errors: Mapping[str, list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status, self.detail, self.errors, self.headers = status, detail, dict(errors or {}), dict(headers or {})
        super().__init__(detail)

    def response(self) -> HttpResponse:
        """The answer."""
        told = ProblemDetails(
            type="about:blank",
            title=HTTPStatus(self.status).phrase,
            status=self.status,
            detail=self.detail or SENTENCES.get(self.status, HTTPStatus(self.status).phrase),
            errors=self.errors,
        )
        return HttpResponse(
            msgspec.json.encode(told), status=self.status, content_type=CONTENT_TYPE, headers=self.headers
        )


def field_problem(**errors: str) -> Problem:
    """400 that names fields, a sentence each."""
    named = {name: [sentence] for name, sentence in errors.items()}
    return Problem(400, f"Look at {', '.join(named)}: {next(iter(errors.values()))}", named)


class Problems:
    """Whoever answers with an error under /api/ (a doorkeeper, Django itself), it goes out as problem details."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Any request."""
        response = self.get_response(request)
        if response.status_code < 400 or not request.path.startswith(PREFIX):
            return response
        if response.headers.get("Content-Type") == CONTENT_TYPE:
            return response
        told = Problem(response.status_code).response()
        told.headers["Content-Length"] = str(len(told.content))
        for name, value in response.headers.items():
            if name not in OF_THE_BODY:
                told.headers[name] = value
        return told
