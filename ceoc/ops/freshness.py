"""How fresh what we know of each vendor is: pages say with age and cause what is stale or down (architecture.md 2.9).

All instants here are real time (`ceoc.clock.wall`), in DEMO too: a faster demo clock makes no vendor stale. Call the
writers outside long transactions: the row of an account is shared by all of its readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


def heard(
    vendor: str, account: str, now: datetime, *, by: Literal["answer", "webhook"] = "answer", klass: str = GLOBAL
) -> None:
    """The account told us something of that class at `now`. An answer ends an outage; a webhook does not: the API may
    be down."""
    column, account = f"last_{by}_at", _kept_under(account, klass)
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


def failed(vendor: str, account: str, reason: str, now: datetime, *, klass: str = GLOBAL) -> None:
    """The account's API gave no answer about a thing of that class at `now`; `reason` is a short sentence without
    customers' words."""
    account = _kept_under(account, klass)
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
    return [_as_row(vendor, account, _rows_of(kept, vendor, account), now - limit, now) for vendor, account in seen]


def klass_of(account: str) -> Klass:
    """The class of what is known of an account: US Government's own account is US Government's."""
    return US_GOV if account in ("us_gov", "us-gov") else GLOBAL


def _kept_under(account: str, klass: str) -> str:
    """Where a vendor has one account for both classes, what it tells of US Government things is kept apart: that it
    told anything at all just now would tell of them."""
    return account or ("" if klass == GLOBAL else US_GOV)


def _row(vendor: str, account: str) -> QuerySet[Freshness]:
    return Freshness.objects.filter(vendor=vendor, account=account)


def _rows_of(kept: Mapping[tuple[str, str], Freshness], vendor: str, account: str) -> list[Freshness]:
    """What is kept of an account, as far as the one who looks may see it."""
    names = (account,) if account else ("", US_GOV)
    return [kept[vendor, name] for name in names if (vendor, name) in kept]


def _as_row(vendor: str, account: str, kept: Sequence[Freshness], fresh_from: datetime, now: datetime) -> FreshnessRow:
    heard_at = max((at for row in kept for at in (row.last_webhook_at, row.last_answer_at) if at), default=None)
    down = next((row for row in kept if row.down_since and not _answered_since(kept, row.down_since)), None)
    state: State = "live"
    if down:
        state = "down"
    elif heard_at is None or heard_at < fresh_from:
        state = "stale"
    return FreshnessRow(
        vendor=vendor,
        account=account,
        klass=klass_of(account),
        state=state,
        heard_at=heard_at,
        since=down.down_since if down else None,
        reason=down.reason if down else _why_stale(state, heard_at),
        age=max(timedelta(0), now - heard_at) if heard_at else None,
    )


def _answered_since(kept: Sequence[Freshness], at: datetime) -> bool:
    return any(row.last_answer_at and row.last_answer_at > at for row in kept)


def _why_stale(state: State, heard_at: datetime | None) -> str:
    if state == "live":
        return ""
    return "Nothing was heard for a while." if heard_at else "Nothing has been heard yet."
