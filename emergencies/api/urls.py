"""Addresses of the API of emergencies, under /api/v1/."""

from __future__ import annotations

from django.urls import path

from ceoc.api.operations import endpoint
from emergencies.api import acts, emergencies, tray

EMERGENCY, WAITING = "emergencies/<slug:public_id>/", "tray/<slug:page>/"

urlpatterns = [
    path("emergencies/", endpoint(emergencies.LIST), name="api-emergencies"),
    path(EMERGENCY, endpoint(emergencies.ONE), name="api-emergency"),
    path("me/next/", endpoint(emergencies.NEXT), name="api-me-next"),
    path("tray/", endpoint(tray.LIST), name="api-tray"),
    path(f"{WAITING}acts/tie/", endpoint(tray.TIE), name="api-tie"),
    path(f"{WAITING}acts/put_aside/", endpoint(tray.PUT_ASIDE), name="api-put-aside"),
    *(
        path(f"{EMERGENCY}acts/{act.name}/", endpoint(acts.operation(act)), name=f"api-act-{act.name}")
        for act in acts.ACTS
    ),
]
