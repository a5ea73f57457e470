"""Slack's messages and events as frozen structs, with their parsers. Instants are aware, UTC.

A message is named by its channel and `ts`; a thread by its channel and the `ts` of its first message.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from ceoc.vendors import parsing
from ceoc.vendors.errors import Unreadable

EVENT_TYPE = "ceoc_command"
"""Type of the metadata that our own messages carry; its payload holds the command's id."""


class MessageRead(msgspec.Struct, frozen=True, kw_only=True):
    """A message in a channel or thread."""

    channel: str
    ts: str
    at: datetime
    text: str = ""
    user: str = ""
    """Slack's id of the person; "" for bots."""
    bot: str = ""
    """Slack's id of the bot; "" for people."""
    thread: str = ""
    """`ts` of the thread's first message; "" outside threads, the own `ts` on a first message with replies."""
    subtype: str = ""
    edited_at: datetime | None = None
    command: str = ""
    """Id of our command that posted it; "" for everybody else's."""
    urls: tuple[str, ...] = ()
    """Links that stand in its text, attachments and blocks."""

    @property
    def root(self) -> str:
        """`ts` of the first message of the thread that it belongs to."""
        return self.thread or self.ts


class SlackUser(msgspec.Struct, frozen=True, kw_only=True):
    """A person or bot in Slack."""

    id: str
    name: str = ""
    email: str = ""
    is_bot: bool = False
    active: bool = True


class SlackEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What Slack's Events API sends."""

    id: str = ""
    """The event's id: the same in every repetition."""
    kind: str = ""
    """`message`, `message_changed`, `message_deleted`, else Slack's own type; `url_verification` for the challenge."""
    at: datetime | None = None
    challenge: str = ""
    message: MessageRead | None = None
    """The message as it is after the event (before it, when deleted)."""


def moment(ts: str) -> datetime:
    """When a `ts` (`1716900000.000200`) was. Raises Unreadable for anything else."""
    try:
        return datetime.fromtimestamp(float(ts), tz=UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Unreadable("The answer has no time at ts.") from error


def message(raw: parsing.Json, channel: str) -> MessageRead:
    """A message as `conversations.replies`, `chat.postMessage` or an event give it."""
    ts, edited = parsing.must(raw, "ts"), parsing.text(raw, "edited", "ts")
    ours = parsing.text(raw, "metadata", "event_type") == EVENT_TYPE
    found = parsing.strings([raw.get("text"), raw.get("attachments"), raw.get("blocks")])
    return MessageRead(
        channel=parsing.text(raw, "channel") or channel,
        ts=ts,
        at=moment(ts),
        text=parsing.text(raw, "text"),
        user=parsing.text(raw, "user"),
        bot=parsing.text(raw, "bot_id"),
        thread=parsing.text(raw, "thread_ts"),
        subtype=parsing.text(raw, "subtype"),
        edited_at=moment(edited) if edited else None,
        command=parsing.text(raw, "metadata", "event_payload", "command") if ours else "",
        urls=_urls(found),
    )


def user(raw: parsing.Json) -> SlackUser:
    """A user as `users.info` gives it."""
    profile = parsing.get(raw, "profile")
    return SlackUser(
        id=parsing.must(raw, "id"),
        name=parsing.text(profile, "real_name") or parsing.text(raw, "real_name") or parsing.text(raw, "name"),
        email=parsing.text(profile, "email").lower(),
        is_bot=parsing.flag(raw, "is_bot"),
        active=not parsing.flag(raw, "deleted"),
    )


def event(raw: parsing.Json) -> SlackEvent:
    """The body of an event. Raises Unreadable for what is none; types that are not known keep their word."""
    if parsing.text(raw, "type") == "url_verification":
        return SlackEvent(kind="url_verification", challenge=parsing.must(raw, "challenge"))
    told = parsing.get(raw, "event") or {}
    kind, subtype = parsing.must(told, "type"), parsing.text(told, "subtype")
    channel, ts = parsing.text(told, "channel"), parsing.text(told, "event_ts")
    if kind == "message" and subtype in ("message_changed", "message_deleted"):
        inner, kind = parsing.get(told, "message" if subtype == "message_changed" else "previous_message"), subtype
    else:
        inner = told if kind == "message" else None
    return SlackEvent(
        id=parsing.text(raw, "event_id"),
        kind=kind,
        at=moment(ts) if ts else None,
        message=message(inner, channel) if inner else None,
    )


def _urls(found: tuple[str, ...]) -> tuple[str, ...]:
    """Links as Slack writes them (`<https://…|text>`) or bare, each once, in order."""
    links: dict[str, None] = {}
    for part in found:
        for word in part.replace("<", " ").replace(">", " ").replace("|", " ").split():
            if word.startswith(("http://", "https://")):
                links.setdefault(word.replace("&amp;", "&").rstrip(".,)"))
    return tuple(links)
