"""The Support API's routes about tickets."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.clock import parse
from sandbox.store import Doc, Missing
from sandbox.world import desk
from sandbox.zendesk import shapes
from sandbox.zendesk.answers import Problem, bad_request, id_list, invalid, not_found, page
from sandbox.zendesk.tickets import SIMPLE, Change, Tickets

STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
PRIORITIES = ("urgent", "high", "normal", "low")
API_VIA: Doc = {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}}


class TicketRoutes:
    """One method a route. `me` is the user who signed in."""

    def __init__(self, tickets: Tickets) -> None:
        """Answers from the tickets of one account."""
        self.tickets = tickets
        self.account = tickets.account

    def find(self, request: Request) -> Doc:
        """The ticket named in the path; raises Problem 404."""
        return self._ticket(request.path_params["id"])

    def _ticket(self, key: object) -> Doc:
        try:
            doc = self.tickets.find(key)
        except Missing:
            raise not_found() from None
        if doc["deleted"]:
            raise not_found()
        return doc

    def index(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /tickets."""
        found = [shapes.ticket(self.account, doc) for doc in self.tickets.all()]
        key = request.query_params.get("sort_by") or (request.query_params.get("sort") or "id").lstrip("-")
        if key in ("created_at", "updated_at", "id", "status", "priority"):
            downward = request.query_params.get("sort_order") == "desc" or request.query_params.get(
                "sort", ""
            ).startswith("-")
            found.sort(key=lambda doc: (doc[key] is None, doc[key]), reverse=downward)
        return page(request, "tickets", found, self.account.base)

    def get(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /tickets/{id}."""
        return {"ticket": shapes.ticket(self.account, self.find(request))}

    def show_many(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /tickets/show_many: those that exist."""
        found = []
        for key in id_list(request):
            doc = self.account.box.store.get(self.tickets.kind, key)
            if doc and not doc["deleted"]:
                found.append(shapes.ticket(self.account, doc))
        return page(request, "tickets", found, self.account.base)

    def create(self, request: Request, me: Doc, body: Doc) -> JSONResponse:
        """POST /tickets: 201 with ticket and audit."""
        doc = self.make(_object(body), me)
        answer = {"ticket": shapes.ticket(self.account, doc), "audit": doc["audits"][-1]}
        headers = {"Location": f"{self.account.base}/api/v2/tickets/{doc['id']}.json"}
        return JSONResponse(answer, 201, headers)

    def make(self, wanted: Doc, me: Doc) -> Doc:
        """Create the ticket that a request describes; a requester by e-mail is made where unknown."""
        if not wanted.get("comment") and not wanted.get("description"):
            raise invalid("description", "Description: cannot be blank")
        change = self.change(wanted, me, None)
        change.comment = change.comment or {"body": str(wanted["description"]), "public": True}
        if wanted.get("via_followup_source_id"):
            change.fields["via_followup_source_id"] = int(wanted["via_followup_source_id"])
        requester = self._requester(wanted) or me
        change.fields["requester_id"] = requester["id"]
        change.comment.setdefault("author_id", requester["id"])
        doc = self.tickets.create(change, requester)
        self._follow_up(doc)
        return doc

    def _follow_up(self, doc: Doc) -> None:
        """A ticket that goes on from a closed one is named there."""
        source = doc["followup_of"] and self.account.box.store.get(self.tickets.kind, doc["followup_of"])
        if source:
            source["followup_ids"] = [*source["followup_ids"], doc["id"]]
            self.account.box.store.put(self.tickets.kind, source["id"], source)

    def _requester(self, wanted: Doc) -> Doc | None:
        """The requester asked for, by id or by e-mail."""
        if wanted.get("requester_id"):
            found = self.account.user(wanted["requester_id"])
            if found is None:
                raise invalid("requester", "Requester: is invalid")
            return found
        asked = wanted.get("requester") or {}
        if not asked.get("email"):
            return None
        found = self.account.user_by_email(str(asked["email"]))
        return found or self.account.add_user(
            {"name": str(asked.get("name") or asked["email"]), "email": str(asked["email"])}
        )

    def change(self, wanted: Doc, me: Doc, doc: Doc | None) -> Change:
        """The change that a request's ticket object asks for; raises Problem for values that cannot be kept."""
        fields = {name: wanted[name] for name in SIMPLE if name in wanted}
        self._check(fields)
        comment = self._comment(wanted.get("comment"))
        tags = wanted.get("tags")
        present = doc["tags"] if doc else []
        if wanted.get("additional_tags") or wanted.get("remove_tags"):
            tags = (set(present) | set(wanted.get("additional_tags") or [])) - set(wanted.get("remove_tags") or [])
        custom = {
            int(item["id"]): item.get("value") for item in wanted.get("custom_fields") or wanted.get("fields") or []
        }
        macros = [int(key) for key in wanted.get("macro_ids") or []]
        return Change(
            me["id"],
            fields,
            list(tags) if tags is not None else None,
            custom,
            comment,
            dict(wanted.get("metadata") or {}),
            dict(API_VIA),
            macros,
        )

    def _comment(self, asked: object) -> Doc | None:
        """The comment asked for, with its author checked."""
        if not asked:
            return None
        said = {"body": asked} if isinstance(asked, str) else dict(asked)  # type: ignore[call-overload]
        body = str(said.get("body") or said.get("html_body") or "")
        if not body.strip():
            raise invalid("comment", "Comment: cannot be blank")
        comment: Doc = {"body": body, "public": bool(said.get("public", True))}
        if said.get("author_id"):
            author = self.account.user(said["author_id"])
            if author is None:
                raise invalid("comment", "Author: is invalid")
            comment["author_id"] = author["id"]
        if said.get("html_body"):
            comment["html_body"] = str(said["html_body"])
        return comment

    def _check(self, fields: Doc) -> None:
        """Raise Problem 422 for a status, priority, form or person that does not exist."""
        if fields.get("status") not in (None, *STATUSES):
            raise invalid("status", f"Status: {fields['status']} is not included in the list")
        if fields.get("priority") not in (None, *PRIORITIES):
            raise invalid("priority", f"Priority: {fields['priority']} is not included in the list")
        if fields.get("ticket_form_id") and self.account.form_name(int(fields["ticket_form_id"])) is None:
            raise invalid("ticket_form_id", "Ticket form: is invalid")
        assignee = fields.get("assignee_id") and self.account.user(fields["assignee_id"])
        if fields.get("assignee_id") and (not assignee or assignee["role"] == "end-user"):
            raise invalid("assignee", "Assignee: is invalid")

    def update(self, request: Request, me: Doc, body: Doc) -> Doc:
        """PUT /tickets/{id}: answers ticket and audit; safe updates answer 409 when the ticket has moved on."""
        doc = self.find(request)
        audit = self.apply(doc, _object(body), me)
        return {"ticket": shapes.ticket(self.account, doc), "audit": audit}

    def apply(self, doc: Doc, wanted: Doc, me: Doc) -> Doc:
        """Update a ticket as a request asks; answers the audit."""
        if doc["status"] == "closed":
            raise invalid("status", "Status: closed prevents ticket update")
        if wanted.get("safe_update"):
            self._safe(doc, wanted.get("updated_stamp"))
        return self.tickets.update(doc, self.change(wanted, me, doc))

    def _safe(self, doc: Doc, stamp: object) -> None:
        """Raise Problem 409 when the ticket changed after the time that the caller saw."""
        if not stamp:
            raise invalid("safe_update", "Safe update: requires updated_stamp")
        try:
            seen = parse(str(stamp))
        except ValueError:
            raise bad_request("Invalid attribute", "updated_stamp is not a valid date") from None
        if parse(doc["updated_at"]) > seen:
            raise Problem(
                409,
                {
                    "error": "UpdateConflict",
                    "description": "Safe Update prevented the update due to outdated ticket data. "
                    "Please fetch the latest ticket data and try again.",
                },
            )

    def delete(self, request: Request, me: Doc, body: Doc) -> Response:
        """DELETE /tickets/{id}."""
        self.tickets.delete(self.find(request))
        return Response(status_code=204)

    def comments(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /tickets/{id}/comments: oldest first."""
        found = list(self.find(request)["comments"])
        if request.query_params.get("sort_order") == "desc" or request.query_params.get("sort", "").startswith("-"):
            found.reverse()
        return page(request, "comments", found, self.account.base)

    def audits(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /tickets/{id}/audits: oldest first."""
        return page(request, "audits", self.find(request)["audits"], self.account.base)

    def audit(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /tickets/{id}/audits/{audit}."""
        for doc in self.find(request)["audits"]:
            if str(doc["id"]) == request.path_params["audit"]:
                return {"audit": doc}
        raise not_found()

    def tags(self, request: Request, me: Doc, body: Doc) -> Doc | Response:
        """GET, PUT (add), POST (set) and DELETE of /tickets/{id}/tags."""
        doc = self.find(request)
        asked = [str(tag) for tag in body.get("tags") or []]
        after = {"PUT": set(doc["tags"]) | set(asked), "POST": set(asked), "DELETE": set(doc["tags"]) - set(asked)}
        if request.method in after:
            self.apply(doc, {"tags": sorted(after[request.method])}, me)
        answer = {"tags": doc["tags"]}
        if request.method == "DELETE":
            return Response(status_code=204)
        return JSONResponse(answer, 201) if request.method == "POST" else answer

    def macro_effect(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /tickets/{id}/macros/{macro}/apply: the ticket as it would be; nothing is changed."""
        doc = self.find(request)
        macro = self.account.macro(int(request.path_params["macro"]))
        if macro is None:
            raise not_found()
        whole = shapes.ticket(self.account, doc)
        whole.pop("fields")  # here it is the one field that the macro sets
        return {"result": {"ticket": whole | self.effect(macro, doc)}}

    def effect(self, macro: desk.Macro, doc: Doc | None) -> Doc:
        """What a macro sets, in the words of a ticket."""
        after: Doc = {}
        for name, value in macro.sets:
            if any(name == field.title for field in desk.FIELDS):
                after["fields"] = {"id": self.account.field_id(name), "value": value}
            else:
                after[name] = self.account.form_id(value) if name == "ticket_form_id" else value
        if macro.tags:
            after["tags"] = sorted({*(doc["tags"] if doc else []), *macro.tags})
        if macro.text:
            requester = self.account.user(doc["requester_id"]) if doc else None
            first = requester["name"].split()[0] if requester else "there"
            text = macro.text.replace("{{ticket.requester.first_name}}", first)
            after["comment"] = {
                "body": text,
                "html_body": f"<p>{text}</p>",
                "public": macro.public,
                "scoped_body": [["channel:all", text]],
            }
        return after


def _object(body: Doc) -> Doc:
    """The `ticket` that a body must hold; raises Problem."""
    wanted = body.get("ticket")
    if not isinstance(wanted, dict):
        raise bad_request("Invalid parameter", "The parameter ticket is missing")
    return wanted
