"""Whether somebody may write in a Zendesk account: replies go out as the engineer, who needs a seat (security.md 9)."""

from __future__ import annotations

from ceoc.people.models import Match
from ceoc.people.places import BY_KEY
from ceoc.people.queries import read_of
from ceoc.people.readiness import has_seat


def why_not(email: str, account: str) -> str:
    """Why nothing is sent as that person in that account; "" when it may be, or is not known. One query."""
    place = BY_KEY[f"zendesk:{account}"]
    match = Match.objects.filter(person__email=email.lower(), vendor="zendesk", account=account).first()
    if match is None or has_seat(read_of(match)) is not False:
        return ""
    return (
        f"You have no agent’s seat in {place.name}, so nothing can be sent there in your name. "
        "Ask an administrator for one, then press ‘Read again’ on your own page."
    )


def address(email: str, vendor: str, account: str) -> str:
    """The address by which a vendor knows that person: their own, or that of whom they were matched to by hand. One
    query."""
    match = Match.objects.filter(person__email=email.lower(), vendor=vendor, account=account, state="found").exclude(
        picked=""
    )
    return match.exclude(email="").values_list("email", flat=True).first() or email
