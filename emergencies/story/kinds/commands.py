"""What people want done at vendors, and what could not be read."""

from __future__ import annotations

from emergencies.story.kinds.fact import Fact


class CommandQueued(Fact, frozen=True):
    """A person wants something done at a vendor; a wish, not a fact of the vendor."""

    kind = "command_queued"
    rank = 45
    command: str = ""
    vendor: str = ""
    act: str = ""
    about: str = ""
    although: str = ""


class CommandDelivered(Fact, frozen=True):
    """The vendor confirmed a command."""

    kind = "command_delivered"
    rank = 46
    command: str = ""
    act: str = ""


class CommandRefused(Fact, frozen=True):
    """The vendor, or the look before sending, refused a command; a person retries or dismisses it."""

    kind = "command_refused"
    rank = 47
    command: str = ""
    act: str = ""
    reason: str = ""


class CommandDismissed(Fact, frozen=True):
    """A person put a command aside, or it expired."""

    kind = "command_dismissed"
    rank = 48
    command: str = ""
    act: str = ""
    why: str = ""


class Unreadable(Fact, frozen=True):
    """A vendor told something about this subject that could not be read."""

    kind = "unreadable"
    delivery: str = ""
    reason: str = ""
