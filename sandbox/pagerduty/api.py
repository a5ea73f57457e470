"""The REST API's routes about incidents."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from sandbox.clock import iso, parse
from sandbox.pagerduty import log, shapes
from sandbox.pagerduty.answers import Problem, invalid, many, not_found, page, requester
from sandbox.pagerduty.handing import Handing
from sandbox.pagerduty.incidents import Draft
from sandbox.store import Doc, Missing

STATUSES = ("triggered", "acknowledged", "resolved")
MONTH = 31 * 24 * 3600
HALF_YEAR = 184 * 24 * 3600


class IncidentRoutes:
    """One method a route; the wrapper gives the body and keeps each call one transaction."""

    def __init__(self, incidents: Handing) -> None:
        """Answers from these incidents."""
        self.incidents = incidents
        self.directory = incidents.directory

    def find(self, request: Request) -> Doc:
        """The incident named in the path; raises Problem 404."""
        try:
            return self.incidents.find(request.path_params["id"])
        except Missing:
            raise not_found() from None

    def index(self, request: Request, body: Doc) -> Doc:
        """GET /incidents: filtered, within the dates asked for (a month by default), a page of them."""
        found = [doc for doc in self.incidents.all() if self._wanted(request, doc)]
        sort = request.query_params.get("sort_by", "incident_number:asc").split(",")[0].split(":")
        key = {"incident_number": "number"}.get(sort[0], sort[0])
        if key not in ("number", "created_at", "resolved_at", "urgency"):
            raise invalid("Sort by is invalid")
        found.sort(key=lambda doc: (doc[key] is None, doc[key]), reverse=sort[-1] == "desc")
        include = many(request, "include")
        return page(request, "incidents", [shapes.incident(self.directory, doc, include) for doc in found])

    def _wanted(self, request: Request, doc: Doc) -> bool:
        """Does the incident pass the filters?"""
        statuses = many(request, "statuses")
        if any(status not in STATUSES for status in statuses):
            raise invalid("Statuses must be triggered, acknowledged or resolved")
        key = request.query_params.get("incident_key")
        since, until = self._range(request)
        return (
            (not statuses or doc["status"] in statuses)
            and (not key or doc["key"] == key)
            and _among(many(request, "service_ids"), [doc["service"]])
            and _among(many(request, "urgencies"), [doc["urgency"]])
            and _among(many(request, "user_ids"), [held["user"] for held in doc["assignments"]])
            and not many(request, "team_ids")
            and (since is None or since <= doc["created_at"])
            and (until is None or doc["created_at"] < until)
        )

    def _range(self, request: Request) -> tuple[str | None, str | None]:
        """The dates asked for; none with `date_range=all`; at most half a year at once."""
        query = request.query_params
        if query.get("date_range") == "all":
            return None, None
        now = self.incidents.box.clock.now().timestamp()
        try:
            until = parse(query["until"]).timestamp() if "until" in query else now + 1
            since = parse(query["since"]).timestamp() if "since" in query else until - MONTH
        except ValueError:
            raise invalid("Since and until must be dates.") from None
        if until - since > HALF_YEAR:
            raise invalid("The date range cannot exceed 6 months.")
        moment = parse("2000-01-01")
        return iso(moment.fromtimestamp(since, moment.tzinfo)), iso(moment.fromtimestamp(until, moment.tzinfo))

    def get(self, request: Request, body: Doc) -> Doc:
        """GET /incidents/{id}."""
        include = [*many(request, "include"), "body"]
        return {"incident": shapes.incident(self.directory, self.find(request), include)}

    def create(self, request: Request, body: Doc) -> JSONResponse:
        """POST /incidents: 201, or 400 for a key that an open incident has, or where nobody would be rung."""
        user = requester(request, self.directory)
        wanted = _object(body, "incident")
        service = str((wanted.get("service") or {}).get("id", ""))
        if service not in self.directory.services:
            raise invalid("Service cannot be empty")
        if not wanted.get("title"):
            raise invalid("Title cannot be empty")
        key = str(wanted.get("incident_key") or "")
        if self.incidents.open_with_key(service, key):
            raise invalid("Open incident with matching dedup key already exists on this service")
        doc = self.incidents.create(self._draft(wanted, service, key, user))
        if doc is None:
            raise invalid("Nobody is on call for this incident")
        return JSONResponse({"incident": shapes.incident(self.directory, doc, ["body"])}, 201)

    def _draft(self, wanted: Doc, service: str, key: str, user: str) -> Draft:
        """The incident that a POST asks for."""
        policy = str((wanted.get("escalation_policy") or {}).get("id") or "")
        people = self._people(wanted.get("assignments"))
        if policy and policy not in self.directory.policies:
            raise invalid("Escalation policy not found")
        body = wanted.get("body")
        channel: Doc = {"type": "api", "summary": f"Triggered by {self.directory.users[user].name}"}
        if isinstance(body, dict) and body.get("details"):
            channel["details"] = body["details"] if isinstance(body["details"], dict) else {"body": body["details"]}
        return Draft(
            service,
            str(wanted["title"]),
            {"user": user},
            channel,
            key,
            policy,
            people,
            str(wanted.get("urgency") or "high"),
            self._priority(wanted.get("priority")),
            body,
        )

    def _people(self, assignments: object) -> list[str]:
        """The ids of the assignees asked for; raises Problem for an unknown one."""
        wanted = [str((held.get("assignee") or {}).get("id", "")) for held in assignments or []]  # type: ignore[attr-defined]
        if any(user not in self.directory.users for user in wanted):
            raise invalid("Assignee not found")
        return wanted

    def _priority(self, wanted: object) -> str:
        """The id of the priority asked for, by object or name."""
        if not wanted:
            return ""
        key = wanted.get("id") if isinstance(wanted, dict) else None
        for priority, name in self.directory.priorities.items():
            if priority == key or name == wanted:
                return priority
        raise invalid("Priority not found")

    def update(self, request: Request, body: Doc) -> Doc:
        """PUT /incidents/{id}."""
        user = requester(request, self.directory)
        doc = self.find(request)
        self._apply(doc, _object(body, "incident"), user)
        return {"incident": shapes.incident(self.directory, doc)}

    def update_many(self, request: Request, body: Doc) -> Doc:
        """PUT /incidents: all of them, or none where one is wrong."""
        user = requester(request, self.directory)
        wanted = body.get("incidents")
        if not isinstance(wanted, list) or not wanted:
            raise invalid("Incidents must be a list")
        if len(wanted) > 250:
            raise Problem(413, 2001, "Request Entity Too Large", ["At most 250 incidents at once"])
        changed = []
        for item in wanted:
            try:
                doc = self.incidents.find(str(item.get("id")))
            except Missing:
                raise not_found() from None
            self._apply(doc, item, user)
            changed.append(doc)
        return page(request, "incidents", [shapes.incident(self.directory, doc) for doc in changed])

    def _apply(self, doc: Doc, wanted: Doc, user: str) -> None:
        """Every change that one item of a PUT asks for."""
        policy = str((wanted.get("escalation_policy") or {}).get("id") or "")
        people = self._people(wanted.get("assignments"))
        status = wanted.get("status")
        if status is not None and status not in STATUSES:
            raise invalid("Status must be triggered, acknowledged or resolved")
        for name in ("title", "urgency"):
            if wanted.get(name):
                self.incidents.set_field(doc, name, str(wanted[name]), user)
        if wanted.get("priority"):
            self.incidents.set_field(doc, "priority", self._priority(wanted["priority"]), user)
        reopening = status == "triggered" and doc["status"] == "resolved"
        if reopening and policy in self.directory.policies:
            doc["policy"] = policy
        if status == "acknowledged":
            self.incidents.acknowledge(doc, user)
        elif status == "resolved":
            self.incidents.resolve(doc, user, str(wanted.get("resolution") or ""))
        elif status == "triggered":
            self.incidents.trigger(doc, user, people if reopening else ())
        if not reopening:
            self._hand(doc, wanted, policy, people, user)

    def _hand(self, doc: Doc, wanted: Doc, policy: str, people: Any, user: str) -> None:
        """The part of a PUT that moves the incident to others."""
        if policy:
            if policy not in self.directory.policies:
                raise invalid("Escalation policy not found")
            self.incidents.delegate(doc, policy, user)
        if people:
            self.incidents.reassign(doc, people, user)
        if wanted.get("escalation_level"):
            self.incidents.escalate(doc, int(wanted["escalation_level"]), user)

    def log_entries(self, request: Request, body: Doc) -> Doc:
        """GET /incidents/{id}/log_entries: newest first."""
        return self._log_page(request, [self.find(request)])

    def all_log_entries(self, request: Request, body: Doc) -> Doc:
        """GET /log_entries: of all incidents, newest first."""
        return self._log_page(request, self.incidents.all())

    def _log_page(self, request: Request, docs: Any) -> Doc:
        """A page of log entries between since and until."""
        since, until = request.query_params.get("since"), request.query_params.get("until")
        try:
            since, until = since and iso(parse(since)), until and iso(parse(until))
        except ValueError:
            raise invalid("Since and until must be dates.") from None
        overview = request.query_params.get("is_overview") == "true"
        found = [
            (entry["at"], number, doc, entry)
            for doc in docs
            for number, entry in enumerate(doc["log"])
            if (not since or since <= entry["at"])
            and (not until or entry["at"] < until)
            and not (overview and entry["kind"] == "notify")
        ]
        found.sort(key=lambda item: (item[0], item[1]), reverse=True)
        channels = "channels" in many(request, "include")
        return page(request, "log_entries", [log.show(self.directory, doc, e, channels) for _, _, doc, e in found])

    def log_entry(self, request: Request, body: Doc) -> Doc:
        """GET /log_entries/{id}."""
        for doc in self.incidents.all():
            for entry in doc["log"]:
                if entry["id"] == request.path_params["id"]:
                    return {"log_entry": log.show(self.directory, doc, entry, True)}
        raise not_found()


def _among(wanted: Any, has: Any) -> bool:
    """Nothing wanted, or one of those wanted is there."""
    return not wanted or bool(set(wanted) & set(has))


def _object(body: Doc, name: str) -> Doc:
    """The object that a body must hold; raises Problem."""
    wanted = body.get(name)
    if not isinstance(wanted, dict):
        raise invalid(f"{name.capitalize()} cannot be empty")
    return wanted
