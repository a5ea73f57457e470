"""How fresh what we know of each vendor is: pages say with age and cause what is stale or down (architecture.md 2.9).

All instants here are real time (`ceoc.clock.wall`), in DEMO too: a faster demo clock makes no vendor stale. Call the
writers outside long transactions: the row of an account is shared by all of its readers.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet

from ceoc.access.classes import GLOBAL, US_GOV, Klass, Sees
from ceoc.live.announce import announce
from ceoc.ops.limits import FRESHNESS
from ceoc.ops.models import Freshness
from ceoc.team import store

State = Literal["live", "stale", "down"]

AT_MOST_EVERY = timedelta(seconds=2)
"""A busy account writes its row no oftener."""

WATCHED = (("pagerduty", ""), ("zendesk", "global"), ("zendesk", "us_gov"), ("slack", ""))


class FreshnessRow(msgspec.Struct, frozen=True):
    """One account as a page shows it."""

    vendor: str
    account: str
    klass: Klass
    state: State
    heard_at: datetime | None
    """The last webhook or answer, whichever is later; None: never."""
    since: datetime | None
    """Since when it is down."""
    reason: str
    age: timedelta | None


def heard(vendor: str, account: str, now: datetime, *, by: Literal["answer", "webhook"] = "answer") -> None:
    """The account told us something at `now`. An answer ends an outage; a webhook does not, its API may be down."""
    column = f"last_{by}_at"
    row = _row(vendor, account)
    due = Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lt": now - AT_MOST_EVERY})
    with transaction.atomic():
        if by == "answer" and row.filter(down_since__isnull=False).update(down_since=None, reason=""):
            row.update(**{column: now})
            announce(["freshness"], klass_of(account))
        elif row.filter(due).update(**{column: now}) == 0 and not row.exists():
            Freshness.objects.bulk_create(
                [Freshness(vendor=vendor, account=account, klass=klass_of(account), **{column: now})],
                ignore_conflicts=True,
            )
            announce(["freshness"], klass_of(account))


def failed(vendor: str, account: str, reason: str, now: datetime) -> None:
    """The account's API gave no answer at `now`; `reason` is a short sentence without customers' words."""
    with transaction.atomic():
        Freshness.objects.bulk_create(
            [Freshness(vendor=vendor, account=account, klass=klass_of(account))], ignore_conflicts=True
        )
        row = _row(vendor, account)
        if row.filter(down_since__isnull=True).update(down_since=now, reason=reason[:200]):
            announce(["freshness"], klass_of(account))
        else:
            row.exclude(reason=reason[:200]).update(reason=reason[:200])


def may_ask(vendor: str, account: str, now: datetime, *, every: timedelta) -> bool:
    """Whether it is time to ask the account what is open; of several processes that ask this at once one gets a yes."""
    Freshness.objects.bulk_create(
        [Freshness(vendor=vendor, account=account, klass=klass_of(account))], ignore_conflicts=True
    )
    due = Q(asked_at__isnull=True) | Q(asked_at__lte=now - every)
    return _row(vendor, account).filter(due).update(asked_at=now) == 1


def all_for(viewer: Sees | None, now: datetime) -> list[FreshnessRow]:
    """Every watched account that the viewer may know of, in a fixed order (one query). `now` is real time."""
    if viewer is None:
        return []
    limit = store.current(FRESHNESS).stale_after
    kept = {(row.vendor, row.account): row for row in Freshness.objects.visible_to(viewer)}
    seen = [pair for pair in WATCHED if viewer.cleared or klass_of(pair[1]) == GLOBAL]
    return [_as_row(vendor, account, kept.get((vendor, account)), now - limit, now) for vendor, account in seen]


def klass_of(account: str) -> Klass:
    """The class of what is known of an account: US Government's own account is US Government's."""
    return US_GOV if account in ("us_gov", "us-gov") else GLOBAL


def _row(vendor: str, account: str) -> QuerySet[Freshness]:
    return Freshness.objects.filter(vendor=vendor, account=account)


def _as_row(vendor: str, account: str, kept: Freshness | None, fresh_from: datetime, now: datetime) -> FreshnessRow:
    instants = [at for at in (kept.last_webhook_at, kept.last_answer_at) if at] if kept else []
    heard_at = max(instants, default=None)
    state: State = "live"
    if kept and kept.down_since:
        state = "down"
    elif heard_at is None or heard_at < fresh_from:
        state = "stale"
    return FreshnessRow(
        vendor=vendor,
        account=account,
        klass=klass_of(account),
        state=state,
        heard_at=heard_at,
        since=kept.down_since if kept else None,
        reason=_reason(state, kept),
        age=max(timedelta(0), now - heard_at) if heard_at else None,
    )


def _reason(state: State, kept: Freshness | None) -> str:
    if state == "down" and kept:
        return kept.reason
    if state == "stale":
        return "Nothing has been heard yet." if kept is None else "Nothing was heard for a while."
    return ""
