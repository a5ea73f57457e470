"""Names and faces for e-mail addresses, as lists show them."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from ceoc.access.models import Person
from ceoc.access.viewer import initials


class PersonCard(msgspec.Struct, frozen=True):
    """How a person stands in a list."""

    name: str
    email: str
    initials: str
    is_known: bool = True
    """Whether the name is a name, and not the first part of the e-mail."""


def people_by_email(emails: Iterable[str]) -> dict[str, PersonCard]:
    """A card for each e-mail (one query; none for none). Whom nobody knows is shown by the e-mail's first part."""
    wanted = {email for email in emails if email}
    if not wanted:
        return {}
    known = dict(Person.objects.filter(email__in={email.lower() for email in wanted}).values_list("email", "name"))
    return {email: card(email, known.get(email.lower(), "")) for email in wanted}


def card(email: str, name: str) -> PersonCard:
    """The card of one person; without a name the first part of the e-mail stands for it."""
    shown = name or email.partition("@")[0]
    return PersonCard(shown, email, initials(shown.replace(".", " ")), bool(name))
