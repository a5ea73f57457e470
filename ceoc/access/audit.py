"""Writes the audit: who came in, who was refused, who was cleared by whom, who looked. Never a customer's word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

import structlog
from django.db import connection, transaction
from django.http import HttpRequest

from ceoc import clock
from ceoc.access.classes import GLOBAL, US_GOV, Klass
from ceoc.access.models import AccessLog
from ceoc.access.viewer import Viewer

ONE_LOOK = timedelta(minutes=10)
"""Within it a person who looks again at the same thing has looked once: reloads and updates make no lines."""

Coming = Literal["signed_in", "broke_glass", "signed_out"]


def came_and_went(kind: Coming, request: HttpRequest, email: str, *, by: str = "", reason: str = "") -> None:
    """Somebody signed in or out; `by` says who they were before, when a persona is changed in DEMO."""
    AccessLog.objects.create(
        klass=GLOBAL, at=clock.wall(), kind=kind, email=email, by=by, path=request.path[:200], reason=reason[:200],
        address=address_of(request), request_id=request_id(),
    )  # fmt: skip


def not_let_in(request: HttpRequest, reason: str, *, email: str = "") -> None:
    """Somebody tried to sign in and was not let in; `email` is who they say they are."""
    AccessLog.objects.create(
        klass=GLOBAL, at=clock.wall(), kind="not_let_in", email=email.replace("\0", "")[:254], path=request.path[:200],
        reason=reason.replace("\0", "")[:200], address=address_of(request), request_id=request_id(),
    )  # fmt: skip


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
    _person_changed(US_GOV, kind, email, by, reason)


def role_changed(email: str, *, by: str, reason: str) -> None:
    """A person has another role."""
    _person_changed(GLOBAL, "role_changed", email, by, reason)


def codes(
    kind: Literal["codes_made", "codes_ended"], email: str, *, by: str, reason: str = "", klass: Klass = GLOBAL
) -> None:
    """Break-glass codes were printed for a person, or count no more; a line that tells of a clearance is US Gov's."""
    _person_changed(klass, kind, email, by, reason)


def looked(viewer: Viewer, what: str, *public_ids: str) -> None:
    """A cleared person opened US Government's things of that kind: a line for each that they had not just looked at.

    Call it where such things are shown, with their opaque ids. One query when nothing is new, a handful when something
    is; two requests at once write one line.
    """
    if not public_ids or not _new(viewer, what, public_ids):
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"looked {viewer.email}"])
        AccessLog.objects.bulk_create(
            AccessLog(
                klass=US_GOV, at=clock.wall(), kind="looked", email=viewer.email, what=what, public_id=public_id,
                request_id=request_id(),
            )
            for public_id in _new(viewer, what, public_ids)
        )  # fmt: skip


def person(
    kind: Literal["left", "came_back", "matched", "unmatched"],
    email: str,
    *,
    by: str,
    reason: str = "",
    klass: Klass = GLOBAL,
) -> None:
    """Something was done about a person; `klass` is that of the vendor's account where it is about one."""
    _person_changed(klass, kind, email, by, reason)


def had_seen(people: Mapping[str, str], path: str) -> None:
    """Uncleared people had seen what stands at `path` before it turned out to be US Government's: e-mail → how."""
    at = clock.wall()
    AccessLog.objects.bulk_create(
        AccessLog(klass=US_GOV, at=at, kind="had_seen", email=email, path=path[:200], reason=how[:200])
        for email, how in sorted(people.items())
    )


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


def address_of(request: HttpRequest) -> str | None:
    """The address that a request came from; None for one without (a socket file)."""
    return request.META.get("REMOTE_ADDR") or None


def _new(viewer: Viewer, what: str, public_ids: tuple[str, ...]) -> list[str]:
    """Those that the person had not looked at a moment ago (one query)."""
    seen = AccessLog.objects.filter(
        kind="looked", email=viewer.email, what=what, public_id__in=public_ids, at__gt=clock.wall() - ONE_LOOK
    )
    known = set(seen.values_list("public_id", flat=True))
    return [public_id for public_id in dict.fromkeys(public_ids) if public_id not in known]


def _person_changed(klass: Klass, kind: str, email: str, by: str, reason: str) -> None:
    AccessLog.objects.create(klass=klass, at=clock.wall(), kind=kind, email=email, by=by, reason=reason[:200])
