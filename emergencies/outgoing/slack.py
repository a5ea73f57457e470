"""What goes to Slack: a post that begins a thread, and replies in it (COMM-1, COMM-6)."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from ceoc.access.people import people_by_email
from ceoc.outbox.kinds import Kind, Order, Sent
from ceoc.vendors import slack
from ceoc.vendors.errors import Refused
from ceoc.vendors.slack_shapes import MessageRead
from emergencies.ingest import slack as ingest
from emergencies.outgoing.ends import settled
from emergencies.timeline import team

LOOK_BACK = timedelta(minutes=2)
"""By how much Slack's clock may be behind ours when a message is looked for."""


def send(order: Order) -> Sent:
    """Posts under the name of the person who wrote it."""
    channel, thread = place_of(order)
    writer = people_by_email([order.by]).get(order.by)
    message = slack.door().post(
        channel, order.text("text"), command=order.id, thread=thread, name=writer.name if writer else order.by
    )
    return _sent(order, message)


def look(order: Order) -> Sent | None:
    """The message that carries this command's id."""
    channel, thread = place_of(order)
    message = slack.door().posted(channel, command=order.id, since=order.queued_at - LOOK_BACK, thread=thread)
    return _sent(order, message) if message else None


def check_channel(order: Order, _now: datetime) -> None:
    """US Gov matters go to channels that are marked as cleared, and nowhere else (security.md 7, readings.md)."""
    if order.klass == "global":
        return
    cleared = team.channels(sure=True).cleared
    if not any(_is_channel(place_of(order)[0], name) for name in cleared):
        names = ", ".join(f"#{name}" for name in cleared) or "no channel that there is"
        raise Refused(f"This is a US Government matter: it is written in {names} only.")


def _is_channel(place: str, name: str) -> bool:
    """Whether a channel by id or name is the one of that name; Slack may not know it (any more)."""
    door = slack.door()
    try:
        return door.channel_id(place) == door.channel_id(name)
    except Refused:
        return False


def place_of(order: Order) -> tuple[str, str]:
    """Channel, and the first message's ts where it is a reply (`thread:C01:1716.2`)."""
    if order.kind == "slack_post":
        return order.text("channel"), ""
    channel, _, ts = order.object.removeprefix("thread:").partition(":")
    return channel, ts


def _sent(order: Order, message: MessageRead) -> Sent:
    return Sent({"channel": message.channel, "ts": message.ts}, partial(ingest.answered, message, order.group))


SURE = timedelta(seconds=5)
"""Real time after which Slack shows what it took."""

KINDS = (
    Kind(
        name="slack_post", vendor="slack", title="Post in Slack", settled=settled,
        send=send, look=look, check=check_channel, sure_after=SURE,
    ),
    Kind(
        name="thread_reply", vendor="slack", title="Write in the Slack thread", settled=settled,
        send=send, look=look, check=check_channel, sure_after=SURE,
    ),
)  # fmt: skip
