"""Addresses of the schedules: so far in the API alone."""

from __future__ import annotations

from django.urls import path

from ceoc.api.operations import endpoint
from schedules.api import ONCALL

urlpatterns = [path("api/v1/oncall/", endpoint(ONCALL), name="api-oncall")]
