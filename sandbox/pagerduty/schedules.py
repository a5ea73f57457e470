"""Who is on call: layers and overrides resolved into a final schedule, as PagerDuty renders it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sandbox.clock import parse
from sandbox.store import Store
from sandbox.world.rota import EVERY_DAY, Layer, Schedule

EPOCH_DAY = date(2024, 1, 1)  # a Monday: every layer's first turn begins on it


@dataclass(frozen=True)
class Piece:
    """Somebody on call from start to end (UTC, half open)."""

    who: str
    start: datetime
    end: datetime


def render(schedule: Schedule, store: Store, since: datetime, until: datetime) -> list[Piece]:
    """The final schedule between two times: layers over each other, overrides over all."""
    pieces: list[Piece] = []
    for layer in schedule.layers:
        pieces = lay_over(pieces, layer_pieces(layer, schedule.zone, since, until))
    for override in overrides(schedule, store, since, until):
        pieces = lay_over(pieces, [override])
    return merged(pieces)


def overrides(schedule: Schedule, store: Store, since: datetime, until: datetime) -> list[Piece]:
    """The overrides that touch the time, cut to it, in the order in which they were made."""
    found = []
    for doc in store.all("pd_override"):
        start, end = max(parse(doc["start"]), since), min(parse(doc["end"]), until)
        if doc["schedule"] == schedule.name and start < end:
            found.append(Piece(doc["user"], start, end))
    return found


def layer_pieces(layer: Layer, zone: str, since: datetime, until: datetime) -> list[Piece]:
    """One layer's turns within its restriction, cut to the time asked for. Hours are local: a turn that crosses a
    change of the clocks is an hour longer or shorter."""
    found = []
    day = since.astimezone(ZoneInfo(zone)).date() - timedelta(days=2)
    last = until.astimezone(ZoneInfo(zone)).date()
    while day <= last:
        if day.isoweekday() in layer.days:
            who = layer.people[((day - EPOCH_DAY).days // layer.turn_days) % len(layer.people)]
            start, end = hours(layer, day, zone)
            start, end = max(start, since), min(end, until)
            if start < end:
                found.append(Piece(who, start, end))
        day += timedelta(days=1)
    return merged(found)


def hours(layer: Layer, day: date, zone: str) -> tuple[datetime, datetime]:
    """The layer's hours of a local day, in UTC."""
    begins = datetime.combine(day, time.fromisoformat(layer.begins or "00:00:00"), ZoneInfo(zone))
    ends = begins + timedelta(hours=layer.hours)  # wall clock arithmetic: the zone is resolved below
    return begins.astimezone(UTC), ends.astimezone(UTC)


def lay_over(below: list[Piece], above: list[Piece]) -> list[Piece]:
    """The pieces above, and what they leave of those below."""
    for top in above:
        cut: list[Piece] = []
        for piece in below:
            if piece.end <= top.start or piece.start >= top.end:
                cut.append(piece)
                continue
            if piece.start < top.start:
                cut.append(Piece(piece.who, piece.start, top.start))
            if top.end < piece.end:
                cut.append(Piece(piece.who, top.end, piece.end))
        below = cut
    return sorted([*below, *above], key=lambda piece: (piece.start, piece.end))


def merged(pieces: list[Piece]) -> list[Piece]:
    """Neighbouring pieces of the same person as one."""
    joined: list[Piece] = []
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if joined and joined[-1].who == piece.who and joined[-1].end >= piece.start:
            joined[-1] = Piece(piece.who, joined[-1].start, max(joined[-1].end, piece.end))
        else:
            joined.append(piece)
    return joined


def on_call(schedule: Schedule, store: Store, at: datetime) -> str | None:
    """The key of the person on call at a time, or None."""
    pieces = render(schedule, store, at, at + timedelta(seconds=1))
    return pieces[0].who if pieces else None


def restrictions(layer: Layer) -> list[dict[str, object]]:
    """The layer's restriction as PagerDuty writes it: daily, or one per day of the week."""
    if not layer.begins:
        return []
    common: dict[str, object] = {"start_time_of_day": layer.begins, "duration_seconds": layer.hours * 3600}
    if layer.days == EVERY_DAY:
        return [{"type": "daily_restriction", **common}]
    return [{"type": "weekly_restriction", "start_day_of_week": day, **common} for day in layer.days]
