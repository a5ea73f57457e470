"""Addresses of the team's settings."""

from __future__ import annotations

from django.urls import path

from ceoc.team import pages

urlpatterns = [
    path("", pages.settings, name="settings"),
    path("<slug:name>/", pages.setting, name="setting"),
    path("<slug:name>/change/", pages.change_setting, name="setting-change"),
    path("<slug:name>/undo/<int:number>/", pages.undo_setting, name="setting-undo"),
]
