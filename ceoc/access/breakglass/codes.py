"""Makes, takes and revokes break-glass codes. Each opens once; only their hashes are kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

import msgspec
from django.db import transaction

from ceoc.access import audit, sessions
from ceoc.access.classes import US_GOV
from ceoc.access.models import Code, CodeSet, Person
from ceoc.access.opaque import opaque_id

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Five bits a letter, none that is taken for another: no i, l, o, u."""
MISREAD = str.maketrans({"i": "1", "l": "1", "o": "0", "-": "", " ": ""})
LETTERS = 16
"""Eighty bits: nobody guesses one, also not from its hash."""
A_SET = 6
LAST = timedelta(days=180)
SESSION_LASTS = timedelta(hours=9)
"""A shift and its handover; the longest shift is nine hours, in the night when clocks are set back."""

AT_THE_MACHINE = "manage.py break_glass"


class Refused(Exception):
    """The codes are not made; the text says why."""


class Printed(msgspec.Struct, frozen=True):
    """A new set, shown once."""

    name: str
    email: str
    codes: list[str]
    expires_at: datetime


class Taken(msgspec.Struct, frozen=True):
    """A code that was right."""

    person: Person
    left: int


def make(email: str, *, by: str, cleared: bool, now: datetime) -> Printed:
    """A new set of codes for a person, in the place of what they had. `cleared` says whether `by` is.

    Raises Refused for somebody unknown, and for a cleared person when the one who prints is not: the codes would let
    them in as somebody who may see more.
    """
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(email=email.strip().lower(), is_active=True).first()
        if person is None:
            raise Refused(f"Nobody active has the e-mail {email}.")
        if person.us_gov_cleared and not cleared:
            raise Refused("Only somebody who is cleared for US Government prints codes for a cleared person.")
        _end(person, now)
        made = CodeSet.objects.create(
            public_id=opaque_id(f"break-glass:{person.pk}:{now.isoformat()}"),
            person=person, made_at=now, made_by=by, expires_at=now + LAST,
        )  # fmt: skip
        codes = [_new() for _ in range(A_SET)]
        Code.objects.bulk_create(Code(code_set=made, digest=digest(person.email, code)) for code in codes)
        audit.codes("codes_made", person.email, by=by, reason=f"{A_SET} codes, until {made.expires_at:%d %b %Y}")
    return Printed(person.name, person.email, codes, made.expires_at)


def take(email: str, code: str, *, now: datetime) -> Taken | None:
    """Uses a code up; None for one that is wrong, used, revoked or too old, or not that person's.

    Of two requests at once with the same code one waits for the other's lock, and then finds it used.
    """
    email = email.strip().lower()
    open_codes = Code.objects.filter(
        used_at=None, code_set__ended_at=None, code_set__expires_at__gt=now, code_set__person__is_active=True
    )
    with transaction.atomic():
        found = (
            open_codes.filter(digest=digest(email, code))
            .select_related("code_set__person")
            .select_for_update(of=("self", "code_set"))
            .first()
        )
        if found is None:
            return None
        found.used_at = now
        found.save(update_fields=["used_at"])
        return Taken(found.code_set.person, found.code_set.codes.filter(used_at=None).count())


def revoke(public_id: str, *, by: str, now: datetime) -> Person | None:
    """Ends a set, and the sessions that its codes began; its person, or None for a set that is not there or ended."""
    with transaction.atomic():
        found = CodeSet.objects.select_for_update().filter(public_id=public_id, ended_at=None).first()
        if found is None:
            return None
        person: Person = found.person
        _end(person, now)
        sessions.end_all(person, came="break_glass")
        audit.codes("codes_ended", person.email, by=by)
    return person


def end(person: Person, *, by: str, now: datetime) -> None:
    """Ends the codes of somebody who leaves: they open nothing, not even when that person comes back."""
    if _end(person, now):
        audit.codes("codes_ended", person.email, by=by, reason="left")


def end_of_the_uncleared(person: Person, *, by: str, now: datetime) -> None:
    """Somebody is cleared now: codes that an uncleared administrator printed for them before would let that one see."""
    cleared = Person.objects.filter(us_gov_cleared=True).values("email")
    theirs = CodeSet.objects.filter(person=person, ended_at=None).exclude(made_by=AT_THE_MACHINE)
    if theirs.exclude(made_by__in=cleared).update(ended_at=now):
        reason = "printed before the clearance, by somebody uncleared"
        audit.codes("codes_ended", person.email, by=by, reason=reason, klass=US_GOV)


def digest(email: str, code: str) -> str:
    """What is kept of a code. It names its person, so that it is nobody else's."""
    return hashlib.sha256(f"ceoc break-glass\0{email}\0{code.lower().translate(MISREAD)}".encode()).hexdigest()


def _end(person: Person, now: datetime) -> int:
    return int(CodeSet.objects.filter(person=person, ended_at=None).update(ended_at=now))


def _new() -> str:
    """`7k3m-9qx2-hd0v-w5te`."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    return "-".join(letters[at : at + 4] for at in range(0, LETTERS, 4))
