"""What holds whoever leaves: the emergencies that are theirs (`ceoc.people.ties`)."""

from __future__ import annotations

from datetime import datetime

from ceoc.access.classes import Sees
from ceoc.access.viewer import Viewer
from ceoc.people import ties
from ceoc.people.ties import Tie
from emergencies import actions
from emergencies.queries.emergency import find
from emergencies.queries.leaving import KIND, dri_ties


class DriTies:
    """Open emergencies need a DRI who is here: each is taken over by somebody who may."""

    kind = KIND

    def of(self, email: str, viewer: Sees) -> list[Tie]:
        """The open emergencies of that DRI. Two queries."""
        return dri_ties(email, viewer)

    def settle(self, key: str, choice: str, *, email: str, by: Viewer, now: datetime) -> None:
        """The chosen one becomes DRI, as by any take-over."""
        emergency = find(by, key.partition(":")[2])
        if emergency is None:
            raise ties.Refused("That emergency went elsewhere meanwhile. Load the page again.")
        try:
            actions.take_over(emergency=emergency, by=by, now=now, to=choice, why=f"{email} leaves the team")
        except actions.Refused as refusal:
            raise ties.Refused(str(refusal)) from None
