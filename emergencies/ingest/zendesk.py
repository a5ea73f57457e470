"""Zendesk's tickets and customers into the timeline: read directly, told by a webhook, or answered to a command of
ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from msgspec.structs import replace

from ceoc import clock
from ceoc.inbox import people
from ceoc.inbox.people import VendorPerson
from ceoc.inbox.readers import Received, Unreadable
from ceoc.ops import freshness
from ceoc.outbox.models import Command
from ceoc.vendors import parsing, zendesk, zendesk_events
from ceoc.vendors.errors import Unreadable as Odd
from ceoc.vendors.errors import VendorError
from ceoc.vendors.zendesk_audits import AuditRead
from ceoc.vendors.zendesk_shapes import TicketRead, UserRead
from emergencies.ingest import customers, reads, who
from emergencies.ingest import zendesk_facts as facts
from emergencies.ingest.zendesk_frame import Frame
from emergencies.models import Subject
from emergencies.story import kinds as k
from emergencies.story.entries import Ref
from emergencies.story.kinds import Account
from emergencies.timeline import team
from emergencies.timeline.drafts import Seen
from emergencies.timeline.record import record

LOOK_AGAIN = timedelta(minutes=5)
"""An urgent ticket that is not solved is read again, whatever webhooks tell (they have been down for hours)."""


def read_ticket(account: Account, ticket_id: str, now: datetime) -> TicketRead:
    """Reads a ticket with all its audits and its customer, and records what they tell; pages that it names are read
    next.

    Raises Unavailable or Refused where Zendesk does not give it; nothing is recorded then.
    """
    door = zendesk.door(account)
    ticket, audits = door.ticket(ticket_id), door.audits(ticket_id)
    users = door.users(_ids(ticket, audits))
    organization = door.organization(ticket.organization_id) if ticket.organization_id else None
    known = {key: _person(user) for key, user in users.items()}
    who.learn("zendesk", account, known.values())
    frame = replace(
        _frame(account, ticket, known), forms=dict(door.forms()), titles=dict(door.field_titles()), begun=_begun(audits)
    )
    told = facts.of_audits(frame, audits)
    told += customers.of_customer(account, organization, users.get(ticket.requester_id), now)
    record(sightings=who.as_ours(told), now=now)
    _owe_named(told)
    return ticket


def read_due(ref: Ref, now: datetime) -> timedelta | None:
    """Reads a ticket that is owed a read, and says when to look again."""
    account: Account = "global" if ref.account == "global" else "us_gov"
    ticket = read_ticket(account, ref.ref, now)
    waits = ticket.priority == "urgent" and ticket.status not in ("solved", "closed", "deleted")
    return LOOK_AGAIN if waits else None


def read_webhook(delivery: Received, now: datetime) -> str | None:
    """Records what a webhook tells by itself, and owes the ticket a read in full. Answers the account's class.

    Zendesk tells of every ticket of an account: one that is neither urgent nor known already is nothing to us. A
    trigger of an administrator (docs/integrations.md) names a ticket on purpose: it is always read.
    """
    account: Account = "global" if delivery.account == "global" else "us_gov"
    freshness.heard("zendesk", account, clock.wall(), by="webhook")
    raw, event = _event(delivery)
    ref = Ref("ticket", event.ticket_id, account)
    urgent = event.ticket is not None and event.ticket.priority == "urgent"
    if not (event.kind == "trigger" or urgent or Subject.objects.filter(key=ref.key).exists()):
        return account
    if event.ticket is not None:
        description = parsing.text(raw, "detail", "description")
        frame = _frame_of_event(account, event, event.ticket, raw)
        told = facts.of_event(frame, event, event.at or delivery.received_at, description)
        # What a stranger did, or our own agent for somebody, the audits tell under the right name.
        waits = frame.is_own_agent(event.actor_id) or (event.actor_id.isdigit() and event.actor_id not in frame.known)
        record(sightings=who.as_ours([seen for seen in told if seen.same or not waits]), now=now)
    reads.owe([ref.key], clock.wall())
    return account


def answered(account: Account, audit: AuditRead, now: datetime) -> None:
    """Records the audit with which Zendesk answered a command of ours, and owes the ticket a read in full."""
    ids = {audit.author_id, *(event.comment.author_id for event in audit.events if event.comment)} | _named_users(audit)
    known = _asked_for(account, {one for one in ids if one.isdigit()})
    if known is not None:
        frame = replace(_frame(account, TicketRead(id=audit.ticket), known), begun=_begun([audit]))
        record(sightings=who.as_ours(facts.of_answer(frame, audit)), now=now)
    reads.owe([Ref("ticket", audit.ticket, account).key], clock.wall())


def _asked_for(account: Account, ids: set[str]) -> dict[str, VendorPerson] | None:
    """People by id, asked for where they are not known; None where Zendesk does not tell now: the read in full does
    then."""
    known = people.known("zendesk", account, ids)
    if ids <= known.keys():
        return known
    try:
        users = zendesk.door(account).users(ids - known.keys())
    except VendorError:
        return None
    found = {key: _person(user) for key, user in users.items()}
    who.learn("zendesk", account, found.values())
    return known | found


def _event(delivery: Received) -> tuple[parsing.Json, zendesk_events.TicketEvent]:
    if delivery.cut:
        raise Unreadable("The body was longer than what is kept.")
    try:
        raw = parsing.load(delivery.body)
        event = zendesk_events.event(raw)
    except Odd as error:
        raise Unreadable(error.sentence.replace("The answer", "The event")) from error
    if not (event.ticket_id.isascii() and event.ticket_id.isdigit()):
        raise Unreadable("The event names no ticket.")
    return raw, event


def _frame_of_event(
    account: Account, event: zendesk_events.TicketEvent, ticket: TicketRead, raw: parsing.Json
) -> Frame:
    """The frame of a webhook: it gives forms and fields by id only, so that those changes are told by the read in
    full."""
    ids = {event.actor_id, ticket.requester_id}
    if event.kind.endswith(("agent_assignment_changed", "requester_changed")):
        ids.add(event.current)
    author = parsing.get(raw, "event", "comment", "author")
    writer = parsing.text(author, "id")
    known = people.known("zendesk", account, ids | {writer})
    if (
        writer and writer not in known
    ):  # a comment carries its own id, so that the read in full puts its writer's e-mail right
        known[writer] = VendorPerson(writer, "", parsing.text(author, "name"), parsing.flag(author, "is_staff"))
    return _frame(account, ticket, known)


def _frame(account: Account, ticket: TicketRead, known: dict[str, VendorPerson]) -> Frame:
    return Frame(
        account=account,
        ticket=ticket,
        known=known,
        ours=who.ours(person.email for person in known.values()).everybody,
        bots=team.bots().names,
        own_address=settings.ZENDESK[account].email.lower(),
    )


def _begun(audits: Sequence[AuditRead]) -> dict[str, datetime]:
    """When the replies that our commands sent were begun. One query, none without commands."""
    commands = {audit.command for audit in audits if audit.command}
    if not commands:
        return {}
    found = Command.objects.filter(public_id__in=commands, kind="public_reply").values_list("public_id", "payload")
    begun = {key: parsing.instant(payload, "begun_at") for key, payload in found}
    return {key: at for key, at in begun.items() if at is not None}


def _person(user: UserRead) -> VendorPerson:
    return VendorPerson(user.id, user.email, user.name, user.is_agent)


def _ids(ticket: TicketRead, audits: Sequence[AuditRead]) -> set[str]:
    """Everybody whom a ticket and its audits name."""
    ids = {ticket.requester_id, ticket.assignee_id}
    for audit in audits:
        ids |= {audit.author_id} | _named_users(audit)
        ids |= {event.comment.author_id for event in audit.events if event.comment}
    return ids - {""}


def _named_users(audit: AuditRead) -> set[str]:
    return {event.value for event in audit.events if event.field in ("assignee_id", "requester_id")} - {""}


def _owe_named(told: Iterable[Seen]) -> None:
    """Pages in the ticket's own field, and the ticket that it was merged into, are read where they never were."""
    named: set[str] = set()
    for seen in told:
        match seen.fact:
            case k.TicketCreated(pages=pages):
                named |= set(pages)
            case k.TicketChanged(field="pages", to=pages_told):
                named |= set(pages_told.split())
            case k.TicketMerged(into=into):
                named.add(into)
    reads.owe_unread(named, clock.wall())
