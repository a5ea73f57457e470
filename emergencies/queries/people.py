"""Faces for the e-mails that stand in stories. One query for any number of people, one more for customers'."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings
from msgspec.structs import replace

from ceoc.access.classes import Sees
from ceoc.access.people import people_by_email
from ceoc.access.viewer import initials
from ceoc.inbox.models import KnownPerson
from emergencies.queries.rows import NOBODY, Face

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
"""A long word is looked at once, from its start."""


class Faces:
    """Knows the names of some people; one whom nobody named is shown by e-mail."""

    def __init__(self, emails: Iterable[str], viewer: Sees | None = None) -> None:
        """Makes one query (none for nobody); for a `viewer` one more, for those who are not ours: customers' people, as
        the vendors name them."""
        wanted = {email.lower() for email in emails if email and "@" in email}
        self._known = {
            email: Face(card.name, card.initials, email)
            for email, card in people_by_email(wanted).items()
            if card.is_known
        }
        if viewer and wanted - self._known.keys():
            self._known |= _customers(viewer, wanted - self._known.keys())
        for account in settings.ZENDESK.values():
            self._known[account.email.lower()] = Face("The dashboard’s Zendesk account", "C", account.email)

    def of(self, email: str, *, is_dri: bool = False) -> Face:
        """The face of that person; nobody's for no e-mail."""
        if not email:
            return NOBODY
        face = self._known.get(email.lower()) or Face(email, initials(_words(email)), email)
        return replace(face, is_dri=True) if is_dri else face

    def name(self, email: str) -> str:
        """What the person is called."""
        return self.of(email).name if email else ""

    def said(self, sentence: str) -> str:
        """The sentence with the names of those in it that are known by e-mail."""
        return _EMAIL.sub(lambda found: self.name(found[0]), sentence)


def _customers(viewer: Sees, emails: Iterable[str]) -> dict[str, Face]:
    """Names that Zendesk gives to people who are not ours, as far as the viewer may see them."""
    people = KnownPerson.objects.visible_to(viewer).filter(vendor="zendesk", email__in=emails).exclude(name="")
    return {
        email.lower(): Face(name, initials(name), email)
        for email, name in people.order_by("read_at").values_list("email", "name")
    }


def _words(email: str) -> str:
    """The part of an e-mail before its @, as words."""
    return email.partition("@")[0].replace(".", " ")
