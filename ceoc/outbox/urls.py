"""Addresses of the outbox."""

from __future__ import annotations

from django.urls import path

from ceoc.outbox import pages

urlpatterns = [
    path("commands/", pages.commands, name="commands"),
    path("commands/<slug:public_id>/retry/", pages.retry, name="command-retry"),
    path("commands/<slug:public_id>/dismiss/", pages.dismiss, name="command-dismiss"),
    path("commands/<slug:public_id>/take-back/", pages.take_back, name="command-take-back"),
]
