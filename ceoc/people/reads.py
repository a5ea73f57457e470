"""Reads of people at the vendors that are owed: when somebody is new, when they sign in, and when a person asks.

The rows are the promise (`Match.due_at`, `Listing.due_at`, by the wall clock). Each place is a lane of its own, so that
a vendor that hangs holds up nobody else's reads, and no sign-in waits for any of it: the sweep sees who signed in.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet

from ceoc import clock, wake
from ceoc.access.models import Person
from ceoc.live.announce import announce
from ceoc.ops.edge import Edge
from ceoc.ops.lanes import Lanes
from ceoc.people import reading
from ceoc.people.models import Listing, Match, Member
from ceoc.people.places import PLACES, Place
from ceoc.people.reading import Found
from ceoc.vendors.errors import Refused, Unavailable, VendorError

log = structlog.get_logger(__name__)

SWEEP, TOPIC = "people", "people"
PATIENCE = 0.5
"""Seconds that a sweep waits for its lanes; one that takes longer goes on by itself."""
LEASE = timedelta(seconds=60)
WAIT = timedelta(seconds=30)
"""After a vendor did not answer."""
WAIT_REFUSED = timedelta(minutes=5)
"""After a vendor refused, or reading failed here."""
DAILY = timedelta(days=1)
"""Between two readings of a list that nobody asked for."""


# --- what is owed -----------------------------------------------------------------------------------------------------


def ask(person_id: int, wall: datetime) -> None:
    """Wants this person read everywhere, at once."""
    Match.objects.filter(person_id=person_id).update(due_at=wall, asked_at=wall)
    owe(wall)
    wake.wake(SWEEP)


def ask_all(wall: datetime) -> None:
    """Wants everybody read everywhere, and the lists of who else is there."""
    Match.objects.filter(person__is_active=True).update(due_at=wall, asked_at=wall)
    Listing.objects.update(due_at=wall, asked=True)
    wake.wake(SWEEP)


def sweep(now: datetime) -> int:
    """The sweep `people`: owes reads to who is new or has just signed in, and starts the lanes that have any."""
    del now
    wall = clock.wall()
    owe(wall)
    waiting = set(Match.objects.filter(due_at__lte=wall).values_list("vendor", "account").distinct())
    waiting |= set(Listing.objects.filter(due_at__lte=wall).values_list("vendor", "account"))
    due = [place for place in PLACES if (place.vendor, place.account) in waiting]
    _lanes.run(due, PATIENCE)
    return len(due)


def owe(wall: datetime) -> None:
    """Rows for active people and lists that have none yet; a read for whoever signed in since the last was wanted."""
    active = Person.objects.filter(is_active=True)
    for place in PLACES:
        mine = Match.objects.filter(vendor=place.vendor, account=place.account)
        new = active.exclude(pk__in=mine.values("person_id")).values_list("pk", flat=True)
        Match.objects.bulk_create([_row(place, pk, wall) for pk in new], ignore_conflicts=True)
    came = Q(person__is_active=True, person__last_login__gt=F("asked_at"))
    Match.objects.filter(pk__in=Match.objects.filter(came).values("pk")).update(due_at=wall, asked_at=wall)
    listed = set(Listing.objects.values_list("vendor", "account"))
    rows = [
        Listing(vendor=place.vendor, account=place.account, klass=place.klass, due_at=wall)
        for place in PLACES
        if place.lists and (place.vendor, place.account) not in listed
    ]
    Listing.objects.bulk_create(rows, ignore_conflicts=True)


def _row(place: Place, person_id: int, wall: datetime) -> Match:
    return Match(
        person_id=person_id, vendor=place.vendor, account=place.account, klass=place.klass, asked_at=wall, due_at=wall
    )


# --- one place --------------------------------------------------------------------------------------------------------


def read_due(place: Place) -> int:
    """Reads who is due in one place, whoever waits longest first, then its list; says how many. The first failure ends
    it."""
    done = 0
    while match := _claim(place, clock.wall()):
        done += 1
        if not _read(place, match):
            return done
    return done + _list_if_due(place, clock.wall())


def _claim(place: Place, wall: datetime) -> Match | None:
    with transaction.atomic():
        due = Match.objects.filter(vendor=place.vendor, account=place.account, due_at__lte=wall)
        match = (
            due.order_by("due_at", "pk")
            .select_related("person")
            .select_for_update(skip_locked=True, of=("self",))
            .first()
        )
        if match is not None:
            match.due_at = wall + LEASE
            match.save(update_fields=["due_at"])
    return match


def _read(place: Place, match: Match) -> bool:
    """Whether the vendor answered."""
    failed: VendorError = Refused("Reading it failed here.")
    with Edge(log, "people.read_failed", place=place.key):
        try:
            found = reading.read(place, match.picked or match.person.email)
        except VendorError as error:
            failed = error
        else:
            _keep(place, match, found)
            return True
    _put_off(place, match, failed, clock.wall())
    return False


def _put_off(place: Place, match: Match, error: VendorError, wall: datetime) -> None:
    """Tried again later; where the place itself does not answer, so is everybody who waits there."""
    rows = Q(pk=match.pk, due_at=match.due_at)
    if isinstance(error, Unavailable) or getattr(error, "status", None) == 401:
        rows |= Q(vendor=place.vendor, account=place.account, due_at__lte=wall)
    with transaction.atomic():
        ids = list(Match.objects.filter(rows).values_list("person_id", flat=True))
        Match.objects.filter(rows).update(failed_at=wall, reason=error.sentence[:300], due_at=wall + _wait(error))
        announce([TOPIC, *(f"person:{id}" for id in ids)], place.klass)


def _wait(error: VendorError) -> timedelta:
    if isinstance(error, Unavailable):
        return max(WAIT, timedelta(seconds=min(error.retry_after or 0, 300)))
    return WAIT_REFUSED


def _keep(place: Place, match: Match, found: Found | None) -> None:
    """Writes what was read, unless somebody wanted it read anew meanwhile: then that stands."""
    with transaction.atomic():
        taken = found is not None and _is_another(place, match, found)
        who = None if taken else found
        _mine(match).update(
            state="found" if who else "absent",
            vendor_id=who.id if who else "",
            name=who.name[:200] if who else "",
            email=who.email[:254] if who else "",
            facts=who.facts if who else {"taken": True} if taken else {},
            read_at=clock.wall(),
            failed_at=None,
            reason="",
            due_at=None,
        )
        announce([TOPIC, f"person:{match.person_id}"], place.klass)


def _is_another(place: Place, match: Match, found: Found) -> bool:
    """Whether that is somebody else of us: nobody acts in the name of another, whatever was picked by hand."""
    others = Match.objects.filter(vendor=place.vendor, account=place.account, vendor_id=found.id).exclude(pk=match.pk)
    return others.exists() or Person.objects.filter(email=found.email).exclude(pk=match.person_id).exists()


def _mine(match: Match) -> QuerySet[Match]:
    """The row, as long as the lease is ours."""
    return Match.objects.filter(pk=match.pk, due_at=match.due_at)


# --- the list of a place ----------------------------------------------------------------------------------------------


def _list_if_due(place: Place, wall: datetime) -> int:
    """Reads the list of a place where it is due; 1 when it was."""
    mine = Listing.objects.filter(vendor=place.vendor, account=place.account)
    if not mine.filter(due_at__lte=wall).update(due_at=wall + LEASE):
        return 0
    try:
        found = reading.everybody(place)
    except (Refused, Unavailable) as error:
        log.info("people.list_waits", place=place.key, reason=error.sentence)
        mine.update(failed_at=wall, reason=error.sentence[:300], due_at=wall + _wait(error))
    else:
        with transaction.atomic():
            _keep_list(place, found)
            mine.update(read_at=wall, failed_at=None, reason="", due_at=wall + DAILY, asked=False)
    with transaction.atomic():
        announce([TOPIC], place.klass)
    return 1


def _keep_list(place: Place, found: list[Found]) -> None:
    """The list as it is now: who is gone goes, who was put aside stays so."""
    there = Member.objects.filter(vendor=place.vendor, account=place.account)
    there.exclude(vendor_id__in=[one.id for one in found]).delete()
    rows = [
        Member(
            vendor=place.vendor, account=place.account, klass=place.klass,
            vendor_id=one.id, name=one.name[:200], email=one.email[:254],
        )
        for one in found
    ]  # fmt: skip
    Member.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["vendor", "account", "vendor_id"], update_fields=["name", "email"]
    )


_lanes: Lanes[Place] = Lanes(read_due)
