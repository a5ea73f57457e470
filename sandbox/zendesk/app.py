"""The stand-in for one Zendesk account: routes, signing in, rate limit headers, one transaction a request."""

import base64
import binascii
from collections.abc import Awaitable, Callable
from json import JSONDecodeError

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import look
from sandbox.store import Doc, Missing
from sandbox.zendesk.account import Account
from sandbox.zendesk.answers import Problem, bad_request, no_such_path
from sandbox.zendesk.api_bulk import BulkRoutes
from sandbox.zendesk.api_people import DeskRoutes, PeopleRoutes
from sandbox.zendesk.api_requests import RequestRoutes
from sandbox.zendesk.api_tickets import TicketRoutes
from sandbox.zendesk.tickets import Tickets

Handler = Callable[[Request, Doc, Doc], Doc | Response]
Table = list[tuple[str, str, Handler]]
PER_MINUTE = 700


def app(tickets: Tickets) -> Starlette:
    """The application of one account."""
    one, account = TicketRoutes(tickets), tickets.account
    bulk, people, desk = BulkRoutes(one), PeopleRoutes(account), DeskRoutes(account, one)
    table = [*_ticket_table(one, bulk), *_people_table(people), *_desk_table(desk), *_request_table(RequestRoutes(one))]
    meter = Meter(account)
    routes = []
    for method, path, handler in table:
        answer = _wrap(account, handler, meter)
        routes += [Route(f"/api/v2{path}{suffix}", answer, methods=[method]) for suffix in (".json", "")]
    routes.append(Route("/agent/tickets/{id:int}", _look(tickets)))
    return Starlette(routes=routes, exception_handlers={404: _unknown, 405: _unknown})


def _look(tickets: Tickets) -> Callable[[Request], Awaitable[Response]]:
    """The page about one ticket, for whoever follows its link."""

    async def answer(request: Request) -> Response:
        try:
            doc = tickets.find(request.path_params["id"])
        except Missing:
            return Response("There is no such ticket.", 404)
        names = {"Status": "status", "Priority": "priority", "Tags": "tags", "Asked at": "created_at"}
        said = []
        for comment in doc["comments"]:
            author = tickets.account.user(comment["author_id"]) or {"name": "Somebody"}
            kind = "" if comment["public"] else " (internal)"
            said.append((f"{author['name']}{kind} · {comment['created_at']}", comment["body"]))
        title = f"#{doc['id']} {doc['subject']}"
        return look.page(title, "Zendesk", {name: doc[key] for name, key in names.items()}, said)

    return answer


def _ticket_table(one: TicketRoutes, bulk: BulkRoutes) -> Table:
    """Routes about tickets."""
    return [
        ("GET", "/tickets", one.index),
        ("POST", "/tickets", one.create),
        ("GET", "/tickets/show_many", one.show_many),
        ("PUT", "/tickets/update_many", bulk.update_many),
        ("POST", "/tickets/create_many", bulk.create_many),
        ("GET", "/tickets/{id:int}", one.get),
        ("PUT", "/tickets/{id:int}", one.update),
        ("DELETE", "/tickets/{id:int}", one.delete),
        ("GET", "/tickets/{id:int}/comments", one.comments),
        ("GET", "/tickets/{id:int}/audits", one.audits),
        ("GET", "/tickets/{id:int}/audits/{audit}", one.audit),
        ("GET", "/tickets/{id:int}/tags", one.tags),
        ("PUT", "/tickets/{id:int}/tags", one.tags),
        ("POST", "/tickets/{id:int}/tags", one.tags),
        ("DELETE", "/tickets/{id:int}/tags", one.tags),
        ("GET", "/tickets/{id:int}/macros/{macro:int}/apply", one.macro_effect),
        ("POST", "/tickets/{id:int}/merge", bulk.merge),
        ("GET", "/job_statuses", bulk.jobs),
        ("GET", "/job_statuses/{id}", bulk.job),
        ("GET", "/incremental/tickets/cursor", bulk.export),
        ("GET", "/search", bulk.search),
        ("GET", "/search/export", bulk.search_export),
        ("GET", "/search/count", bulk.search_count),
    ]


def _people_table(people: PeopleRoutes) -> Table:
    """Routes about people."""
    return [
        ("GET", "/users", people.users),
        ("POST", "/users", people.add_user),
        ("POST", "/users/create_or_update", people.add_user),
        ("GET", "/users/show_many", people.users_by_id),
        ("GET", "/users/search", people.search_users),
        ("GET", "/users/{id}", people.user),
        ("GET", "/organizations", people.organizations),
        ("GET", "/organizations/show_many", people.organizations_by_id),
        ("GET", "/organizations/{id:int}", people.organization),
        ("PUT", "/organizations/{id:int}", people.change_organization),
        ("GET", "/groups", people.groups),
        ("GET", "/groups/{id:int}", people.group),
    ]


def _desk_table(desk: DeskRoutes) -> Table:
    """Routes about the desk's furniture."""
    return [
        ("GET", "/macros", desk.macros),
        ("GET", "/macros/active", desk.macros),
        ("GET", "/macros/search", desk.macros),
        ("GET", "/macros/{id:int}", desk.macro),
        ("GET", "/macros/{id:int}/apply", desk.macro_effect),
        ("GET", "/ticket_fields", desk.fields),
        ("GET", "/ticket_fields/{id:int}", desk.field),
        ("GET", "/ticket_forms", desk.forms),
        ("GET", "/ticket_forms/{id:int}", desk.form),
        ("GET", "/slas/policies", desk.slas),
        ("GET", "/webhooks", desk.webhooks),
        ("GET", "/webhooks/{id}", desk.webhook),
    ]


def _request_table(requests: RequestRoutes) -> Table:
    """Routes about tickets as their requesters see them."""
    return [
        ("GET", "/requests", requests.index),
        ("GET", "/requests/{id:int}", requests.get),
        ("GET", "/requests/{id:int}/comments", requests.comments),
    ]


class Meter:
    """Counts the requests of the running minute, for the headers that tell what is left."""

    def __init__(self, account: Account) -> None:
        """Counts in real minutes."""
        self._account = account
        self._minute = 0
        self._used = 0

    def headers(self) -> dict[str, str]:
        """Count one request; answers the headers of its answer."""
        minute = int(self._account.box.clock.wall() // 60)
        self._used = self._used + 1 if minute == self._minute else 1
        self._minute = minute
        left = str(max(PER_MINUTE - self._used, 0))
        return {
            "X-Rate-Limit": str(PER_MINUTE),
            "X-Rate-Limit-Remaining": left,
            "RateLimit-Limit": str(PER_MINUTE),
            "RateLimit-Remaining": left,
        }


def _wrap(account: Account, handler: Handler, meter: Meter) -> Callable[[Request], Awaitable[Response]]:
    """Sign in, read the body, answer within one transaction."""

    async def answer(request: Request) -> Response:
        try:
            me = sign_in(account, request)
            body = await _body(request)
            with account.box.store.transaction():
                result = handler(request, me, body)
            response = result if isinstance(result, Response) else JSONResponse(result)
        except Problem as problem:
            response = problem.answer()
        except ValueError as problem:
            response = bad_request("Invalid attribute", f"A value cannot be read: {problem}").answer()
        response.headers.update(meter.headers())
        return response

    return answer


def sign_in(account: Account, request: Request) -> Doc:
    """The agent who signed in by `email/token:token`; raises Problem 401. Any agent's e-mail goes with the account's
    token: that is how the product writes as an engineer."""
    refused = Problem(401, {"error": "Couldn't authenticate you"})
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    try:
        name, _, token = base64.b64decode(rest).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise refused from None
    email, slash, word = name.rpartition("/")
    if scheme.lower() != "basic" or (slash, word) != ("/", "token") or token != account.config.token:
        raise refused
    user = account.user_by_email(email)
    if user is None or user["role"] == "end-user" or user.get("suspended"):
        raise refused
    return user


async def _body(request: Request) -> Doc:
    """The JSON object in the body, {} without one; raises Problem."""
    if not await request.body():
        return {}
    try:
        body = await request.json()
    except (JSONDecodeError, UnicodeDecodeError):
        raise Problem(400, {"error": "Unprocessable", "message": "Server could not parse JSON"}) from None
    return body if isinstance(body, dict) else {}


async def _unknown(request: Request, problem: Exception) -> Response:
    return no_such_path().answer()
