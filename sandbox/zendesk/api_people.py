"""The Support API's routes about users, organisations, groups, and the desk's furniture."""

from starlette.requests import Request
from starlette.responses import JSONResponse

from sandbox.clock import iso
from sandbox.store import Doc
from sandbox.world import desk
from sandbox.zendesk import events, shapes
from sandbox.zendesk.account import WORLD_BEGAN, Account
from sandbox.zendesk.answers import bad_request, id_list, invalid, not_found, page
from sandbox.zendesk.api_tickets import TicketRoutes


class PeopleRoutes:
    """Users, organisations and groups."""

    def __init__(self, account: Account) -> None:
        """Answers from one account."""
        self.account = account

    def _users(self, request: Request, found: list[Doc]) -> Doc:
        return page(request, "users", [shapes.user(self.account, doc) for doc in found], self.account.base)

    def users(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /users, with `role`."""
        roles = request.query_params.getlist("role[]") or request.query_params.getlist("role")
        return self._users(request, [doc for doc in self.account.users() if not roles or doc["role"] in roles])

    def user(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /users/{id}; `me` is who signed in."""
        key = request.path_params["id"]
        doc = me if key == "me" else self.account.user(key)
        if doc is None:
            raise not_found()
        return {"user": shapes.user(self.account, doc)}

    def users_by_id(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /users/show_many."""
        return self._users(request, [doc for key in id_list(request) if (doc := self.account.user(key))])

    def search_users(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /users/search: `query` is an e-mail, `email:…`, or part of a name."""
        query = request.query_params.get("query", "").removeprefix("email:").strip('"').lower()
        if not query:
            raise bad_request("Invalid attribute", "You passed no query")
        return self._users(
            request,
            [doc for doc in self.account.users() if query == doc["email"].lower() or query in doc["name"].lower()],
        )

    def add_user(self, request: Request, me: Doc, body: Doc) -> JSONResponse:
        """POST /users and /users/create_or_update."""
        wanted = body.get("user") or {}
        if not wanted.get("name"):
            raise invalid("name", "Name: is too short (minimum one character)")
        known = self.account.user_by_email(str(wanted.get("email") or ""))
        if known and not request.url.path.endswith("create_or_update"):
            raise invalid("email", f"Email: {wanted['email']} is already being used by another user")
        kept = {name: wanted[name] for name in ("name", "email", "time_zone", "organization_id") if wanted.get(name)}
        doc = known or self.account.add_user({"email": ""} | kept)
        return JSONResponse({"user": shapes.user(self.account, doc)}, 200 if known else 201)

    def organizations(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /organizations."""
        return self._organizations(request, self.account.organizations())

    def _organizations(self, request: Request, found: list[Doc]) -> Doc:
        shown = [shapes.organization(self.account, doc) for doc in found]
        return page(request, "organizations", shown, self.account.base)

    def organization(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /organizations/{id}."""
        doc = self.account.organization(request.path_params["id"])
        if doc is None:
            raise not_found()
        return {"organization": shapes.organization(self.account, doc)}

    def organizations_by_id(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /organizations/show_many."""
        return self._organizations(
            request, [doc for key in id_list(request) if (doc := self.account.organization(key))]
        )

    def change_organization(self, request: Request, me: Doc, body: Doc) -> Doc:
        """PUT /organizations/{id}: its fields and notes."""
        doc = self.account.organization(request.path_params["id"])
        if doc is None:
            raise not_found()
        wanted = body.get("organization") or {}
        self.set_fields(doc, wanted.get("organization_fields") or {})
        if "notes" in wanted:
            doc["notes"] = wanted["notes"]
        return {"organization": shapes.organization(self.account, doc)}

    def set_fields(self, doc: Doc, fields: Doc) -> None:
        """Change an organisation's fields; its dates then stay as they are when the clock is moved."""
        doc["fields"] = doc["fields"] | fields
        doc["changed"] = True
        doc["updated_at"] = iso(self.account.box.clock.now())
        self.account.box.store.put(self.account.kind("organization"), doc["id"], doc)

    def groups(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /groups."""
        found = self.account.box.store.all(self.account.kind("group"))
        return page(request, "groups", [shapes.group(self.account, doc) for doc in found], self.account.base)

    def group(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /groups/{id}."""
        doc = self.account.box.store.get(self.account.kind("group"), request.path_params["id"])
        if doc is None:
            raise not_found()
        return {"group": shapes.group(self.account, doc)}


class DeskRoutes:
    """Macros, fields, forms, SLA policies, the webhook."""

    def __init__(self, account: Account, tickets: TicketRoutes) -> None:
        """Answers from the world's furniture."""
        self.account = account
        self.tickets = tickets

    def _macros(self) -> list[Doc]:
        return [shapes.macro(self.account, macro, number) for number, macro in enumerate(desk.MACROS, 1)]

    def macros(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /macros, /macros/active and /macros/search."""
        query = request.query_params.get("query", "").lower()
        return page(
            request, "macros", [doc for doc in self._macros() if query in doc["title"].lower()], self.account.base
        )

    def macro(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /macros/{id}."""
        return {"macro": _by_id(self._macros(), request)}

    def macro_effect(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /macros/{id}/apply: what it would set on any ticket."""
        macro = self.account.macro(int(request.path_params["id"]))
        if macro is None:
            raise not_found()
        return {"result": {"ticket": self.tickets.effect(macro, None)}}

    def fields(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /ticket_fields."""
        found = [shapes.ticket_field(self.account, field, number) for number, field in enumerate(desk.FIELDS, 1)]
        return page(request, "ticket_fields", found, self.account.base)

    def field(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /ticket_fields/{id}."""
        found = [shapes.ticket_field(self.account, field, number) for number, field in enumerate(desk.FIELDS, 1)]
        return {"ticket_field": _by_id(found, request)}

    def _forms(self) -> list[Doc]:
        names = desk.FORMS[self.account.name]
        return [shapes.ticket_form(self.account, name, number) for number, name in enumerate(names, 1)]

    def forms(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /ticket_forms."""
        return page(request, "ticket_forms", self._forms(), self.account.base)

    def form(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /ticket_forms/{id}."""
        return {"ticket_form": _by_id(self._forms(), request)}

    def slas(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /slas/policies: half an hour to the first reply for what is urgent."""
        key = self.account.fixed("sla", "Emergencies")
        metrics = [
            {
                "priority": "urgent",
                "metric": "first_reply_time",
                "target": 30,
                "business_hours": False,
                "target_in_seconds": 1800,
            }
        ]
        policy = {
            "id": key,
            "url": f"{self.account.base}/api/v2/slas/policies/{key}.json",
            "title": "Emergencies",
            "description": "",
            "position": 1,
            "created_at": WORLD_BEGAN,
            "updated_at": WORLD_BEGAN,
            "filter": {"all": [{"field": "priority", "operator": "is", "value": "urgent"}], "any": []},
            "policy_metrics": metrics,
        }
        return page(request, "sla_policies", [policy], self.account.base)

    def webhooks(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /webhooks: the one that tells the product."""
        return {"webhooks": [self._webhook()], "meta": {"has_more": False}, "links": {}}

    def webhook(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /webhooks/{id}."""
        if request.path_params["id"] != events.WEBHOOK:
            raise not_found()
        return {"webhook": self._webhook()}

    def _webhook(self) -> Doc:
        hooks = self.account.box.hooks
        return {
            "id": events.WEBHOOK,
            "name": "Customer emergencies dashboard",
            "status": "active",
            "http_method": "POST",
            "endpoint": self.account.box.config.product_url + hooks.path(f"zendesk_{self.account.name}"),
            "request_format": "json",
            "created_at": WORLD_BEGAN,
            "updated_at": WORLD_BEGAN,
            "created_by": "1",
            "updated_by": "1",
            "subscriptions": [
                f"zen:event-type:ticket.{kind}"
                for kind in (
                    "created",
                    "comment_added",
                    "custom_field_changed",
                    "merged",
                    "soft_deleted",
                    "tags_changed",
                    *events.CHANGED.values(),
                )
            ],
        }


def _by_id(found: list[Doc], request: Request) -> Doc:
    """The one whose id is in the path; raises Problem 404."""
    for doc in found:
        if str(doc["id"]) == request.path_params["id"]:
            return doc
    raise not_found()
