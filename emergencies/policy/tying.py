"""What belongs together: which pages, tickets and threads are one emergency (PAGE-14). Pure; keys in, a decision out.

Deciding looks at a subject and at those that it names or that name it. Any order of arrival gives the same membership:
whoever arrives last finds the others. What a person took apart stays apart.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from emergencies.policy.registry import rule
from emergencies.story.entries import Ref
from emergencies.story.kinds import Account
from emergencies.story.story import PageStory, TicketStory


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """A subject as far as tying needs it."""

    key: str
    account: Account
    known: bool
    begins: bool = False
    """Whether it is an emergency by itself."""
    names: frozenset[str] = frozenset()
    """Keys of the subjects that its facts name."""
    emergency: str = ""
    """Public id of the emergency that it belongs to."""
    began_at: datetime | None = None
    """When that emergency began; the older one stands when two join."""
    parted: frozenset[str] = frozenset()
    """Emergencies that a person took it out of."""


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """What to do: link these subjects to the emergency (a new one where `emergency` is empty), and let others go into
    it."""

    emergency: str = ""
    link: tuple[str, ...] = ()
    join: tuple[str, ...] = ()


@rule("PAGE-14", off=None)
def decide(subject: Member, others: tuple[Member, ...]) -> Tie | None:
    """How a subject is tied to those that it names or that name it; none where nothing is to do."""
    together = [other for other in others if may_tie(subject, other)]
    group = [subject, *together]
    present = {m.emergency: m.began_at for m in group if m.emergency}
    if not present:
        return Tie(link=tuple(m.key for m in group)) if any(m.begins for m in group) else None
    oldest = min(present, key=lambda id: (present[id] is None, present[id] or LATE, id))
    link = tuple(m.key for m in group if not m.emergency and oldest not in m.parted)
    join = tuple(sorted(id for id in present if id != oldest and not _apart(group, id, oldest)))
    return Tie(emergency=oldest, link=link, join=join) if link or join else None


LATE = datetime.max.replace(tzinfo=UTC)


def may_tie(subject: Member, other: Member) -> bool:
    """Never across accounts (security.md 1), never to a page or thread not yet read, never what a person took apart."""
    if subject.account != other.account:
        return False
    if any(not m.known and Ref.parse(m.key).kind != "ticket" for m in (subject, other)):
        return False
    return other.emergency not in subject.parted and subject.emergency not in other.parted


def _apart(group: list[Member], one: str, other: str) -> bool:
    """Whether a person took a member of one of two emergencies out of the other."""
    return any(other in m.parted for m in group if m.emergency == one) or any(
        one in m.parted for m in group if m.emergency == other
    )


def page_begins(page: PageStory) -> bool:
    """A customer's page is an emergency; one made by hand is not until it is tied (architecture.md 2b)."""
    return page.known and not page.by_hand


def page_names(page: PageStory) -> frozenset[str]:
    """What a page's facts name: tickets of its own portal's account, and the page that it was merged into.

    A page of an unmapped service names nothing by itself: a cleared person ties it (security.md 1).
    """
    tickets = {key for key in page.tickets if Ref.parse(key).account == page.portal}
    return frozenset(tickets | ({page.merged_into} - {""}))


def ticket_begins(ticket: TicketStory) -> bool:
    """A ticket that is or was urgent is an emergency, even without a page; solved long ago it is a historical one."""
    return ticket.known and ticket.was_urgent


def ticket_names(ticket: TicketStory) -> frozenset[str]:
    """What a ticket's facts name: the pages in its own field, and the ticket that it was merged into."""
    return frozenset({*ticket.pages, ticket.merged_into} - {""})
