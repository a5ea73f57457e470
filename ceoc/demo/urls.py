"""The demo bar's addresses; outside DEMO they are not found."""

from __future__ import annotations

from django.urls import path

from ceoc.demo import views

urlpatterns = [
    path("persona/", views.persona, name="demo-persona"),
    path("scenario/", views.scenario, name="demo-scenario"),
    path("clock/", views.demo_clock, name="demo-clock"),
]
