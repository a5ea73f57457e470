"""The Support API's routes over many tickets: bulk updates, merges, their jobs, exports and search."""

import base64

from starlette.requests import Request

from sandbox import ids
from sandbox.clock import iso
from sandbox.store import Doc, Missing
from sandbox.zendesk import search, shapes
from sandbox.zendesk.account import Account
from sandbox.zendesk.answers import Problem, bad_request, id_list, invalid, not_found, page
from sandbox.zendesk.api_tickets import TicketRoutes

MOST_AT_ONCE = 100
SETTLING = 60
EXPORT_PAGE = 1000
SEARCH_REACH = 1000


class BulkRoutes:
    """Routes that touch more than one ticket."""

    def __init__(self, tickets: TicketRoutes) -> None:
        """Uses the single ticket's routes for each."""
        self.one = tickets
        self.tickets = tickets.tickets
        self.account: Account = tickets.account
        self.store = self.account.box.store

    def update_many(self, request: Request, me: Doc, body: Doc) -> Doc:
        """PUT /tickets/update_many: the same for all `ids`, or a list with one change each; answers a job."""
        if "ids" in request.query_params:
            wanted = [{"id": int(key), **(body.get("ticket") or {})} for key in id_list(request)]
        else:
            wanted = body.get("tickets") or []
        if not wanted or len(wanted) > MOST_AT_ONCE:
            raise bad_request("Too many tickets", f"Between 1 and {MOST_AT_ONCE} tickets can be updated at once")
        return self._job("Bulk Ticket Update", [self._update(item, me) for item in wanted])

    def _update(self, item: Doc, me: Doc) -> Doc:
        """The job's result for one ticket."""
        key = int(item.get("id") or 0)
        try:
            with_id = self.one._ticket(key)
            self.one.apply(with_id, {name: value for name, value in item.items() if name != "id"}, me)
        except Problem as problem:
            name = "TicketNotFound" if problem.status == 404 else str(problem.body.get("error"))
            return {
                "id": key,
                "action": "update",
                "success": False,
                "error": name,
                "details": str(problem.body.get("details") or problem.body.get("description") or ""),
            }
        return {"id": key, "action": "update", "success": True, "status": "Updated"}

    def create_many(self, request: Request, me: Doc, body: Doc) -> Doc:
        """POST /tickets/create_many."""
        wanted = body.get("tickets") or []
        if not wanted or len(wanted) > MOST_AT_ONCE:
            raise bad_request("Too many tickets", f"Between 1 and {MOST_AT_ONCE} tickets can be made at once")
        made = [{"index": number, "id": self.one.make(item, me)["id"]} for number, item in enumerate(wanted)]
        return self._job("Bulk Ticket Creation", made)

    def merge(self, request: Request, me: Doc, body: Doc) -> Doc:
        """POST /tickets/{id}/merge."""
        target = self.one.find(request)
        sources = [self.one._ticket(key) for key in body.get("ids") or []]
        if not sources or target in sources:
            raise invalid("ids", "Ids: must name other tickets")
        if any(doc["status"] == "closed" for doc in [target, *sources]):
            raise invalid("status", "Status: closed prevents ticket update")
        self.tickets.merge(target, sources, me["id"], _said(body, "target"), _said(body, "source"))
        done = [{"action": "update", "id": doc["id"], "status": "Updated", "success": True} for doc in sources]
        return self._job("Ticket Merge", done)

    def _job(self, kind: str, results: list[Doc]) -> Doc:
        """Keep a finished job, but answer it as queued: that is how it looks to whoever just asked."""
        key = ids.random().replace("-", "")
        doc = {
            "id": key,
            "job_type": kind,
            "url": f"{self.account.base}/api/v2/job_statuses/{key}.json",
            "total": len(results),
            "progress": len(results),
            "status": "completed",
            "message": f"Completed at {iso(self.account.box.clock.now())}",
            "results": results,
        }
        self.store.put(self.account.kind("job"), key, doc)
        return {"job_status": doc | {"status": "queued", "progress": None, "results": None, "message": None}}

    def job(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /job_statuses/{id}."""
        try:
            return {"job_status": self.store.need(self.account.kind("job"), request.path_params["id"])}
        except Missing:
            raise not_found() from None

    def jobs(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /job_statuses."""
        return page(request, "job_statuses", self.store.all(self.account.kind("job"))[::-1], self.account.base)

    def export(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /incremental/tickets/cursor: by time of change; the last minute is left out."""
        query = request.query_params
        size = min(max(int(query.get("per_page") or EXPORT_PAGE), 1), EXPORT_PAGE)
        now = self.account.box.clock.now().timestamp()
        if query.get("cursor"):
            after = _read_cursor(query["cursor"])
        elif query.get("start_time", "").isdigit():
            if int(query["start_time"]) > now - SETTLING:
                raise bad_request("Invalid attribute", "start_time must be at least one minute in the past")
            after = (float(query["start_time"]) - 0.001, 0)
        else:
            raise bad_request("Invalid attribute", "Missing required parameter: start_time")
        docs = sorted(self.store.all(self.tickets.kind), key=lambda doc: (doc["generated"], doc["id"]))
        found = [doc for doc in docs if (doc["generated"], doc["id"]) > after and doc["generated"] <= now - SETTLING]
        part = found[:size]
        last = (part[-1]["generated"], part[-1]["id"]) if part else after
        cursor = base64.urlsafe_b64encode(f"{last[0]}|{last[1]}".encode()).decode()
        link = f"{self.account.base}{request.url.path}?cursor={cursor}&per_page={size}"
        return {
            "tickets": [self._exported(doc) for doc in part],
            "after_url": link,
            "after_cursor": cursor,
            "before_url": None,
            "before_cursor": None,
            "end_of_stream": len(found) <= size,
        }

    def _exported(self, doc: Doc) -> Doc:
        """Exports name deleted tickets too, with that status."""
        shown = shapes.ticket(self.account, doc)
        return shown | {"status": "deleted"} if doc["deleted"] else shown

    def search(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /search: tickets, users and organisations, a thousand at most."""
        found = search.run(self.account, self.tickets, self._query(request), request.query_params)
        number = request.query_params.get("page") or "1"
        if number.isdigit() and (int(number) - 1) * 100 >= SEARCH_REACH:
            raise Problem(
                422,
                {
                    "error": "invalid",
                    "description": "Invalid search: Requested response size was greater than Search Response Limits",
                },
            )
        return page(request, "results", found, self.account.base) | {"facets": None}

    def search_export(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /search/export: by cursor, of one type."""
        kind = request.query_params.get("filter[type]")
        if not kind:
            raise bad_request("Invalid attribute", "filter[type] is required")
        found = search.run(self.account, self.tickets, f"type:{kind} {self._query(request)}", request.query_params)
        shown = page(request, "results", found, self.account.base)
        shown.pop("facets", None)
        return shown

    def search_count(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /search/count."""
        return {"count": len(search.run(self.account, self.tickets, self._query(request), request.query_params))}

    def _query(self, request: Request) -> str:
        query = request.query_params.get("query", "")
        if not query.strip():
            raise Problem(400, {"error": "Parameter query is required", "description": "Parameter query is required"})
        return query


def _said(body: Doc, side: str) -> Doc:
    """The comment for one side of a merge, where one was given."""
    said: Doc = {"body": body[f"{side}_comment"]} if body.get(f"{side}_comment") else {}
    if f"{side}_comment_is_public" in body:
        said["public"] = bool(body[f"{side}_comment_is_public"])
    return said


def _read_cursor(text: str) -> tuple[float, int]:
    try:
        moment, key = base64.urlsafe_b64decode(text.encode()).decode().split("|")
        return float(moment), int(key)
    except ValueError:
        raise bad_request("Invalid attribute", "cursor is not valid") from None
