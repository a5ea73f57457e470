"""What belongs together, by hand (PAGE-14): link, unlink, join, split, and the pages that wait in the tray. Each can
be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ceoc.access.classes import may_see
from ceoc.access.opaque import opaque_id
from ceoc.access.viewer import Viewer
from emergencies.actions.pages import dismissed
from emergencies.actions.picking import must, must_be_open
from emergencies.actions.refusal import Refused
from emergencies.models import Emergency, Link, Subject
from emergencies.story import kinds as k
from emergencies.story.entries import Ref
from emergencies.timeline import closing, tie
from emergencies.timeline.drafts import Draft
from emergencies.timeline.locks import class_of
from emergencies.timeline.read import story_of
from emergencies.timeline.record import Recorded, record

ALONE = ("page", "ticket", "thread", "summons")


def link(*, emergency: Emergency, by: Viewer, now: datetime, subject: str, why: str = "") -> Recorded:
    """Tie a page, ticket or thread to this emergency. Where it was another one's last, the two join."""
    must(by, "work")
    must_be_open(emergency)
    if Ref.parse(subject).kind not in ALONE:
        raise Refused("Only pages, tickets and threads can be tied.")
    home = _home(subject)
    if not may_see(emergency.klass, by) or not _may_name(subject, home, by):
        raise Refused(NOT_KNOWN)
    if home == emergency:
        raise Refused("That is part of this emergency already.")
    with transaction.atomic():
        _same_account(emergency, subject, by)
        return record(entries=_moved(subject, home, emergency, why or "by_hand", by, now), now=now)


NOT_KNOWN = (
    "Nothing is known here by that name. New pages and threads are known within a minute: look at the id once more, "
    "then try again."
)


def _may_name(subject: str, home: Emergency | None, by: Viewer) -> bool:
    """Whether a person may tie it: what is US Government's, and what nobody has told of yet and so may be, is for the
    cleared. A ticket says by its account what it is."""
    if home is not None and not may_see(home.klass, by):
        return False
    if Ref.parse(subject).kind == "ticket":
        return may_see(class_of(subject), by)
    return by.cleared or Subject.objects.visible_to(by).filter(key=subject).exists()


def _moved(subject: str, home: Emergency | None, to: Emergency, why: str, by: Viewer, now: datetime) -> list[Draft]:
    """The entries that bring a subject from where it is to an emergency."""
    arrive = tie.linked(to.public_id, subject, why, by.email, now)
    if home is None:
        return [arrive]
    others = Link.objects.filter(emergency=home, ended=False, alone=True).exclude(subject__key=subject)
    if not others.filter(subject__kind__in=("page", "ticket")).exists():
        return _join(home, to, why, by, now)
    return [unlinked(home.public_id, subject, why, by.email, now), arrive]


def unlink(*, emergency: Emergency, by: Viewer, now: datetime, subject: str, why: str = "") -> Recorded:
    """Take a page, ticket or thread out; what is an emergency by itself begins one of its own. It is not tied again
    by itself."""
    must(by, "work")
    must_be_open(emergency)
    if _home(subject) != emergency:
        raise Refused("That is not part of this emergency any more. Reload to see where it went.")
    kinds = list(
        Link.objects.filter(emergency=emergency, ended=False, alone=True).values_list("subject__kind", flat=True)
    )
    if Ref.parse(subject).kind in ("page", "ticket") and sum(kind in ("page", "ticket") for kind in kinds) == 1:
        raise Refused("This is all that the emergency has. Tie it to another emergency instead.")
    return record(entries=[unlinked(emergency.public_id, subject, why or "by_hand", by.email, now)], now=now)


def split(*, emergency: Emergency, by: Viewer, now: datetime, subject: str, why: str = "") -> Recorded:
    """Take a page or ticket out into a new emergency, which says where it came from."""
    must(by, "work")
    must_be_open(emergency)
    if Ref.parse(subject).kind not in ("page", "ticket"):
        raise Refused("Only a page or a ticket can become an emergency of its own.")
    new = opaque_id(f"emergency:{subject}:{now.isoformat()}")
    came_from = Draft(
        subject=Ref("emergency", new),
        fact=k.SplitFrom(other=emergency.public_id, why=why or "by_hand"),
        at=now,
        key=f"split:{new}",
        actor=by.email,
    )
    if _home(subject) != emergency:
        raise Refused("That is not part of this emergency any more. Reload to see where it went.")
    leave = unlinked(emergency.public_id, subject, why or "by_hand", by.email, now)
    return record(entries=[leave, came_from, tie.linked(new, subject, why or "by_hand", by.email, now)], now=now)


def join(*, emergency: Emergency, into: Emergency, by: Viewer, now: datetime, why: str = "") -> Recorded:
    """Let two emergencies be one: the younger goes into the older, whose DRI stands."""
    must(by, "work")
    must_be_open(emergency)
    must_be_open(into)
    if emergency == into:
        raise Refused("These are the same emergency.")
    if emergency.klass != into.klass:
        raise Refused("US Government and global emergencies are never joined.")
    older, younger = sorted((emergency, into), key=lambda e: (e.began_at is None, e.began_at, e.public_id))
    return record(entries=_join(younger, older, why or "by_hand", by, now), now=now)


def _join(younger: Emergency, older: Emergency, why: str, by: Viewer, now: datetime) -> list[Draft]:
    """The join, and the older one's DRI said outright, so that an earlier acknowledgement in the younger does not
    change it."""
    drafts = [tie.joined(younger.public_id, older.public_id, why, by.email, now)]
    dri, other = story_of(older).dri, story_of(younger).dri
    if dri and other and other.since < dri.since and other.person != dri.person:
        fact = k.DriChanged(to=dri.person, why="joined")
        drafts.append(tie.moved(older.public_id, fact, younger.public_id, by.email, now))
    return drafts


def tie_waiting(*, page: str, ticket: str, by: Viewer, now: datetime, why: str = "") -> Recorded:
    """Tie a page from the tray to a ticket: it becomes part of that ticket's emergency, or begins one with it."""
    must(by, "work")
    if Ref.parse(ticket).kind != "ticket":
        raise Refused("Name the ticket that this page is about.")
    home = _home(ticket)
    if not _may_name(ticket, home, by):
        raise Refused(NOT_KNOWN)
    if home is not None:
        return link(emergency=home, by=by, now=now, subject=page, why=why)
    id = opaque_id(f"emergency:{page}")
    with transaction.atomic():
        _tie_class(page, ticket, by)
        drafts = [tie.linked(id, subject, why or "by_hand", by.email, now) for subject in (page, ticket)]
        return record(entries=drafts, now=now)


def put_aside(*, page: str, by: Viewer, now: datetime, why: str) -> Recorded:
    """Say of a page that waits in the tray that it is no emergency: it calls a colleague (PAGE-13), or is a test."""
    must(by, "work")
    found = Subject.objects.visible_to(by).filter(key=page).first()
    if found is None or not found.waiting:
        raise Refused("This page does not wait any more. Reload to see where it went.")
    return dismissed(Ref.parse(page), by, now, why)


def unlinked(emergency: str, subject: str, why: str, by: str, now: datetime) -> Draft:
    """That a person took a subject out of an emergency."""
    return tie.moved(emergency, k.Unlinked(subject=subject, why=why), subject, by, now)


def _home(subject: str) -> Emergency | None:
    found = Link.objects.filter(subject__key=subject, ended=False, alone=True).select_related("emergency").first()
    return found.emergency if found else None


def _same_account(emergency: Emergency, subject: str, by: Viewer) -> None:
    """Never across accounts; a page of an unmapped service may be opened to the global account by a cleared person."""
    tickets = [ticket for ticket in story_of(emergency).tickets if ticket]
    if Ref.parse(subject).kind == "page" and tickets:
        _tie_class(subject, tickets[0], by)
    elif Ref.parse(subject).kind == "ticket" and tickets and class_of(tickets[0]) != class_of(subject):
        raise Refused(ACROSS)
    elif Ref.parse(subject).kind == "ticket":
        for page in story_of(emergency).live_pages:
            _tie_class(page.key, subject, by)


ACROSS = "US Government and global matters are never tied together."


def _tie_class(page: str, ticket: str, by: Viewer) -> None:
    """Checks the accounts of a page and a ticket, and opens an unmapped page that a cleared person ties to the global
    one."""
    account = class_of(ticket)
    found: Sequence[Subject] = Subject.objects.select_for_update().filter(key=page)
    for subject in found:
        if subject.klass == account:
            continue
        mapped = any(
            data.get("portal") for data in subject.entries.filter(kind="page_triggered").values_list("data", flat=True)
        )
        if account != "global" or mapped or not by.cleared:
            raise Refused(ACROSS)
        closing.reclass_subject(subject, "global", said=True)
