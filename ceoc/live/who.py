"""Who opens a stream, and whether they still may: asked once at the start, and of all together at every beat."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

import msgspec
from django.conf import settings
from django.db import connection
from django.http import parse_cookie

from ceoc import clock
from ceoc.access.opaque import opaque_id
from ceoc.access.roles import ROLES, Capability, first_role
from ceoc.access.sessions import viewer_of_session
from ceoc.access.viewer import Audience, Viewer

STILL = """
SELECT asked.session_key, asked.person_id, person.us_gov_cleared, held.name, permission.codename
  FROM unnest(%s::text[], %s::bigint[]) AS asked (session_key, person_id)
  JOIN django_session AS session ON session.session_key = asked.session_key AND session.expire_date > %s
  JOIN access_person AS person ON person.id = asked.person_id AND person.is_active
  LEFT JOIN access_person_groups AS member ON member.person_id = person.id
  LEFT JOIN auth_group AS held ON held.id = member.group_id
  LEFT JOIN auth_group_permissions AS granted ON granted.group_id = held.id
  LEFT JOIN auth_permission AS permission ON permission.id = granted.permission_id
"""


class Admission(msgspec.Struct, frozen=True):
    """Somebody who was let in: by which session, who, and what they may see."""

    session_key: str
    person_id: int
    audience: Audience
    tag: str
    """Tells a page whether the stream is for the one that the page was made for."""


def admit(cookies: str) -> Admission | None:
    """The signed-in person of a Cookie header who may look; None for nobody. Reads the database."""
    session_key = parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME)
    viewer = viewer_of_session(session_key)
    if session_key is None or viewer is None or not viewer.may("view"):
        return None
    return Admission(session_key, viewer.person_id, viewer.audience, tag(viewer))


def tag(viewer: Viewer) -> str:
    """An opaque word for a person and what they may see; another one as soon as either is another."""
    sees = viewer.audience
    return opaque_id(f"live {viewer.person_id} {sees.role} {sees.cleared} {sorted(sees.capabilities or ())}")


def still(admissions: Collection[Admission]) -> set[Admission]:
    """Those whose session stands and who may see exactly what they were admitted to see. One query, however many."""
    pairs = {(admission.session_key, admission.person_id) for admission in admissions}
    if not pairs:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(STILL, [[key for key, _ in pairs], [person for _, person in pairs], clock.wall()])
        rows = cursor.fetchall()
    groups: dict[tuple[str, int], set[tuple[str, str]]] = {}
    cleared: dict[tuple[str, int], bool] = {}
    for session_key, person_id, is_cleared, group, codename in rows:
        cleared[session_key, person_id] = is_cleared
        groups.setdefault((session_key, person_id), set()).add((group or "", codename or ""))
    found = {pair: _audience(groups[pair], is_cleared) for pair, is_cleared in cleared.items()}
    return {
        admission
        for admission in admissions
        if found.get((admission.session_key, admission.person_id)) == admission.audience
    }


def _audience(held: set[tuple[str, str]], cleared: bool) -> Audience:
    """As `viewer_of` says it, from (group, permission) pairs."""
    role = first_role({name for name, _ in held})
    capabilities = frozenset(cast("Capability", codename) for name, codename in held if name == role and codename)
    return Audience(role, cleared, None if capabilities == ROLES[role] else capabilities)
