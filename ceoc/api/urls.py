"""Addresses of the platform's part of the API, under /api/v1/."""

from __future__ import annotations

from django.urls import path

from ceoc.api import views
from ceoc.api.operations import endpoint
from ceoc.inbox import api as inbox
from ceoc.outbox import api as outbox

urlpatterns = [
    path("openapi.json", views.document, name="api-openapi"),
    path("commands/", endpoint(outbox.LIST), name="api-commands"),
    *(
        path(f"commands/<slug:public_id>/acts/{name}/", endpoint(press), name=f"api-command-{name}")
        for name, press in outbox.PRESSES.items()
    ),
    path("deliveries/", endpoint(inbox.LIST), name="api-deliveries"),
    path("deliveries/<slug:public_id>/acts/replay/", endpoint(inbox.REPLAY), name="api-delivery-replay"),
]
