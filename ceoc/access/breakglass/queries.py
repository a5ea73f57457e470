"""What the administrators' page shows of break-glass codes, as frozen rows: who has how many left. Never a code."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db.models import Count, Max, Q

from ceoc.access.breakglass.codes import AT_THE_MACHINE
from ceoc.access.models import CodeSet, Person
from ceoc.access.people import PersonCard, card, people_by_email


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """The codes of one person."""

    id: str
    person: PersonCard
    left: int
    used: int
    used_at: datetime | None
    """When the last one was used."""
    made_at: datetime
    made_by: PersonCard
    expires_at: datetime
    is_over: bool


class Listed(msgspec.Struct, frozen=True):
    """All of it: who has codes, and who might be given some."""

    rows: list[Row]
    people: list[PersonCard]


def listed(now: datetime) -> Listed:
    """Everybody's present set, by name, and everybody active who has a role (three queries)."""
    sets = (
        CodeSet.objects.filter(ended_at=None)
        .select_related("person")
        .annotate(
            left=Count("codes", filter=Q(codes__used_at=None)),
            used=Count("codes", filter=Q(codes__used_at__isnull=False)),
            used_at=Max("codes__used_at"),
        )
        .order_by("person__name", "person__email")
    )
    found = list(sets)
    makers = people_by_email(one.made_by for one in found if one.made_by != AT_THE_MACHINE)
    people = Person.objects.filter(is_active=True, groups__isnull=False).order_by("name", "email").distinct()
    return Listed(
        [_row(one, makers, now) for one in found],
        [card(email, name) for email, name in people.values_list("email", "name")],
    )


def _row(one: CodeSet, makers: dict[str, PersonCard], now: datetime) -> Row:
    counted = vars(one)
    return Row(
        id=one.public_id,
        person=card(one.person.email, one.person.name),
        left=counted["left"],
        used=counted["used"],
        used_at=counted["used_at"],
        made_at=one.made_at,
        made_by=makers.get(one.made_by) or PersonCard(one.made_by, "", "", is_known=False),
        expires_at=one.expires_at,
        is_over=one.expires_at <= now or not one.person.is_active,
    )
