"""What holds whoever leaves: commands that they pressed and that no vendor has taken yet (`ceoc.people.ties`)."""

from __future__ import annotations

from datetime import datetime

from ceoc.access.classes import Sees
from ceoc.access.viewer import Viewer
from ceoc.outbox import kinds, people
from ceoc.outbox.models import UNFINISHED, Command
from ceoc.outbox.queries import one
from ceoc.outbox.words import LOOKS
from ceoc.people import ties
from ceoc.people.ties import Tie
from ceoc.vendors.names import NAMES

KIND = "command"
GOES, ASIDE = "goes", "aside"
CHOICES = ((GOES, "It still goes out in their name"), (ASIDE, "Put it aside; whoever takes over writes anew"))
UNDER_WAY = (*UNFINISHED, "asks", "refused")


class CommandTies:
    """What is under way in somebody's name either still goes out, or is put aside."""

    kind = KIND

    def of(self, email: str, viewer: Sees) -> list[Tie]:
        """Their commands that are not at an end. One query."""
        mine = Command.objects.visible_to(viewer).filter(by=email, state__in=UNDER_WAY).order_by("pk")
        return [_tie(command) for command in mine]

    def settle(self, key: str, choice: str, *, email: str, by: Viewer, now: datetime) -> None:
        """Leaves it or puts it aside; what the vendor has by now needs nothing."""
        del email
        command = one(by, key.partition(":")[2])
        if choice != ASIDE or command is None or command.state not in UNDER_WAY:
            return
        try:
            people.dismiss(command, by=by.email, now=now)
        except people.TooLate as refusal:
            raise ties.Refused(f"{kinds.title(command.kind)}: {refusal} Then press again.") from None


def _tie(command: Command) -> Tie:
    vendor = NAMES.get(command.vendor, command.vendor)
    return Tie(
        key=f"{KIND}:{command.public_id}",
        title=kinds.title(command.kind),
        about=f"{vendor} {command.object.rpartition(':')[2]} · {LOOKS[command.state].word}",
        address=f"/emergencies/{command.group}/" if command.group else "",
        gov=command.klass == "us_gov",
        asks="What becomes of it?",
        choices=CHOICES,
    )
