"""What people say of an emergency in the dashboard, and what belongs to it."""

from __future__ import annotations

from emergencies.story.kinds.fact import Fact


class Linked(Fact, frozen=True):
    """A subject became part of the emergency, with all that happened to it before."""

    kind = "linked"
    rank = 5
    subject: str = ""
    why: str = ""


class Unlinked(Fact, frozen=True):
    """A subject was taken out of the emergency by a person; it is not tied to it again by itself."""

    kind = "unlinked"
    rank = 70
    subject: str = ""
    why: str = ""


class Joined(Fact, frozen=True):
    """The emergency went into an older one, which keeps its determination, DRI and runbook."""

    kind = "joined"
    rank = 80
    into: str = ""
    why: str = ""


class SplitFrom(Fact, frozen=True):
    """The emergency began by taking a subject out of another one."""

    kind = "split_from"
    rank = 4
    other: str = ""
    why: str = ""


class DriChanged(Fact, frozen=True):
    """A person made somebody the DRI, with a reason (DRI-3)."""

    kind = "dri_changed"
    rank = 40
    to: str = ""
    why: str = ""


class SaidAutomatic(Fact, frozen=True):
    """A person says that a customer's comment was an automatic reply: it does not count as a word of theirs."""

    kind = "said_automatic"
    rank = 41
    entry: str = ""


class Dismissed(Fact, frozen=True):
    """A person says, with a reason, that a page without a ticket is no emergency.

    Told of an emergency it ends as `withdrawn`; told of a page that waits in the tray, the page waits no more.
    """

    kind = "dismissed"
    rank = 75
    why: str = ""


class Note(Fact, frozen=True):
    """A note written in the dashboard."""

    kind = "note"
    rank = 30


class Retracted(Fact, frozen=True):
    """An entry made in the dashboard is taken back, from then on."""

    kind = "retracted"
    rank = 90
    entry: str = ""
    """Public id of the entry that is taken back."""
    why: str = ""
