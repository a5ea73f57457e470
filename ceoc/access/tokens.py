"""Making, finding and revoking tokens. `wall` is real time, handed in."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

import msgspec
import structlog
from django.db.models import Q

from ceoc.access.api_token import ApiToken
from ceoc.access.models import Person
from ceoc.access.opaque import opaque_id
from ceoc.access.scopes import SCOPES, Scope
from ceoc.access.viewer import Viewer, viewer_of

log = structlog.get_logger(__name__)

PREFIX = "ceoc_"
"""By which searches for lost secrets know a token."""

LONGEST = 366
"""Days that a token lasts at most."""

MOST = 20
"""Tokens that one person may have at a time."""

LISTED = 200
"""Tokens that a list shows at most."""

USED_EVERY = timedelta(minutes=1)
"""That a token was used is written no oftener."""


class Refused(Exception):
    """The token is not made or revoked; the text is the sentence that the person reads."""


class NotAdmitted(Exception):
    """The token opens nothing; the text says why."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """The token that somebody wants."""

    name: str
    scopes: tuple[Scope, ...]
    days: int


class Held(msgspec.Struct, frozen=True):
    """A token that was admitted: whose it is now, and for what."""

    id: str
    viewer: Viewer
    scopes: frozenset[str]


def make(person: Person, wish: Wish, *, by: str, wall: datetime) -> tuple[str, ApiToken]:
    """Makes a token and answers it, this once, with its row. Raises Refused."""
    name = _checked(person, wish, wall)
    text = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken.objects.create(
        public_id=opaque_id(f"token:{text}"),
        person=person,
        name=name,
        digest=_digest(text),
        ending=text[-4:],
        scopes=list(dict.fromkeys(wish.scopes)),
        made_at=wall,
        made_by=by,
        expires_at=wall + timedelta(days=wish.days),
    )
    log.info("token.made", public_id=row.public_id, of=person.email, by=by, scopes=row.scopes)
    return text, row


def _checked(person: Person, wish: Wish, wall: datetime) -> str:
    """The name of a token that may be made."""
    name = " ".join(wish.name.split())[:80]
    if not name:
        raise Refused("Say in a word or two what the token is for.")
    unknown = sorted(set(wish.scopes) - SCOPES.keys())
    if unknown or not wish.scopes:
        raise Refused(f"Choose what the token may be used for: {', '.join(SCOPES)}.")
    if not 1 <= wish.days <= LONGEST:
        raise Refused(f"A token lasts from one day to {LONGEST} days.")
    if not person.is_active:
        raise Refused(f"{person.name} has left and gets no token.")
    if ApiToken.objects.filter(person=person, revoked_at=None, expires_at__gt=wall).count() >= MOST:
        raise Refused(f"{MOST} tokens are in use already. Revoke one that is not needed any more.")
    return name


def revoke(public_id: str, *, by: Viewer, wall: datetime) -> ApiToken:
    """Ends a token at once: one's own, or anybody's for an administrator. Raises ApiToken.DoesNotExist, Refused."""
    mine = Q() if by.may("administer") else Q(person_id=by.person_id)
    row = ApiToken.objects.select_related("person").get(mine, public_id=public_id)
    ended = ApiToken.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=wall, revoked_by=by.email)
    if not ended:
        raise Refused("This token was revoked already.")
    log.info("token.revoked", public_id=row.public_id, of=row.person.email, by=by.email)
    return row


def admitted(text: str, wall: datetime) -> Held:
    """Who holds that token, with their rights of this moment. Two queries, and once a minute one more.

    Raises NotAdmitted with the reason: unknown, revoked, expired, or its owner has left.
    """
    row = ApiToken.objects.select_related("person").filter(digest=_digest(text)).first()
    if row is None:
        raise NotAdmitted("The token is unknown.")
    if row.revoked_at:
        raise NotAdmitted("The token was revoked.")
    if row.expires_at <= wall:
        raise NotAdmitted("The token has expired.")
    if not row.person.is_active:
        raise NotAdmitted("The owner of the token has left.")
    if row.last_used_at is None or wall - row.last_used_at >= USED_EVERY:
        _used(row, wall)
    return Held(row.public_id, viewer_of(row.person), frozenset(row.scopes))


def _used(row: ApiToken, wall: datetime) -> None:
    """Notes that the token is in use, unless another request has just done so."""
    due = Q(last_used_at=None) | Q(last_used_at__lte=wall - USED_EVERY)
    ApiToken.objects.filter(due, pk=row.pk).update(last_used_at=wall)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One token in a list."""

    id: str
    name: str
    person: str
    email: str
    ending: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    state: str
    """in use, expired or revoked."""
    revoked_by: str


def listed(viewer: Viewer, wall: datetime, *, everybodys: bool = False) -> list[Row]:
    """One's own tokens, the newest first; for an administrator everybody else's too, where they ask. One query."""
    rows = ApiToken.objects.select_related("person").order_by("-made_at", "-pk")
    others = everybodys and viewer.may("administer")
    shown = rows.exclude(person_id=viewer.person_id) if others else rows.filter(person_id=viewer.person_id)
    return [_row(row, wall) for row in shown[:LISTED]]


def _row(row: ApiToken, wall: datetime) -> Row:
    return Row(
        id=row.public_id,
        name=row.name,
        person=row.person.name,
        email=row.person.email,
        ending=row.ending,
        scopes=tuple(row.scopes),
        made_at=row.made_at,
        expires_at=row.expires_at,
        last_used_at=row.last_used_at,
        state="revoked" if row.revoked_at else "expired" if row.expires_at <= wall else "in use",
        revoked_by=row.revoked_by,
    )


def scopes_of(words: Collection[str]) -> tuple[Scope, ...]:
    """The words that are scopes. Raises Refused for one that is none."""
    unknown = sorted(set(words) - SCOPES.keys())
    if unknown:
        raise Refused(f"{', '.join(unknown)} is no scope; there are: {', '.join(SCOPES)}.")
    return tuple(scope for scope in SCOPES if scope in words)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
