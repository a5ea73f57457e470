"""What the pages about people show, as frozen rows. Each function says how many queries it makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import QuerySet
from msgspec.structs import replace

from ceoc import clock
from ceoc.access.classes import Sees
from ceoc.access.models import AccessLog, Person
from ceoc.access.people import PersonCard, people_by_email
from ceoc.access.roles import first_role
from ceoc.access.viewer import Viewer, initials
from ceoc.look import paging
from ceoc.people import readiness
from ceoc.people.models import Listing, Match, Member
from ceoc.people.places import PLACES, Place, seen_by
from ceoc.people.readiness import Read, Who
from ceoc.people.rows import (
    SHOWS,
    Chip,
    Filters,
    Line,
    Listed,
    ListState,
    PersonRow,
    Spot,
    Stranger,
    Unmatched,
)

HISTORY = 20
"""Lines of the audit on a person's page."""


def people(viewer: Viewer, filters: Filters, wall: datetime) -> Listed:
    """The people of a list (three queries: people, groups, matches)."""
    found = Person.objects.filter(is_active=filters.show != "left").order_by("name", "email")
    rows = [row for row in _rows(viewer, found, wall) if _fits(row, filters)]
    start = (filters.page - 1) * paging.PAGE
    return Listed(
        rows=rows[start : start + paging.PAGE],
        chips=[Chip(words, filters.address(show=show), filters.show == show) for show, words in SHOWS.items()],
        newer=filters.address(page=filters.page - 1) if filters.page > 1 else "",
        older=filters.address(page=filters.page + 1) if len(rows) > start + paging.PAGE else "",
        narrowed=filters != Filters(),
    )


def person(viewer: Viewer, public_id: str, wall: datetime) -> PersonRow | None:
    """One person (three queries; one for nobody)."""
    rows = _rows(viewer, Person.objects.filter(public_id=public_id), wall)
    return rows[0] if rows else None


def own(viewer: Viewer, wall: datetime) -> PersonRow:
    """Oneself (three queries)."""
    return _rows(viewer, Person.objects.filter(pk=viewer.person_id), wall)[0]


def history(viewer: Sees, email: str) -> list[Line]:
    """What was done about a person, newest first, as far as the viewer may know (two queries)."""
    kinds = ("cleared", "clearance_ended", "left", "came_back", "matched", "unmatched")
    found = list(AccessLog.objects.visible_to(viewer).filter(email=email, kind__in=kinds)[:HISTORY])
    names, line = people_by_email({one.by for one in found if "@" in one.by}), clock.line()
    return [
        Line(line.at(one.at), one.get_kind_display(), _name(one.by, names), one.reason, one.klass == "us_gov")
        for one in found
    ]


def unmatched(viewer: Viewer, wall: datetime) -> Unmatched:
    """Who does not match, on either side (five queries)."""
    rows = _rows(viewer, Person.objects.filter(is_active=True).order_by("name", "email"), wall)
    taken = {(spot.place.key, spot.address) for row in rows for spot in row.spots if spot.state == "found"}
    emails = {row.email for row in rows}
    places = {(place.vendor, place.account): place for place in seen_by(cleared=viewer.cleared)}
    strangers = [
        Stranger(places[one.vendor, one.account], one.vendor_id, one.name, one.email, one.aside_by)
        for one in Member.objects.visible_to(viewer).order_by("vendor", "account", "name")
    ]
    unknown = [one for one in strangers if one.email not in emails and (one.place.key, one.email) not in taken]
    return Unmatched(
        here=[(row, spot) for row in rows for spot in row.unmatched],
        there=[one for one in unknown if not one.aside_by],
        aside=[one for one in unknown if one.aside_by],
        lists=[_list_state(places, one) for one in Listing.objects.visible_to(viewer).order_by("vendor", "account")],
        places=list(places.values()),
        choices=[(row.id, row.name) for row in rows],
    )


def _name(by: str, names: Mapping[str, PersonCard]) -> str:
    """Who did it: a person by name, else the words that the audit has."""
    return names[by].name if by in names else by


def read_of(match: Match) -> Read:
    """What a match says, as readiness reads it."""
    return Read(
        state=match.state,
        facts=match.facts,
        email=match.email,
        read_at=match.read_at,
        failed_at=match.failed_at,
        reason=match.reason,
        waits=match.due_at is not None and not match.reason,
    )


def knows_clearances(viewer: Viewer) -> bool:
    """Whether somebody may know who is cleared: the cleared and administrators; else of oneself alone."""
    return viewer.cleared or viewer.may("administer")


def _rows(viewer: Viewer, found: QuerySet[Person], wall: datetime) -> list[PersonRow]:
    """Three queries: the people, their groups, their matches; one more where some were matched by hand. One for
    nobody."""
    some = list(found.prefetch_related("groups"))
    if not some:
        return []
    matches: dict[int, dict[tuple[str, str], Match]] = defaultdict(dict)
    for match in Match.objects.visible_to(viewer).filter(person__in=some):
        matches[match.person_id][match.vendor, match.account] = match
    pickers = {match.picked_by for mine in matches.values() for match in mine.values() if match.picked_by}
    names = people_by_email(pickers)
    return [_row(viewer, one, _named(matches[one.pk], names), wall) for one in some]


def _named(mine: dict[tuple[str, str], Match], names: Mapping[str, PersonCard]) -> dict[tuple[str, str], Match]:
    """The matches of one person, with who picked by name."""
    for match in mine.values():
        match.picked_by = _name(match.picked_by, names)
    return mine


def _row(viewer: Viewer, one: Person, matches: Mapping[tuple[str, str], Match], wall: datetime) -> PersonRow:
    role, line = first_role({group.name for group in one.groups.all()}), clock.line()
    known = one.us_gov_cleared and (knows_clearances(viewer) or one.pk == viewer.person_id)
    reads = {place.key: read_of(matches[key]) for place in PLACES if (key := (place.vendor, place.account)) in matches}
    who = Who(one.email, role if one.is_active else "none", one.us_gov_cleared and viewer.cleared, one.zone)
    items = tuple(replace(item, at=_told_at(item.at, line)) for item in readiness.items(who, reads, wall))
    ready, words = readiness.summary(items)
    return PersonRow(
        id=one.public_id,
        email=one.email,
        name=one.name,
        initials=initials(one.name),
        role=role,
        zone=one.zone,
        active=one.is_active,
        cleared=known,
        items=items,
        spots=tuple(_spots(matches, {item.source for item in items}, line)),
        ready=ready,
        ready_words=words,
    )


def _told_at(at: datetime | None, line: clock.Line) -> datetime | None:
    """An instant of the wall clock as pages show it: by the domain's."""
    return line.at(at) if at else None


def _spots(matches: Mapping[tuple[str, str], Match], needed: set[str], line: clock.Line) -> Iterable[Spot]:
    """The places where a person is needed or found."""
    for place in PLACES:
        match = matches.get((place.vendor, place.account))
        if match is None or not (place.name in needed or match.state == "found" or match.picked):
            continue
        yield Spot(
            place=place,
            state=match.state,
            name=match.name,
            address=match.email or match.vendor_id,
            picked=match.picked,
            picked_by=match.picked_by,
            read_at=_told_at(match.read_at, line),
            reason=match.reason,
            waits=match.due_at is not None and not match.reason,
        )


def _fits(row: PersonRow, filters: Filters) -> bool:
    if filters.q and filters.q.lower() not in f"{row.name} {row.email}".lower():
        return False
    if filters.show == "unready":
        return row.ready != "ready"
    return filters.show != "unmatched" or bool(row.unmatched)


def _list_state(places: Mapping[tuple[str, str], Place], one: Listing) -> ListState:
    place = places[one.vendor, one.account]
    return ListState(place, _told_at(one.read_at, clock.line()), one.reason, one.asked and not one.reason)
