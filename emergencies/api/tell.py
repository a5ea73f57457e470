"""From what the queries read to the shapes of the API. No query starts here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ceoc.ops.freshness import FreshnessRow
from emergencies.api import shapes
from emergencies.policy import judgement as policy
from emergencies.queries.emergency import Loaded, telling
from emergencies.queries.evidence import Item, checklist
from emergencies.queries.rows import Times
from emergencies.queries.told import Told, row_of
from emergencies.queries.tray import TrayPage
from emergencies.story import kinds as k
from emergencies.story.entries import Entry, Ref
from emergencies.story.story import PageStory, Story, TicketStory


def emergency(loaded: Loaded, times: Times, at: datetime | None = None) -> shapes.Emergency:
    """An emergency as it stands; with `at` as of then."""
    row, story, judgement, now = loaded.row, loaded.story, loaded.judgement, at or times.now
    dri = story.dri.person if story.dri else ""
    ticket = story.ticket.key if story.ticket else ""
    told = telling(loaded)
    return shapes.Emergency(
        id=row.public_id,
        stage=judgement.stage,
        ended=judgement.ended,
        region=row.region or None,
        klass=row.klass,
        incident=None,
        continues=None,
        customer=customer(story),
        subject=row.title or None,
        dri=dri or None,
        pages=tuple(_page(page, story) for page in story.pages.values()),
        tickets=tuple(_ticket(one) for one in story.tickets.values()),
        determination=None,
        owed=tuple(owed(act, dri, ticket, now) for act in judgement.owed),
        warnings=tuple(shapes.Warned(kind=one.kind, rules=one.rules) for one in judgement.warnings),
        dispatch=None,
        steps=tuple(_step(item, loaded.entries) for item in checklist(story, judgement, loaded.faces, now)),
        timeline=tuple(_entry(entry, told) for entry in sorted(loaded.entries, key=lambda entry: entry.order)),
        as_of=_as_of({} if at else loaded.sources, story.account, times),
    )


def customer(story: Story) -> shapes.Customer:
    """The customer of the ticket that is shown."""
    known = story.customer
    if known is None:
        return shapes.Customer(name=None, plan=None, entitled="unknown", seats=None, csm=None)
    return shapes.Customer(
        name=known.name or None, plan=known.plan or None, entitled="unknown", seats=known.seats, csm=known.csm or None
    )


def owed(act: policy.Owed, dri: str, ticket: str, now: datetime) -> shapes.Owed:
    """An owed act. What rings is the DRI's where there is one, else whoever is proposed; `ticket` is the one shown."""
    role = ("dri" if dri else "proposed") if act.role == "dispatch" else act.role
    about = Ref.parse(act.about.key)
    shown = act.about.key if about.kind == "ticket" else ticket
    return shapes.Owed(
        kind=act.kind,
        rank=act.rank,
        role=role,
        owner=dri or None if role == "dri" else None,
        opens_at=act.opens_at,
        due_at=act.due_at,
        open=act.open(now),
        locked=act.locked,
        late=act.late(now),
        rules=act.rules,
        about=shapes.About(kind=act.about.kind, id=about.ref),
        ticket=Ref.parse(shown).ref if shown else None,
    )


def following(act: policy.Owed, loaded: Loaded, now: datetime) -> shapes.Next:
    """The next step of a person, in its emergency."""
    row = loaded.row
    short = shapes.InShort(id=row.public_id, customer=customer(loaded.story), stage=row.stage)
    return shapes.Next(owed=owed(act, row.dri, row.ticket_key, now), emergency=short)


def waiting(page: TrayPage) -> shapes.WaitingPage:
    """A page that waits in the tray."""
    return shapes.WaitingPage(
        id=page.id,
        klass="us_gov" if page.gov else "global",
        title=page.title,
        text=page.text,
        service=page.service,
        at=page.at,
        url=page.url or None,
    )


def _page(page: PageStory, story: Story) -> shapes.Page:
    return shapes.Page(
        id=Ref.parse(page.key).ref,
        status=page.status if page.known else "unknown",
        contacted=story.contacted(page.key),
        url=page.url or None,
    )


def _ticket(ticket: TicketStory) -> shapes.Ticket:
    ref = Ref.parse(ticket.key)
    return shapes.Ticket(
        id=ref.ref,
        account="us_gov" if ref.account == "us_gov" else "global",
        status=ticket.status or None,
        priority=ticket.priority or None,
        contact_at=ticket.contact_at,
        url=ticket.url or None,
    )


SEEN_BY: Mapping[str, type[k.Fact]] = {
    "acknowledge": k.PageAcknowledged,
    "first_public_reply": k.PublicReply,
    "resolve_page": k.PageResolved,
}
"""The kind of entry by which each step is seen done."""


def _step(item: Item, entries: list[Entry]) -> shapes.Step:
    evidence = None
    if item.state == "seen":
        seen = (
            entry for entry in entries if entry.subject == item.about and isinstance(entry.fact, SEEN_BY[item.kind])
        )
        entry = next((entry.id for entry in seen if entry.judged_at == item.at), None)
        evidence = shapes.Evidence(entry=entry, text=f"{item.title}: {item.words}")
    rules = tuple(rule.id for rule in item.rules)
    return shapes.Step(id=item.kind, runbook=None, version=None, state=item.state, rules=rules, evidence=evidence)


def _entry(entry: Entry, told: Told) -> shapes.TimelineEntry:
    row = row_of(entry, told)
    written = "\n\n".join(filter(None, (row.title, row.text)))
    happened = " ".join(filter(None, (row.who, row.words))) + (f" ({row.detail})" if row.detail else "")
    return shapes.TimelineEntry(
        id=entry.id,
        kind=entry.fact.word if isinstance(entry.fact, k.Unknown) else entry.fact.kind,
        at=entry.at,
        seen_at=entry.seen_at,
        source=entry.source,
        actor=entry.actor,
        text=written or happened,
        taken_back=row.taken_back,
    )


def _as_of(sources: Mapping[tuple[str, str], FreshnessRow], account: str, times: Times) -> shapes.AsOf:
    """When each vendor whose facts these are last told something, by the domain's clock."""
    pairs = {"pagerduty": "", "zendesk": account, "slack": ""}
    heard = {vendor: sources.get((vendor, of)) for vendor, of in pairs.items()}
    return shapes.AsOf(**{vendor: times.shown(row.heard_at) if row else None for vendor, row in heard.items()})
