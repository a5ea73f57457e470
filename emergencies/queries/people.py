"""Faces for the e-mails that stand in stories. One query for any number of people."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from ceoc.access.people import people_by_email
from ceoc.access.viewer import initials
from emergencies.queries.rows import NOBODY, Face


class Faces:
    """Knows the names of some people; one who is not in our list is shown by e-mail."""

    def __init__(self, emails: Iterable[str]) -> None:
        """Makes one query (none for nobody)."""
        wanted = {email.lower() for email in emails if email and "@" in email}
        self._known = people_by_email(wanted) if wanted else {}

    def of(self, email: str, *, is_dri: bool = False) -> Face:
        """The face of that person; nobody's for no e-mail."""
        if not email:
            return NOBODY
        card = self._known.get(email.lower())
        face = Face(card.name, card.initials, card.email) if card else Face(email, initials(_words(email)), email)
        return replace(face, is_dri=True) if is_dri else face

    def name(self, email: str) -> str:
        """What the person is called."""
        return self.of(email).name if email else ""


def _words(email: str) -> str:
    """The part of an e-mail before its @, as words."""
    return email.partition("@")[0].replace(".", " ")
