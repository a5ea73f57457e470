"""How PagerDuty answers: errors, pages, the sign-in by token, the requester named in `From`."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse

from sandbox.pagerduty.directory import Directory
from sandbox.store import Doc

MAX_REACH = 10_000


class Problem(Exception):
    """An error answer: HTTP status, PagerDuty's own code, message, and sentences."""

    def __init__(self, status: int, code: int, message: str, errors: Sequence[str] = ()) -> None:
        """The pieces of the error body."""
        super().__init__(message)
        self.status, self.code, self.message, self.errors = status, code, message, list(errors)

    def answer(self) -> JSONResponse:
        """The error as PagerDuty words it."""
        error: Doc = {"message": self.message, "code": self.code}
        if self.errors:
            error["errors"] = self.errors
        return JSONResponse({"error": error}, self.status)


def not_found() -> Problem:
    """No such object."""
    return Problem(404, 2100, "Not Found")


def invalid(*sentences: str) -> Problem:
    """Arguments that make no sense."""
    return Problem(400, 2001, "Invalid Input Provided", sentences)


def requester(request: Request, directory: Directory) -> str:
    """The id of the user named in the From header; raises Problem as PagerDuty does."""
    email = request.headers.get("From", "")
    if not email:
        raise Problem(400, 1008, "Requester User Not Found", ["From header is required: the e-mail address of a user."])
    try:
        return directory.user_id(email)
    except KeyError:
        raise Problem(400, 1008, "Requester User Not Found") from None


def page(request: Request, name: str, found: list[Doc]) -> Doc:
    """One page of a list by limit and offset, with `more`, and the total only where asked for."""
    limit = min(max(_number(request, "limit", 25), 1), 100)
    offset = _number(request, "offset", 0)
    if offset < 0 or offset + limit > MAX_REACH:
        raise invalid("Offset must be greater than or equal to 0, and offset plus limit must not exceed 10000.")
    wants_total = request.query_params.get("total") == "true"
    return {
        name: found[offset : offset + limit],
        "limit": limit,
        "offset": offset,
        "total": len(found) if wants_total else None,
        "more": offset + limit < len(found),
    }


def many(request: Request, name: str) -> list[str]:
    """The values of a list parameter such as `statuses[]`."""
    return [value for text in request.query_params.getlist(f"{name}[]") for value in text.split(",") if value]


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    try:
        return int(text)
    except ValueError:
        raise invalid(f"{name.capitalize()} must be a number.") from None
