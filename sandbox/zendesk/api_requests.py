"""The Support API's routes about requests: tickets as their requesters see them."""

from starlette.requests import Request

from sandbox.store import Doc
from sandbox.zendesk import shapes
from sandbox.zendesk.answers import page
from sandbox.zendesk.api_tickets import TicketRoutes

KEPT = [
    "id",
    "status",
    "priority",
    "type",
    "subject",
    "description",
    "organization_id",
    "requester_id",
    "assignee_id",
    "group_id",
    "via",
    "created_at",
    "updated_at",
    "due_at",
    "recipient",
    "is_public",
    "ticket_form_id",
    "custom_fields",
    "collaborator_ids",
    "email_cc_ids",
    "custom_status_id",
]


class RequestRoutes:
    """Reads only; internal notes are left out."""

    def __init__(self, tickets: TicketRoutes) -> None:
        """Answers from the same tickets."""
        self.one = tickets
        self.account = tickets.account

    def _show(self, doc: Doc) -> Doc:
        whole = shapes.ticket(self.account, doc)
        return {name: whole[name] for name in KEPT} | {
            "url": f"{self.account.base}/api/v2/requests/{doc['id']}.json",
            "can_be_solved_by_me": False,
            "solved": doc["status"] in ("solved", "closed"),
            "followup_source_id": doc["followup_of"],
        }

    def index(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /requests."""
        found = [self._show(doc) for doc in self.one.tickets.all() if doc["is_public"]]
        return page(request, "requests", found, self.account.base)

    def get(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /requests/{id}."""
        return {"request": self._show(self.one.find(request))}

    def comments(self, request: Request, me: Doc, body: Doc) -> Doc:
        """GET /requests/{id}/comments: the public ones."""
        found = [doc for doc in self.one.find(request)["comments"] if doc["public"]]
        return page(request, "comments", found, self.account.base)
