"""Addresses that a request names itself: followed only within the dashboard."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

HOME = "/"


def safe_next(request: HttpRequest, wanted: str | None) -> str:
    """The address to go on to: `wanted` where it is one of ours, else the board."""
    if wanted and wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        return wanted
    return HOME
