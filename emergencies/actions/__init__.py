"""What people do: each action says who, checks, records; nothing else. No HTTP, no vendor. A refusal is a sentence."""

from emergencies.actions.membership import join, link, put_aside, split, tie_waiting, unlink
from emergencies.actions.notes import note, retract, said_automatic, take_over
from emergencies.actions.pages import acknowledge, call_colleague, dismiss_page, page_note, resolve_page, ring_again
from emergencies.actions.refusal import Refused
from emergencies.actions.replies import (
    TicketChange,
    change_ticket,
    internal_note,
    public_reply,
    slack_post,
    thread_reply,
)

__all__ = [
    "Refused", "TicketChange", "acknowledge", "call_colleague", "change_ticket", "dismiss_page", "internal_note",
    "join", "link", "note", "page_note", "public_reply", "put_aside", "resolve_page", "retract", "ring_again",
    "said_automatic", "slack_post", "split", "take_over", "thread_reply", "tie_waiting", "unlink",
]  # fmt: skip
