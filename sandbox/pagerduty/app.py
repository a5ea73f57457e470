"""The stand-in for api.pagerduty.com: routes, the check of the token, one transaction a request."""

from collections.abc import Awaitable, Callable
from json import JSONDecodeError

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from sandbox import look
from sandbox.box import Box
from sandbox.pagerduty import log, shapes
from sandbox.pagerduty.answers import Problem, invalid, not_found
from sandbox.pagerduty.api_directory import DirectoryRoutes
from sandbox.pagerduty.api_parts import PartRoutes
from sandbox.pagerduty.api_schedules import ScheduleRoutes
from sandbox.pagerduty.api_subscription import SubscriptionRoutes
from sandbox.pagerduty.handing import Handing
from sandbox.store import Doc

Handler = Callable[[Request, Doc], Doc | Response]
Table = list[tuple[str, str, Handler]]


def app(box: Box, incidents: Handing) -> Starlette:
    """The application."""
    table = [*_incident_table(PartRoutes(incidents)), *_standing_table(box, incidents)]
    routes = [Route(path, _wrap(box, handler), methods=[method]) for method, path, handler in table]
    return Starlette(
        routes=[*routes], exception_handlers={404: _unknown, 405: _unknown}, middleware=[Middleware(Looks, incidents)]
    )


class Looks:
    """Shows a browser that follows a link a page about the incident; everything else goes to the API."""

    def __init__(self, app: ASGIApp, incidents: Handing) -> None:
        """Stands before the API."""
        self._app = app
        self._incidents = incidents

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the browser, or hand on."""
        request = Request(scope)
        key = scope["path"].rpartition("/")[2]
        if look.wanted(request) and self._incidents.known(key):
            await _look(self._incidents, key)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _look(incidents: Handing, key: str) -> Response:
    """The page about one incident."""
    doc = incidents.find(key)
    shown = shapes.incident(incidents.directory, doc)
    people = ", ".join(held["assignee"]["summary"] for held in shown["assignments"])
    facts = {"Status": doc["status"], "Service": shown["service"]["summary"], "Assigned to": people, "Id": key}
    entries = [log.show(incidents.directory, doc, entry, True) for entry in doc["log"]]
    said = [(entry["created_at"], f"{entry['summary']}\n{entry.get('note', '')}".strip()) for entry in entries]
    return look.page(shown["summary"], "PagerDuty", facts, said)


def _incident_table(parts: PartRoutes) -> Table:
    """Routes about incidents and what hangs on them."""
    return [
        ("GET", "/incidents", parts.index),
        ("POST", "/incidents", parts.create),
        ("PUT", "/incidents", parts.update_many),
        ("GET", "/incidents/{id}", parts.get),
        ("PUT", "/incidents/{id}", parts.update),
        ("GET", "/incidents/{id}/log_entries", parts.log_entries),
        ("GET", "/log_entries", parts.all_log_entries),
        ("GET", "/log_entries/{id}", parts.log_entry),
        ("GET", "/incidents/{id}/notes", parts.notes),
        ("POST", "/incidents/{id}/notes", parts.add_note),
        ("POST", "/incidents/{id}/snooze", parts.snooze),
        ("PUT", "/incidents/{id}/merge", parts.merge),
        ("GET", "/incidents/{id}/alerts", parts.alerts),
        ("POST", "/incidents/{id}/responder_requests", parts.add_responders),
    ]


def _standing_table(box: Box, incidents: Handing) -> Table:
    """Routes about what stands: people, services, schedules, the subscription."""
    directory, rota = DirectoryRoutes(box, incidents), ScheduleRoutes(box, incidents)
    hooks = SubscriptionRoutes(box, incidents.directory)
    return [
        ("GET", "/users", directory.users),
        ("GET", "/users/{id}", directory.user),
        ("GET", "/users/{id}/contact_methods", directory.contact_methods),
        ("GET", "/users/{id}/notification_rules", directory.notification_rules),
        ("GET", "/services", directory.services),
        ("GET", "/services/{id}", directory.service),
        ("GET", "/escalation_policies", directory.policies),
        ("GET", "/escalation_policies/{id}", directory.policy),
        ("GET", "/priorities", directory.priorities),
        ("GET", "/schedules", rota.schedules),
        ("GET", "/schedules/{id}", rota.schedule),
        ("GET", "/schedules/{id}/overrides", rota.overrides),
        ("POST", "/schedules/{id}/overrides", rota.add_overrides),
        ("DELETE", "/schedules/{id}/overrides/{override}", rota.delete_override),
        ("GET", "/oncalls", rota.oncalls),
        ("GET", "/webhook_subscriptions", hooks.index),
        ("GET", "/webhook_subscriptions/{id}", hooks.get),
        ("POST", "/webhook_subscriptions/{id}/enable", hooks.enable),
        ("POST", "/webhook_subscriptions/{id}/ping", hooks.ping),
    ]


def _wrap(box: Box, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Check the token, read the body, answer within one transaction."""

    async def answer(request: Request) -> Response:
        try:
            _sign_in(request, box.config.pagerduty_token)
            body = await _body(request)
            with box.store.transaction():
                result = handler(request, body)
        except Problem as problem:
            return problem.answer()
        except ValueError as problem:
            return invalid(f"A value cannot be read: {problem}").answer()
        return result if isinstance(result, Response) else JSONResponse(result)

    return answer


def _sign_in(request: Request, token: str) -> None:
    if request.headers.get("Authorization") != f"Token token={token}":
        raise Problem(401, 2006, "Authentication failed", ["The API key is missing or not known."])


async def _body(request: Request) -> Doc:
    """The JSON object in the body, {} without one; raises Problem."""
    raw = await request.body()
    if not raw:
        return {}
    try:
        body = await request.json()
    except (JSONDecodeError, UnicodeDecodeError):
        raise invalid("Body is not JSON") from None
    if not isinstance(body, dict):
        raise invalid("Body must be an object")
    return body


async def _unknown(request: Request, problem: Exception) -> Response:
    return not_found().answer()
