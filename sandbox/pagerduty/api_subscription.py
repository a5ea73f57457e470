"""The REST API's routes about the webhook subscription."""

from starlette.requests import Request
from starlette.responses import Response

from sandbox import ids
from sandbox.box import Box
from sandbox.clock import iso
from sandbox.pagerduty import events
from sandbox.pagerduty.answers import Problem, page
from sandbox.pagerduty.directory import Directory
from sandbox.store import Doc


class SubscriptionRoutes:
    """The one webhook subscription: its state, and switching it on again."""

    def __init__(self, box: Box, directory: Directory) -> None:
        """Answers from the box's queue."""
        self.box = box
        self.directory = directory

    def show(self) -> Doc:
        """The subscription as the API gives it; the secret is told only at its making."""
        disabled = bool((self.box.store.get("pd_hook", "state") or {}).get("disabled"))
        return {
            "id": events.SUBSCRIPTION,
            "type": "webhook_subscription",
            "active": True,
            "description": "Customer emergencies dashboard",
            "events": events.EVENTS,
            "filter": {"type": "account_reference"},
            "delivery_method": {
                "id": ids.fixed("webhook delivery", "ceoc"),
                "type": "http_delivery_method",
                "secret": None,
                "temporarily_disabled": disabled,
                "url": self.box.config.product_url + self.box.hooks.path("pagerduty"),
                "custom_headers": [],
            },
        }

    def index(self, request: Request, body: Doc) -> Doc:
        """GET /webhook_subscriptions."""
        return page(request, "webhook_subscriptions", [self.show()])

    def get(self, request: Request, body: Doc) -> Doc:
        """GET /webhook_subscriptions/{id}."""
        if request.path_params["id"] != events.SUBSCRIPTION:
            raise Problem(404, 2100, "Not Found")
        return {"webhook_subscription": self.show()}

    def enable(self, request: Request, body: Doc) -> Doc:
        """POST /webhook_subscriptions/{id}/enable."""
        self.get(request, body)
        self.box.store.put("pd_hook", "state", {"drops": 0, "disabled": False})
        return {"webhook_subscription": self.show()}

    def ping(self, request: Request, body: Doc) -> Response:
        """POST /webhook_subscriptions/{id}/ping: a `pagey.ping` comes as a webhook."""
        self.get(request, body)
        event_id = ids.random()
        event = {
            "id": event_id,
            "event_type": "pagey.ping",
            "resource_type": "pagey",
            "agent": None,
            "client": None,
            "occurred_at": iso(self.box.clock.now()),
            "data": {"message": "Hello from your friend Pagey!", "type": "ping"},
        }
        self.box.hooks.queue(
            "pagerduty",
            "ping",
            {"event": event},
            {"X-Webhook-Subscription": events.SUBSCRIPTION, "X-Webhook-Id": event_id},
        )
        return Response(status_code=202)
