"""Writes the audit: who came in, who was refused, who was cleared by whom. Never a customer's word."""

from __future__ import annotations

from typing import Literal

import structlog
from django.http import HttpRequest

from ceoc import clock
from ceoc.access.classes import GLOBAL, US_GOV
from ceoc.access.models import AccessLog
from ceoc.access.viewer import Viewer


def came_and_went(kind: Literal["signed_in", "signed_out"], request: HttpRequest, email: str, *, by: str = "") -> None:
    """Somebody signed in or out; `by` says who they were before, when a persona is changed in DEMO."""
    AccessLog.objects.create(
        klass=GLOBAL, at=clock.wall(), kind=kind, email=email, by=by, path=request.path[:200], request_id=request_id()
    )


def refused(request: HttpRequest, viewer: Viewer, reason: str) -> None:
    """A signed-in person asked for what they may not. The address may name US Gov's things, so the line is theirs."""
    AccessLog.objects.create(
        klass=US_GOV,
        at=clock.wall(),
        kind="refused",
        email=viewer.email,
        method=(request.method or "")[:10],
        path=request.path[:200],
        reason=reason[:200],
        request_id=request_id(),
    )


def clearance(kind: Literal["cleared", "clearance_ended"], email: str, *, by: str, reason: str = "") -> None:
    """A person was cleared for US Government, or is no more."""
    AccessLog.objects.create(klass=US_GOV, at=clock.wall(), kind=kind, email=email, by=by, reason=reason[:200])


def setting_changed(kind: str, what: str, by: str) -> None:
    """Somebody changed a setting of the team: which version, whose history says what and why; or did what it allows."""
    AccessLog.objects.create(
        klass=GLOBAL,
        at=clock.wall(),
        kind="setting_changed",
        email=by,
        path=f"/settings/{kind}/",
        reason=what[:200],
        request_id=request_id(),
    )


def request_id() -> str:
    """The id of the request at work; empty outside one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
