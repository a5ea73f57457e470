"""Slack's threads into the timeline: the messages of those that belong to an emergency, and of no others (COMM-1,
COMM-6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from ceoc import clock
from ceoc.inbox import people
from ceoc.inbox.people import VendorPerson
from ceoc.inbox.readers import Received, Unreadable
from ceoc.ops import freshness
from ceoc.outbox.models import Command
from ceoc.vendors import parsing, slack, slack_shapes
from ceoc.vendors.errors import Unavailable
from ceoc.vendors.errors import Unreadable as Odd
from ceoc.vendors.slack_shapes import MessageRead
from emergencies.ingest import reads, who
from emergencies.ingest import slack_facts as facts
from emergencies.models import Link, Subject
from emergencies.story.entries import Ref
from emergencies.story.kinds import Account
from emergencies.timeline.drafts import Seen
from emergencies.timeline.record import record

PATIENCE = 6
"""How often a message that names a page waits for that page to be known; afterwards it is a page that is none of
ours."""


def read_webhook(delivery: Received, now: datetime) -> str | None:
    """Records what an event tells of a thread of ours. Answers the thread's class; None for what is none of ours."""
    event, klass = _event(delivery), None
    try:
        klass = _read_event(delivery, event, now)
    finally:
        freshness.heard("slack", "", clock.wall(), by="webhook", klass=klass or "us_gov")
    return klass


def _read_event(delivery: Received, event: slack_shapes.SlackEvent, now: datetime) -> str | None:
    message = event.message
    if message is None:
        return None
    subject = Subject.objects.filter(key=facts.thread_of(message).key).first()
    if subject is not None:
        return _of_thread(event, message, subject.klass, now)
    pages = facts.pages_of(message) if event.kind == "message" else ()
    return _begin(delivery, message, pages, now) if pages else None


def read_due(ref: Ref, now: datetime) -> timedelta | None:
    """Reads a thread that is owed a read, with the names of all who wrote in it."""
    channel, _, ts = ref.ref.partition(":")
    door = slack.door()
    messages = door.thread(channel, ts)
    wanted = facts.people_in(messages)
    strangers = sorted(wanted - people.known("slack", "", wanted).keys())
    found = [door.user(one) for one in strangers]
    who.learn("slack", "", [VendorPerson(user.id, user.email, user.name) for user in found])
    subject = Subject.objects.get(key=ref.key)
    frame = replace(_frame(messages, subject.klass), channel=door.channel_name(channel))
    told = [seen for message in messages if message.ts != ts for seen in facts.said(frame, _in(message, ts), "log")]
    told += [_beginning(frame, message, subject) for message in messages if message.ts == ts]
    record(sightings=told, now=now)
    return None


def _beginning(frame: facts.Frame, message: MessageRead, subject: Subject) -> Seen:
    """The thread's first message as the thread itself shows it, with the pages that it was tied by."""
    link = slack.door().permalink(message.channel, message.ts)
    return facts.started(frame, message, tuple(subject.partners), "log", url=link)


def answered(message: MessageRead, group: str, now: datetime) -> None:
    """Records a message that Slack took from us. `group` is the emergency's public id: a first message begins its
    thread."""
    ref = facts.thread_of(message)
    subject = Subject.objects.filter(key=ref.key).first()
    if subject is not None:
        record(sightings=facts.said(_frame([message], subject.klass), message, "answer"), now=now)
    elif not message.thread:
        pages = _pages_of_emergency(group)
        klass: Account = "us_gov" if any(page.klass != "global" for page in pages) or not pages else "global"
        keys = tuple(page.key for page in pages)
        record(sightings=[facts.started(_frame([message], klass), message, keys, "answer")], now=now)


def _of_thread(event: slack_shapes.SlackEvent, message: MessageRead, klass: Account, now: datetime) -> str:
    frame = _frame([message], klass)
    told: list[Seen] = []
    if event.kind == "message_deleted":
        told = [facts.deleted(frame, replace(message, at=event.at or message.at), event.id)]
    elif message.ts == message.root:
        told = []  # the first message is the thread's beginning; that it has replies now is no news
    elif event.kind == "message":
        told = facts.said(frame, message, "webhook")
    elif message.edited_at:
        told = [facts.edited(frame, message, "webhook")]
    record(sightings=told, now=now)
    if facts.people_in([message]) - frame.known.keys():
        reads.owe([facts.thread_of(message).key], clock.wall())
    return klass


def _begin(delivery: Received, message: MessageRead, pages: tuple[str, ...], now: datetime) -> str | None:
    """A bot's message names pages: the thread under it is that of their emergency, once we know the page."""
    known = Subject.objects.filter(key__in=pages, sightings__isnull=False).distinct().order_by("key")
    page = known.first()
    summons = Subject.objects.filter(key__in=[Ref("summons", Ref.parse(one).ref).key for one in pages]).first()
    if page is None and summons is not None:
        return str(summons.klass)  # a page of our own that calls a colleague: nobody works under its message
    if page is None:
        if delivery.attempts > PATIENCE:
            return None
        raise Unavailable("The page that this message names is not known yet.", retry_after=2)
    frame = _frame([message], page.klass)
    record(sightings=[facts.started(frame, message, (page.key,), "webhook")], now=now)
    reads.owe([facts.thread_of(message).key], clock.wall())
    klass: str = page.klass
    return klass


def _frame(messages: Sequence[MessageRead], klass: Account) -> facts.Frame:
    commands = [message.command for message in messages if message.command]
    writers = Command.objects.filter(public_id__in=commands).values_list("public_id", "by") if commands else ()
    return facts.Frame(
        klass=klass, known=people.known("slack", "", facts.people_in(messages)), writers=dict(writers)
    )  # fmt: skip


def _in(message: MessageRead, thread: str) -> MessageRead:
    """A message as one of that thread."""
    return replace(message, thread=thread)


def _pages_of_emergency(group: str) -> list[Subject]:
    links = Link.objects.filter(emergency__public_id=group, ended=False, subject__kind="page")
    return [link.subject for link in links.select_related("subject").order_by("subject__key")]


def _event(delivery: Received) -> slack_shapes.SlackEvent:
    if delivery.cut:
        raise Unreadable("The body was longer than what is kept.")
    try:
        return slack_shapes.event(parsing.load(delivery.body))
    except Odd as error:
        raise Unreadable(error.sentence.replace("The answer", "The event")) from error
