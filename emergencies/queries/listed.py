"""Emergencies as a list for programs: narrowed by what they ask for, closed ones too."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db.models import Count, Q, QuerySet

from ceoc.access.classes import Sees
from ceoc.access.viewer import ANYBODY
from emergencies.models import Emergency, SearchText
from emergencies.queries.search import query_of


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is narrowed to. An empty word, or none, does not narrow."""

    stage: str = ""
    open: bool | None = None
    region: str = ""
    dri: str = ""
    customer: str = ""
    """Part of the customer's name."""
    incident: str = ""
    """Id of a widespread incident."""
    q: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """When it began: not before `since`, before `until`."""


def listed(viewer: Sees, wanted: Wanted) -> QuerySet[Emergency]:
    """The emergencies that fit and that the viewer may see. History and what was joined into another are left out.

    No query yet.
    """
    rows = Emergency.objects.visible_to(viewer).filter(_fits(wanted), historical=False, joined_into="")
    words = query_of(wanted.q) if wanted.q else None
    if words is not None:
        rows = rows.filter(pk__in=SearchText.objects.visible_to(viewer).filter(vector=words).values("emergency"))
    says_nothing = bool(wanted.q) and words is None
    return rows.none() if says_nothing or wanted.incident else rows  # no emergency is under an incident yet


def by_stage() -> list[tuple[tuple[str, ...], float]]:
    """How many emergencies there are in each stage, as anybody may know. One query."""
    rows = listed(ANYBODY, Wanted()).order_by().values_list("stage").annotate(count=Count("pk"))
    return [((stage,), count) for stage, count in rows]


def _fits(wanted: Wanted) -> Q:
    fits = Q()
    if wanted.open is not None:
        fits &= ~Q(stage="closed") if wanted.open else Q(stage="closed")
    if wanted.since:
        fits &= Q(began_at__gte=wanted.since)
    if wanted.until:
        fits &= Q(began_at__lt=wanted.until)
    words = {
        "stage": wanted.stage, "region": wanted.region, "dri": wanted.dri, "customer_name__icontains": wanted.customer,
    }  # fmt: skip
    return fits & Q(**{name: word for name, word in words.items() if word})
