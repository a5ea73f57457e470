"""What people write or change at the vendors: to the customer, for the team, in Slack, and on the ticket's fields."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ceoc.access.viewer import Viewer
from ceoc.outbox.drafts import CommandDraft
from emergencies.actions.picking import command, must, must_be_open, must_have_seat, pick_ticket
from emergencies.actions.refusal import Refused
from emergencies.models import Emergency
from emergencies.policy.channels import channel_for
from emergencies.timeline import team
from emergencies.timeline.read import story_of
from emergencies.timeline.record import Recorded, record

LONGEST = 60_000
"""Characters of one message; Zendesk takes 65,535 bytes of a comment."""

FIELDS = frozenset({"status", "priority", "form", "stage", "assignee", "related"})
"""Fields of a ticket that the dashboard changes."""


class TicketChange(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be set on a ticket: fields by their word here, tags that come and go."""

    fields: dict[str, str] = {}
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()


def public_reply(
    *, emergency: Emergency, by: Viewer, now: datetime, text: str, ticket: str = "", begun_at: datetime | None = None
) -> Recorded:
    """Write to the customer, as the engineer (PAGE-7). Held for ten seconds, so that it can be taken back."""
    begun = {"begun_at": begun_at.isoformat()} if begun_at else {}
    return record(commands=[_comment("public_reply", emergency, by, ticket, text, **begun)], now=now)


def internal_note(*, emergency: Emergency, by: Viewer, now: datetime, text: str, ticket: str = "") -> Recorded:
    """Write for the team on the ticket; the customer does not see it, and it is no contact (PAGE-7, CALL-7)."""
    return record(commands=[_comment("internal_note", emergency, by, ticket, text)], now=now)


def _comment(kind: str, emergency: Emergency, by: Viewer, ticket: str, text: str, **more: object) -> CommandDraft:
    must(by, "work")
    must_be_open(emergency)
    chosen = pick_ticket(story_of(emergency), ticket)
    must_have_seat(by, chosen.key)
    return command(emergency, "zendesk", kind, chosen.key, by, text=written(text), **more)


def thread_reply(*, emergency: Emergency, by: Viewer, now: datetime, text: str, thread: str = "") -> Recorded:
    """Write in the emergency's Slack thread (COMM-1); without a thread yet, a post in its channel starts one."""
    must(by, "work")
    must_be_open(emergency)
    threads = story_of(emergency).threads
    if not threads:
        return slack_post(emergency=emergency, by=by, now=now, text=text)
    chosen = thread or threads[0]
    if chosen not in threads:
        raise Refused("That thread is not part of this emergency any more. Reload to see where it went.")
    return record(commands=[command(emergency, "slack", "thread_reply", chosen, by, text=written(text))], now=now)


def slack_post(*, emergency: Emergency, by: Viewer, now: datetime, text: str) -> Recorded:
    """Write in the emergency's Slack channel. US Gov matters go to a channel that is cleared."""
    must(by, "work")
    must_be_open(emergency)
    channel = channel_for(emergency.klass, emergency.product, team.channels(sure=True))
    if not channel:
        raise Refused("No Slack channel is set for this. A manager names one under Settings, Slack channels.")
    about = f"emergency:{emergency.public_id}"
    wish = command(emergency, "slack", "slack_post", about, by, text=written(text), channel=channel)
    return record(commands=[wish], now=now)


def change_ticket(
    *, emergency: Emergency, by: Viewer, now: datetime, change: TicketChange, ticket: str = ""
) -> Recorded:
    """Set fields and tags of the ticket in Zendesk, as the engineer."""
    must(by, "work")
    must_be_open(emergency)
    unknown = sorted(set(change.fields) - FIELDS)
    if unknown:
        raise Refused(f"These fields are not changed from here: {', '.join(unknown)}. Change them in Zendesk.")
    if change == TicketChange():
        raise Refused("Nothing was chosen to change.")
    chosen = pick_ticket(story_of(emergency), ticket)
    must_have_seat(by, chosen.key)
    wish = command(emergency, "zendesk", "change_ticket", chosen.key, by, **msgspec.to_builtins(change))
    return record(commands=[wish], now=now)


def written(text: str) -> str:
    """The text to be sent; refuses none, and too much."""
    text = text.strip()
    if not text:
        raise Refused("There is nothing to send yet. Write something first.")
    if len(text) > LONGEST:
        raise Refused(f"This is longer than {LONGEST:,} characters. Shorten it, or send it in two parts.")
    return text
