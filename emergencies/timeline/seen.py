"""Who had seen an emergency before it turned out to be US Government's (security.md 6)."""

from __future__ import annotations

from collections.abc import Iterable

from ceoc.access import audit
from ceoc.access.models import Person
from ceoc.look.times import stamp
from emergencies.models import Draft, Emergency, Look
from emergencies.story.entries import Entry


def keep_who_had_seen(emergency: Emergency, entries: Iterable[Entry]) -> None:
    """Writes to the audit which uncleared people had opened it, written in it or acted in it. Three queries.

    Shadows leave no trace when they look, and a board shows customer and subject to everybody: the list is of what is
    known.
    """
    actors = {entry.actor for entry in entries if entry.actor}
    uncleared = Person.objects.filter(us_gov_cleared=False)
    how = dict.fromkeys(uncleared.filter(email__in=actors).values_list("email", flat=True), "acted in it")
    drafts = Draft.objects.filter(emergency=emergency, person__us_gov_cleared=False)
    how |= dict.fromkeys(drafts.values_list("person__email", flat=True), "had begun to write in it")
    looks = Look.objects.filter(emergency=emergency, person__us_gov_cleared=False).values_list("person__email", "at")
    how |= {email: f"last opened it {stamp(at)}" for email, at in looks}
    audit.had_seen(how, path_of(emergency.public_id))


def path_of(public_id: str) -> str:
    """The address under which the audit keeps it."""
    return f"/emergencies/{public_id}/"
