"""Slack's messages → sightings. Pure. A message's `ts` is its id on all ways, so that event, thread and answer settle
into one."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import msgspec

from ceoc.inbox.people import VendorPerson
from ceoc.vendors.slack_shapes import MessageRead
from emergencies.ingest import naming, who
from emergencies.story import kinds as k
from emergencies.story.entries import Messenger, Ref
from emergencies.story.kinds import Account
from emergencies.timeline.drafts import Seen

MENTION = re.compile(r"<@([UW][A-Z0-9]{2,})(?:\|[^>]*)?>")
CHANNEL = re.compile(r"<#[A-Z0-9]+\|([^>]*)>")
LINK = re.compile(r"<((?:https?|mailto):[^|>\s]+)(?:\|([^>]*))?>")
EMOJI = re.compile(r"(?<!\S):[a-z0-9_+-]+:(?!\S)\s?")
BOLD = re.compile(r"(?<!\w)\*(\S(?:[^*\n]*\S)?)\*(?!\w)")


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What the facts of one thread need to know besides Slack's words."""

    klass: Account
    known: dict[str, VendorPerson] = {}
    """People by Slack's id."""
    channel: str = ""
    """What people call the channel; "" where only its id is known."""
    writers: dict[str, str] = {}
    """Id of a command of ours → e-mail of the one whose words it posted."""


def thread_of(message: MessageRead) -> Ref:
    """The thread that a message belongs to, or would begin, as a subject."""
    return Ref("thread", f"{message.channel}:{message.root}")


def pages_of(message: MessageRead) -> tuple[str, ...]:
    """Keys of the pages that a first message of a bot names: PagerDuty's own, on which the team's thread hangs
    (COMM-1)."""
    is_root = not message.thread or message.thread == message.ts
    return naming.pages_in(message.urls) if message.bot and not message.command and is_root else ()


def people_in(messages: Sequence[MessageRead]) -> set[str]:
    """Slack's ids of all who wrote or are mentioned."""
    ids = {message.user for message in messages}
    return ids.union(*(MENTION.findall(message.text) for message in messages)) - {""}


def plain(frame: Frame, text: str) -> str:
    """What Slack shows of a message: people and channels by name, links with their words, no marks of its own."""

    def person(found: re.Match[str]) -> str:
        known = frame.known.get(found[1])
        return f"@{known.name if known and known.name else found[1]}"

    text = LINK.sub(lambda found: f"{found[2]} {found[1]}" if found[2] else found[1], MENTION.sub(person, text))
    text = BOLD.sub(r"\1", EMOJI.sub("", CHANNEL.sub(r"#\1", text)))
    return html.unescape(text).strip()


def started(frame: Frame, message: MessageRead, pages: tuple[str, ...], messenger: Messenger, url: str = "") -> Seen:
    """That the thread of an emergency begins with this message."""
    ref = thread_of(message)
    return Seen(
        subject=ref,
        key=f"sl-{messenger}:started:{message.channel}:{message.ts}",
        messenger=messenger,
        fact=k.ThreadStarted(channel=frame.channel or message.channel, pages=pages, url=url),
        at=message.at,
        source="slack",
        actor=_writer(frame, message),
        same=f"started:{ref.key}",
        body=plain(frame, message.text),
        klass=frame.klass,
    )


def said(frame: Frame, message: MessageRead, messenger: Messenger) -> list[Seen]:
    """What a message inside a thread tells: that it was written and, where it was, changed."""
    told = [_about(frame, message, messenger, "said")]
    return [*told, edited(frame, message, messenger)] if message.edited_at else told


def edited(frame: Frame, message: MessageRead, messenger: Messenger) -> Seen:
    """That a message was changed; its new text stands with that."""
    return _about(frame, message, messenger, "edited")


def deleted(frame: Frame, message: MessageRead, event_id: str) -> Seen:
    """That a message was deleted; `message` is what it was."""
    return _about(frame, message, "webhook", "deleted", event_id)


def _about(frame: Frame, message: MessageRead, messenger: Messenger, what: str, event_id: str = "") -> Seen:
    place = f"{message.channel}:{message.ts}"
    stamp = message.edited_at.isoformat() if what == "edited" and message.edited_at else ""
    facts: dict[str, k.Fact] = {
        "said": k.ThreadMessage(message=message.ts, mentions=_mentions(frame, message)),
        "edited": k.ThreadEdited(message=message.ts),
        "deleted": k.ThreadDeleted(message=message.ts),
    }
    return Seen(
        subject=thread_of(message),
        key=f"sl-{messenger}:{what}:{place}:{stamp or event_id}",
        messenger=messenger,
        fact=facts[what],
        at=message.edited_at if what == "edited" and message.edited_at else message.at,
        source="slack",
        actor=_writer(frame, message),
        same=f"{what}:{place}:{stamp}",
        body="" if what == "deleted" else plain(frame, message.text),
        klass=frame.klass,
    )


def _writer(frame: Frame, message: MessageRead) -> str:
    """Whose words they are: what the dashboard posts are those of the person whose command it was."""
    return frame.writers.get(message.command) or who.slack_actor(message.user, frame.known)


def _mentions(frame: Frame, message: MessageRead) -> tuple[str, ...]:
    return tuple(sorted({who.slack_actor(user, frame.known) for user in MENTION.findall(message.text)}))
