"""What a change of settings will do to what is there, said before it is saved: counts of what the viewer may see."""

from __future__ import annotations

from collections.abc import Iterable

from ceoc.access.viewer import Viewer
from emergencies.models import Emergency, Entry
from emergencies.policy import services as policy
from emergencies.policy.channels import Channels
from emergencies.policy.services import Services


def clocks(_before: object, _after: object, viewer: Viewer) -> list[str]:
    """Of other thresholds. One query."""
    number = Emergency.objects.visible_to(viewer).exclude(stage="closed").count()
    running = f"{_many(number, 'open emergency', 'open emergencies')} that you can see" if number else "no emergency"
    return [f"Clocks that run already keep their times ({running}). What starts from now on runs by the new ones."]


def services(before: Services, after: Services, viewer: Viewer) -> list[str]:
    """Of other names at PagerDuty. Two queries for each service whose portal changes."""
    told = [_closes(name, viewer) for name in policy.closed(before, after)]
    told += [_opens(name, viewer) for name in policy.opened(before, after)]
    told += _moves(before, after, viewer)
    return told


def channels(before: Channels, after: Channels, _viewer: Viewer) -> list[str]:
    """Of other channels. No query."""
    told = []
    if gone := sorted(set(before.cleared) - set(after.cleared)):
        told.append(f"US Gov posts that still wait for {_names(gone)} are refused.")
    if new := sorted(set(after.cleared) - set(before.cleared)):
        told.append(f"US Gov matters may be written in {_names(new)}. Be sure that everybody in there is cleared.")
    return told


def bots(_before: object, _after: object, _viewer: Viewer) -> list[str]:
    """Of other users that are no people. No query."""
    return ["What was written before stays what it was taken for; this counts for what is written from now on."]


def _closes(name: str, viewer: Viewer) -> str:
    pages = Entry.objects.visible_to(viewer).filter(
        kind="page_triggered", known_until=None, data__service=name, subject__klass="global"
    )
    number = pages.count()
    emergencies = Emergency.objects.visible_to(viewer).filter(
        klass="global", links__ended=False, links__subject__in=pages.values("subject")
    )
    touched = emergencies.distinct().count()
    return (
        f"{_many(number, 'page', 'pages')} of {name} and {_many(touched, 'emergency', 'emergencies')} become US"
        " Government's within seconds, past ones too: who is not cleared sees them no more. Undoing brings none back."
    )


def _opens(name: str, viewer: Viewer) -> str:
    kept = Entry.objects.visible_to(viewer).filter(
        kind="page_triggered", known_until=None, data__service=name, subject__klass="us_gov"
    )
    number = kept.count()
    stay = f" What it has already stays US Government's: {_many(number, 'page', 'pages')}." if number else ""
    return f"Everybody sees the pages of {name} that come from now on.{stay}"


def _moves(before: Services, after: Services, viewer: Viewer) -> Iterable[str]:
    moved = {one.name for one in (*before.policies, *after.policies)}
    if any(before.region_of(name) != after.region_of(name) for name in moved):
        number = Emergency.objects.visible_to(viewer).exclude(stage="closed").count()
        open_ones = _many(number, "open emergency", "open emergencies")
        yield f"The region of {open_ones} that you can see is judged anew; closed ones keep theirs."


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _names(channels: Iterable[str]) -> str:
    return ", ".join(f"#{name}" for name in channels)
