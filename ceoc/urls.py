"""All addresses. Every view says itself who may come in (`ceoc.access.gate`); one that says nothing is refused."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("ceoc.access.urls")),
    path("", include("ceoc.people.urls")),
    path("", include("ceoc.inbox.urls")),
    path("", include("ceoc.outbox.urls")),
    path("", include("ceoc.ops.urls")),
    path("", include("ceoc.look.urls")),
    path("settings/", include("ceoc.team.urls")),
    path("", include("ceoc.live.urls")),
    path("demo/", include("ceoc.demo.urls")),
    path("api/v1/", include("ceoc.api.urls")),
    path("api/v1/", include("emergencies.api.urls")),
    path("", include("schedules.urls")),
    path("", include("emergencies.urls")),
]
handler400 = "ceoc.access.errors.bad_request"
handler403 = "ceoc.access.errors.forbidden"
handler404 = "ceoc.access.errors.not_found"
handler500 = "ceoc.access.errors.server_error"
