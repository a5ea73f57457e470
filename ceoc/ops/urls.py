"""Health and metrics; named without a slash at the end, as such addresses are."""

from __future__ import annotations

from django.urls import path

from ceoc.ops import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics_page, name="metrics"),
]
