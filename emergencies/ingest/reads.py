"""Reads of vendors that are owed: a webhook told of a page or ticket, so it is read in full; and open ones are looked
at again.

The row is the promise (`Subject.read_due_at`, by the wall clock). Each account of each vendor is a lane of its own,
so that a vendor that hangs holds up nobody else's reads; inside a lane the first failure ends the pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import msgspec
import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Least

from ceoc import clock, wake
from ceoc.access.opaque import opaque_id
from ceoc.ops.edge import Edge
from ceoc.vendors.errors import Refused, Unavailable
from ceoc.vendors.hearing import about
from emergencies.models import Sighting, Subject
from emergencies.story import kinds as k
from emergencies.story.entries import Ref
from emergencies.timeline.drafts import Draft
from emergencies.timeline.record import record

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
"""How long one read may take before somebody else tries it."""
WAIT = timedelta(seconds=10)
"""After a vendor did not answer."""
WAIT_REFUSED = timedelta(minutes=1)
"""After a vendor refused for a reason that may pass (a token that is being rotated), or reading failed here."""

Read = Callable[[Ref, datetime], timedelta | None]
"""Reads a subject at its vendor, `now` by the domain's clock, and says after how long it should be read again (None:
never)."""


class Lane(msgspec.Struct, frozen=True):
    """The reads of one account of one vendor."""

    name: str
    prefixes: tuple[str, ...]
    """How the keys of its subjects begin."""
    read: Read

    def read_due(self, limit: int = 100) -> int:
        """Reads what is due in this lane, the longest due first, each at the domain's present time; says how many."""
        for done in range(limit):
            subject = self._claim(clock.wall())
            if subject is None:
                return done
            with about(subject.klass):
                answered = self._try(subject.key, subject.read_due_at, clock.now())
            if not answered:
                return done + 1
        return limit

    def count_due(self, wall: datetime) -> int:
        """How many reads of this lane are due."""
        return self._due(wall).count()

    def _due(self, wall: datetime) -> QuerySet[Subject]:
        mine = Q()
        for prefix in self.prefixes:
            mine |= Q(key__startswith=prefix)
        return Subject.objects.filter(mine, read_due_at__lte=wall)

    def _claim(self, wall: datetime) -> Subject | None:
        with transaction.atomic():
            subject = self._due(wall).order_by("read_due_at", "id").select_for_update(skip_locked=True).first()
            if subject is not None:
                subject.read_due_at = wall + LEASE
                subject.save(update_fields=["read_due_at"])
        return subject

    def _try(self, key: str, lease: datetime, now: datetime) -> bool:
        """Whether the vendor answered at all."""
        again: timedelta | None = WAIT_REFUSED
        answered = True
        subject = opaque_id(key)
        with Edge(log, "read.failed", lane=self.name, subject=subject):
            try:
                again = self.read(Ref.parse(key), now)
            except Unavailable as error:
                again, answered = max(WAIT, timedelta(seconds=min(error.retry_after or 0, 300))), False
                log.info("read.waits", lane=self.name, subject=subject, reason=error.sentence)
            except Refused as error:
                log.warning("read.refused", lane=self.name, subject=subject, reason=error.sentence)
                if error.missing:
                    _say_missing(Ref.parse(key), error.sentence, now)
                    again = None
        # A webhook that came while we read has moved the time: then that stands, and it is read once more.
        due = clock.wall() + again if again else None
        Subject.objects.filter(key=key, read_due_at=lease).update(read_due_at=due)
        return answered


def _say_missing(ref: Ref, sentence: str, now: datetime) -> None:
    """A subject that the vendor does not know, and of which nobody ever told: it was tied by a wrong number."""
    if ref.kind in ("page", "ticket") and not Sighting.objects.filter(subject__key=ref.key).exists():
        fact = k.Unreadable(reason=sentence)
        record(entries=[Draft(subject=ref, fact=fact, at=now, key=f"missing:{ref.key}")], now=now)


def owe(keys: Iterable[str], wall: datetime) -> None:
    """These subjects are to be read at once. Those that nobody has told of yet get their row."""
    wanted = sorted(set(keys))
    if not wanted:
        return
    rows = [Subject(key=key, kind=Ref.parse(key).kind, klass=_class_of(key)) for key in wanted]
    Subject.objects.bulk_create(rows, ignore_conflicts=True)
    soon = Least(Coalesce("read_due_at", wall), wall)
    Subject.objects.filter(key__in=wanted).update(read_due_at=soon)
    for lane in {lane_of(key) for key in wanted}:
        wake.wake(lane)


def owe_unread(keys: Iterable[str], wall: datetime) -> None:
    """Those of these subjects that were never read at their vendor are to be read at once."""
    wanted = set(keys)
    if not wanted:
        return
    read = Sighting.objects.filter(subject__key__in=wanted, messenger="log").values_list("subject__key", flat=True)
    owe(wanted - set(read), wall)


def lane_of(key: str) -> str:
    """The name of the lane (and of its sweep) that reads a subject."""
    ref = Ref.parse(key)
    if ref.kind == "thread":
        return "reads_slack"
    return f"reads_zendesk_{ref.account}" if ref.kind == "ticket" else "reads_pagerduty"


def _class_of(key: str) -> str:
    return "global" if Ref.parse(key).account == "global" else "us_gov"
