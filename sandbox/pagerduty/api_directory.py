"""The REST API's routes about people, services, policies and priorities."""

from starlette.requests import Request

from sandbox import ids
from sandbox.box import Box
from sandbox.pagerduty.answers import not_found, page
from sandbox.pagerduty.directory import Directory
from sandbox.pagerduty.incidents import Incidents
from sandbox.store import Doc

WORLD_BEGAN = "2024-01-01T09:00:00Z"
OWNER = "noor"


class DirectoryRoutes:
    """Reads of the standing objects."""

    def __init__(self, box: Box, incidents: Incidents) -> None:
        """Answers from the box's world."""
        self.box = box
        self.incidents = incidents
        self.directory: Directory = incidents.directory

    def users(self, request: Request, body: Doc) -> Doc:
        """GET /users, with `query` over names and e-mails."""
        query = request.query_params.get("query", "").lower()
        found = [self.directory.user(key) for key in self.directory.users]
        return page(request, "users", [u for u in found if query in u["name"].lower() or query in u["email"].lower()])

    def user(self, request: Request, body: Doc) -> Doc:
        """GET /users/{id}; `me` is the owner of the token."""
        key = request.path_params["id"]
        key = ids.fixed("user", OWNER) if key == "me" else key
        if key not in self.directory.users:
            raise not_found()
        return {"user": self.directory.user(key)}

    def contact_methods(self, request: Request, body: Doc) -> Doc:
        """GET /users/{id}/contact_methods."""
        return {"contact_methods": self.directory.contact_methods(self._known_user(request))}

    def notification_rules(self, request: Request, body: Doc) -> Doc:
        """GET /users/{id}/notification_rules."""
        return {"notification_rules": self.directory.notification_rules(self._known_user(request))}

    def _known_user(self, request: Request) -> str:
        key: str = request.path_params["id"]
        if key not in self.directory.users:
            raise not_found()
        return key

    def services(self, request: Request, body: Doc) -> Doc:
        """GET /services."""
        query = request.query_params.get("query", "").lower()
        found = [self._service(key) for key in self.directory.services]
        return page(request, "services", [service for service in found if query in service["name"].lower()])

    def service(self, request: Request, body: Doc) -> Doc:
        """GET /services/{id}."""
        if request.path_params["id"] not in self.directory.services:
            raise not_found()
        return {"service": self._service(request.path_params["id"])}

    def _service(self, key: str) -> Doc:
        times = [doc["created_at"] for doc in self.incidents.all() if doc["service"] == key]
        return self.directory.service(key, WORLD_BEGAN, max(times, default=None))

    def policies(self, request: Request, body: Doc) -> Doc:
        """GET /escalation_policies."""
        query = request.query_params.get("query", "").lower()
        found = [self.directory.policy(key) for key in self.directory.policies]
        return page(request, "escalation_policies", [policy for policy in found if query in policy["name"].lower()])

    def policy(self, request: Request, body: Doc) -> Doc:
        """GET /escalation_policies/{id}."""
        if request.path_params["id"] not in self.directory.policies:
            raise not_found()
        return {"escalation_policy": self.directory.policy(request.path_params["id"])}

    def priorities(self, request: Request, body: Doc) -> Doc:
        """GET /priorities."""
        found = [self.directory.by_id("priority", key) for key in self.directory.priorities]
        return page(
            request,
            "priorities",
            [ref | {"type": "priority", "name": ref["summary"], "description": ""} for ref in found],
        )
