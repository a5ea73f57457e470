"""Changing a setting: who may, checked, kept as a new version with its reason, told to everybody."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from ceoc.access import audit
from ceoc.access.classes import GLOBAL
from ceoc.access.viewer import Viewer
from ceoc.live.announce import announce
from ceoc.team import kinds, store
from ceoc.team.kinds import Kind
from ceoc.team.models import Version
from ceoc.wake import wake

LONGEST_WHY = 500
"""Characters of a reason."""


class Refused(Exception):
    """Nothing was changed; the text is what the person reads."""


class Outrun(Refused):
    """Somebody changed it after it was looked at."""


class Standing(msgspec.Struct, frozen=True):
    """A kind as it stands: the number of its newest version, and the value that counts."""

    number: int
    value: Any


def standing(kind: Kind) -> Standing:
    """What stands now, as the database has it. At most two queries."""
    newest = newest_version(kind)
    return Standing(
        newest.number if newest else 0, store.value_at(kind.name, store.standing(kind.name, sure=True), None)
    )


def newest_version(kind: Kind) -> Version | None:
    """The newest version of a kind, readable or not. One query."""
    return Version.objects.filter(kind=kind.name).order_by("-number").first()


def wrong(kind: Kind, before: Any, after: Any, by: Viewer) -> kinds.Errors:
    """What is wrong with a value, or may not be said by this person."""
    errors = kind.check(after) if kind.check else {}
    return errors or (kind.guard(before, after, by) if kind.guard else {})


def change(kind: Kind, value: Any, *, base: int, by: Viewer, why: str, now: datetime) -> Version:
    """Lets `value` stand from now on. `base` is the number of the version that it was made from. Raises Refused."""
    return _add(kind, value, Version(kind=kind.name, number=base + 1, by=by.email, why=why.strip(), valid_from=now), by)


def undo(kind: Kind, number: int, *, by: Viewer, now: datetime) -> Version:
    """Takes the newest version back: what stood before it stands again, as a version of its own. Raises Refused."""
    undone = newest_version(kind)
    if undone is None or undone.number != number:
        raise Outrun("Somebody changed this meanwhile. Look at the history again before you undo.")
    before = value_before(kind, number)
    why = f"Undoes version {number}: {undone.why}"[:LONGEST_WHY]
    row = Version(kind=kind.name, number=number + 1, by=by.email, why=why, valid_from=now, undoes=number)
    return _add(kind, before, row, by)


def value_before(kind: Kind, number: int) -> Any:
    """What stood before a version: the one before it that can be read, else the default. One query."""
    older = Version.objects.filter(kind=kind.name, number__lt=number).order_by("-number")
    found = (store.value_of(row) for row in older)
    return next((value for value in found if value is not None), kind.default)


def _add(kind: Kind, value: Any, row: Version, by: Viewer) -> Version:
    if not by.may("manage"):
        raise Refused("Only managers and administrators change settings.")
    if not row.why:
        raise Refused("Say why: the others read it in the history.")
    if len(row.why) > LONGEST_WHY:
        raise Refused(f"The reason is longer than {LONGEST_WHY} characters. Shorten it.")
    stands = standing(kind)
    if row.number != stands.number + 1:
        raise Outrun("Somebody changed this meanwhile.")
    if errors := wrong(kind, stands.value, value, by):
        raise Refused(next(iter(errors.values())))
    if value == stands.value and row.undoes is None:
        raise Refused("Nothing is different from what stands.")
    row.shape, row.value = kind.shape, kinds.write(value)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            audit.setting_changed(kind.name, f"version {row.number}", by.email)
            announce(["settings", f"setting:{kind.name}", *kind.topics], GLOBAL)
            wake("settings")
    except IntegrityError as error:
        raise Outrun("Somebody changed this at the same moment.") from error
    store.forget()
    return row
