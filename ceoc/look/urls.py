"""The address of the stylesheet."""

from __future__ import annotations

from django.urls import path

from ceoc.look import views

urlpatterns = [path("look/<slug:digest>.css", views.style, name="stylesheet")]
