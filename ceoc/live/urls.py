"""Addresses of the live half that Django answers."""

from __future__ import annotations

from django.urls import path

from ceoc.live import ringing, views

urlpatterns = [
    path("fragments/", views.fragments, name="fragments"),
    path("ringing/", ringing.ringing, name="ringing"),
]
