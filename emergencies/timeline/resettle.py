"""What follows for emergencies when a manager changes the team's settings: through the one door, a batch at a time.

`team.consequences` calls these until nothing is left; each call is safe twice, at once and after a crash.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from emergencies import models
from emergencies.timeline import team
from emergencies.timeline.record import record

BATCH = 25
"""Emergencies, or pages, of one call."""


def judge_anew(through: int, now: datetime) -> int | None:
    """Judges open emergencies anew by what the team has set now. What was projected meanwhile was judged so already."""
    open_ones = models.Emergency.objects.filter(pk__gt=through).exclude(stage="closed").order_by("pk")
    some = list(open_ones.values_list("pk", "public_id")[:BATCH])
    for _, public_id in some:
        record(again=[public_id], now=now)
    return some[-1][0] if len(some) == BATCH else None


def close_and_judge_anew(through: int, now: datetime) -> int | None:
    """Pages of services that are not the global portal's any more become US Government's; then as `judge_anew`. No page
    is ever opened by this."""
    keys = sorted(set(to_close().values_list("subject__key", flat=True)[:BATCH]))
    if keys:
        record(classes=dict.fromkeys(keys, "us_gov"), now=now)
        return through
    return judge_anew(through, now)


def open_again(service: str, now: datetime) -> int:
    """Opens the pages of a service that were global once and were closed because the service was mapped otherwise. By
    hand only, on the word of a cleared person, and only while the service is mapped to the global portal. How many."""
    if service not in team.services(sure=True).named("global"):
        return 0
    closed = models.Entry.objects.filter(
        kind="page_triggered", known_until=None, data__service=service, data__portal="global",
        subject__klass="us_gov", subject__kind="page",
    )  # fmt: skip
    keys = sorted(set(closed.values_list("subject__key", flat=True)))
    for start in range(0, len(keys), BATCH):
        record(classes=dict.fromkeys(keys[start : start + BATCH], "global"), now=now)
    return len(keys)


def to_close() -> QuerySet[models.Entry]:
    """The triggers of global pages whose service is not mapped to the global portal now. One that a cleared person tied
    to the global account stays, unless its service is said to be US Government's."""
    services = team.services(sure=True)
    triggers = models.Entry.objects.filter(
        kind="page_triggered", known_until=None, subject__klass="global", subject__kind="page"
    )
    closed_for_sure = Q(data__service__in=sorted(services.named("us_gov")))
    return triggers.exclude(data__service__in=sorted(services.named("global"))).filter(
        Q(subject__class_said=False) | closed_for_sure
    )
