"""What happens in an emergency's Slack thread."""

from __future__ import annotations

from emergencies.story.kinds.fact import Fact


class ThreadStarted(Fact, frozen=True):
    """The Slack thread of an emergency begins (COMM-1)."""

    kind = "thread_started"
    rank = 11
    channel: str = ""
    pages: tuple[str, ...] = ()
    """Subject keys of the pages that the message names which the thread hangs on."""
    url: str = ""


class ThreadMessage(Fact, frozen=True):
    """Somebody wrote in the thread."""

    kind = "thread_message"
    rank = 30
    message: str = ""
    mentions: tuple[str, ...] = ()


class ThreadEdited(Fact, frozen=True):
    """A message of the thread was changed."""

    kind = "thread_edited"
    rank = 32
    message: str = ""


class ThreadDeleted(Fact, frozen=True):
    """A message of the thread was deleted."""

    kind = "thread_deleted"
    rank = 33
    message: str = ""
