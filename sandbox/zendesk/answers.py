"""How Zendesk answers: errors, and lists in pages by number or by cursor with links to its own address."""

import base64
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse

from sandbox.store import Doc

PER_PAGE = 100


class Problem(Exception):
    """An error answer with its HTTP status and body."""

    def __init__(self, status: int, body: Doc) -> None:
        """The body as it is sent."""
        super().__init__(str(body))
        self.status, self.body = status, body

    def answer(self) -> JSONResponse:
        """The error as an answer."""
        return JSONResponse(self.body, self.status)


def not_found() -> Problem:
    """No such record."""
    return Problem(404, {"error": "RecordNotFound", "description": "Not found"})


def no_such_path() -> Problem:
    """No such address."""
    return Problem(404, {"error": {"title": "No help desk at this address", "message": "There is nothing here."}})


def invalid(name: str, sentence: str) -> Problem:
    """A value that cannot be kept."""
    details = {name: [{"description": sentence}]}
    return Problem(422, {"error": "RecordInvalid", "description": "Record validation errors", "details": details})


def bad_request(title: str, message: str) -> Problem:
    """A request that makes no sense."""
    return Problem(400, {"error": {"title": title, "message": message}})


def page(request: Request, name: str, found: list[Doc], base: str) -> Doc:
    """One page of a list: by cursor where `page[size]` is asked for, else by number."""
    if "page[size]" in request.query_params or "page[after]" in request.query_params:
        return _by_cursor(request, name, found, base)
    size = min(max(_number(request, "per_page", PER_PAGE), 1), PER_PAGE)
    number = max(_number(request, "page", 1), 1)
    start = (number - 1) * size
    return {
        name: found[start : start + size],
        "next_page": _link(request, base, {"page": str(number + 1)}) if start + size < len(found) else None,
        "previous_page": _link(request, base, {"page": str(number - 1)}) if number > 1 else None,
        "count": len(found),
    }


def _by_cursor(request: Request, name: str, found: list[Doc], base: str) -> Doc:
    size = min(max(_number(request, "page[size]", PER_PAGE), 1), PER_PAGE)
    start = offset_of(request.query_params.get("page[after]", ""))
    more = start + size < len(found)
    after = cursor_of(start + size) if found[start : start + size] else None
    return {
        name: found[start : start + size],
        "meta": {"has_more": more, "after_cursor": after, "before_cursor": cursor_of(start) if after else None},
        "links": {"next": _link(request, base, {"page[after]": str(after)}) if more else None, "prev": None},
    }


def cursor_of(offset: int) -> str:
    """A cursor for a place in a list."""
    return base64.urlsafe_b64encode(f"o:{offset}".encode()).decode()


def offset_of(cursor: str) -> int:
    """The place that a cursor stands for; raises Problem for one that is none of ours."""
    if not cursor:
        return 0
    try:
        return int(base64.urlsafe_b64decode(cursor.encode()).decode().removeprefix("o:"))
    except ValueError:
        raise bad_request("Invalid attribute", "page[after] is not a valid cursor") from None


def _link(request: Request, base: str, change: Doc) -> str:
    query = dict(request.query_params) | change
    return f"{base}{request.url.path}?{urlencode(query)}"


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name)
    try:
        return int(text) if text else default
    except ValueError:
        raise bad_request("Invalid attribute", f"{name} must be a number") from None


def id_list(request: Request) -> list[str]:
    """The ids of a `show_many`; raises Problem for none or too many."""
    wanted = [text for text in request.query_params.get("ids", "").split(",") if text]
    if not wanted or len(wanted) > 100:
        raise bad_request("Invalid attribute", "ids must name 1 to 100 records")
    return wanted
