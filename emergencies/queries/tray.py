"""Pages made by hand that nobody has tied yet: they wait, ring at PagerDuty, and start nothing (PAGE-14)."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ceoc.access.classes import Sees
from emergencies.models import Entry, Subject, Text
from emergencies.queries.people import Faces
from emergencies.story import kinds as k
from emergencies.story.entries import Ref


class TrayPage(msgspec.Struct, frozen=True):
    """One page that waits. `id` is PagerDuty's."""

    id: str
    key: str
    title: str
    text: str
    service: str
    assigned: str
    url: str
    at: datetime
    gov: bool


def tray(viewer: Sees) -> tuple[TrayPage, ...]:
    """The pages that wait, the longest waiting first. Three queries and one for people; two when none waits."""
    waiting = Subject.objects.visible_to(viewer).filter(kind="page", waiting=True)
    entries = Entry.objects.visible_to(viewer).filter(subject__in=waiting, kind="page_triggered", known_until=None)
    rows = list(entries.select_related("subject").order_by("at", "key"))
    if not rows:
        return ()
    texts = Text.objects.visible_to(viewer).filter(key__in=[row.key for row in rows])
    said = {key: (title, body) for key, title, body in texts.values_list("key", "title", "body")}
    facts = [k.read(row.kind, row.version, row.data) for row in rows]
    assigned = [fact.assigned if isinstance(fact, k.PageTriggered) else () for fact in facts]
    faces = Faces(person for people in assigned for person in people)
    told = zip(rows, facts, assigned, strict=True)
    return tuple(_page(row, fact, people, said.get(row.key, ("", "")), faces) for row, fact, people in told)


def find(viewer: Sees, page: str) -> TrayPage | None:
    """The waiting page with PagerDuty's id, or none that the viewer may see."""
    return next((one for one in tray(viewer) if one.id == page), None)


def _page(row: Entry, fact: k.Fact, people: tuple[str, ...], said: tuple[str, str], faces: Faces) -> TrayPage:
    title, text = said
    return TrayPage(
        id=Ref.parse(row.subject.key).ref,
        key=row.subject.key,
        title=title or "A page without a title",
        text=text,
        service=fact.service if isinstance(fact, k.PageTriggered) else "",
        assigned=", ".join(faces.name(person) for person in people),
        url=fact.url if isinstance(fact, k.PageTriggered) else "",
        at=row.at,
        gov=row.klass == "us_gov",
    )
