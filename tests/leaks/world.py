"""What everybody may see, and then what happens to US Government customers, told through the product's own doors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.test import Client

from ceoc import clock
from ceoc.access.models import Person
from ceoc.access.opaque import opaque_id
from ceoc.inbox import people, processing
from ceoc.inbox.models import Delivery
from ceoc.inbox.people import VendorPerson
from ceoc.ops import freshness
from ceoc.outbox import claim, settle
from ceoc.outbox.models import Command
from emergencies.story import kinds as k
from emergencies.timeline.record import record
from emergencies.timeline.tick import tick
from tests.emergencies.ingest import acts
from tests.emergencies.world import MIRA, NOW, SAM, THEO, Trouble, by_hand, off_hours, seen
from tests.inbox.signing import send_pagerduty, send_slack, send_zendesk
from tests.leaks.visits import HIDDEN

WORDS = ("Bureau", "Tides", "Quiet", "Lanterns", "zebrafish", "Turncoat", "QGOV", "us-gov", "us_gov", "US Gov")
"""Words that stand in US Government things alone, and what they are called."""

TIDES, QUIET, LANTERNS = "Bureau of Tides", "Department of Quiet Works", "Office of Lanterns"

Press = Callable[..., object]
"""`press(address, field=value, …)`: somebody presses a button there."""


def presser(client: Client) -> Press:
    """Presses buttons as the person that the client is signed in as; each press must be taken."""

    def press(address: str, **form: str) -> None:
        answer = client.post(address, form, headers={"HX-Request": "true"})
        assert answer.status_code in (200, 204, 302), (
            f"{address} answered {answer.status_code}: {answer.content[:300]!r}"
        )

    return press


def page_of(trouble: Trouble) -> str:
    """The address of a customer's emergency."""
    return f"/emergencies/{trouble.row.public_id}/"


def before(mira: Press, ayo: Press) -> dict[str, str]:
    """An evening of customers whom everybody sees, with one of each thing. The ids of one thing of each kind."""
    halden = Trouble("Halden Bank", 101, plan="ultimate", seats=4000).pages(3, "All web nodes answer 502")
    northwind = Trouble("Northwind Robotics", 102).pages(34, "Gitaly storage is full, nobody can push")
    northwind.acknowledged(32).talked(30).noted(20).replied(12).answered(5)
    Trouble("Marl Retail", 107).pages(200, "Pages deploy nothing").acknowledged(199).replied(190).resolved(189).solved(
        9
    )
    by_hand("QHAND")
    for vendor, account in freshness.WATCHED:
        freshness.heard(vendor, account, clock.wall() - timedelta(minutes=1), by="webhook")
        freshness.heard(vendor, account, clock.wall() - timedelta(minutes=1))
    send_zendesk({"ceoc": "trigger", "id": "T1", "ticket_id": "512101"})
    send_zendesk({"type": "zen:event-type:ticket.created", "id": "T2"})
    processing.process_due(clock.now())
    address = page_of(northwind)
    mira(f"{address}note/", text="The cruft pack again.")
    mira(f"{address}draft/", audience="public", text="Dear Dana,")
    mira(f"{address}reply/", audience="internal", text="Look at Gitaly first.")
    mira(f"{page_of(halden)}acknowledge/")
    mira(f"{address}here/", tab="mira-s-tab", turned="1", writing="internal")
    ayo("/follow/", who=SAM)
    return {
        "emergency": northwind.row.public_id,
        "page": "QHAND",
        "command": Command.objects.latest("id").public_id,
        "delivery": Delivery.objects.latest("id").public_id,
        "person": theo(),
        "setting": "freshness",
    }


def theo() -> str:
    """The id of the engineer who is cleared in the night."""
    return str(Person.objects.get(email=THEO).public_id)


def night(sam: Press) -> None:
    """What happens to US Government customers, in every way that the product knows."""
    tides = Trouble(TIDES, 103, klass="us_gov", us_gov_support="24x7", plan="ultimate")
    tides.pages(9, "Sign-in fails for every zebrafish", "US Government Emergencies").acknowledged(8, SAM)
    tides.replied(7, SAM, "We look at the zebrafish.").answered(5).noted(4).talked(3)
    quiet = Trouble(QUIET, 108, klass="us_gov", us_gov_support="12x5", plan="premium").pages(6, "Nothing is heard")
    Trouble(LANTERNS, 109, klass="us_gov", plan="ultimate").pages(90, "Lamps are out").acknowledged(89, SAM).replied(
        80, SAM
    ).resolved(79, SAM).solved(2, SAM)
    off_hours(110)
    by_hand("QGOVHAND", "us_gov")
    webhooks(tides)
    presses(sam, tides, quiet)
    people.keep("zendesk", "us_gov", [VendorPerson("77", "dana@northwind.example", "Dana of the Bureau")], clock.wall())
    freshness.failed("zendesk", "us_gov", "The Bureau does not answer.", clock.wall())
    tick(clock.now())
    assert tides.row.public_id == hidden()["emergency"]


def presses(sam: Press, tides: Trouble, quiet: Trouble) -> None:
    """What a cleared engineer does: every kind of act that leaves something behind."""
    address = page_of(tides)
    sam(f"{address}looked/")
    sam(f"{address}here/", tab="sam-s-tab", turned="1")
    sam(f"{address}here/", tab="sam-s-tab", writing="public")
    sam(f"{address}note/", text="The zebrafish were moved.")
    sam(f"{address}draft/", audience="public", text="Dear Bureau,")
    for audience in ("public", "internal", "thread"):
        sam(f"{address}reply/", audience=audience, text="About the zebrafish.")
    sam(f"{address}page-note/", text="Zebrafish.")
    sam(f"{address}call/", to="admin@demo.example", text="Come, the zebrafish.")
    sam(f"{address}link/", kind="ticket", id="512990")
    sam(f"{address}split/", subject="ticket:us_gov:512990")
    sam(f"{page_of(quiet)}join/", into=tides.row.public_id)
    refused = claim.claim(claim.Lane("slack"), clock.wall())
    assert refused is not None
    settle.settle(refused, settle.Outcome(state="refused", reason="The Bureau has no channel."), clock.now())


def clearance(noor: Press) -> None:
    """Another engineer is cleared."""
    noor(f"/people/{theo()}/clear/", reason="On the zebrafish rota")
    assert Person.objects.get(email=THEO).us_gov_cleared


def webhooks(tides: Trouble) -> None:
    """What vendors deliver: readable and not, of the US Government service and account, and of an unmapped service that
    names a customer's ticket."""
    named = f"{settings.ZENDESK['global'].url}/agent/tickets/512101"
    unmapped = {"id": "PX", "type": "service_reference", "summary": "Lanterns Service"}
    gov = {"id": "PG", "type": "service_reference", "summary": "US Government Support"}
    known = acts.incident("acknowledged", id=tides.page.ref, title="Sign-in fails", service=gov)
    strange = acts.incident("triggered", id="QGOVNEW", title=f"Lanterns: {named}", service=unmapped)
    for key, kind, incident in (("G1", "acknowledged", known), ("G2", "triggered", strange)):
        assert send_pagerduty(acts.event(key, kind, NOW, acts.user("PSAM01"), incident)).status_code == 200
    detail = {"id": "512103", "status": "OPEN", "priority": "URGENT", "subject": "Zebrafish", "actor_id": "7"}
    comment = {"comment": {"id": "C9", "author": {"id": "7"}, "body": "Zebrafish!", "is_public": True}}
    event = {"type": "zen:event-type:ticket.comment_added", "id": "G3", "time": acts.iso(NOW), "detail": detail}
    send_zendesk(event | {"event": comment}, "us_gov")
    send_zendesk({"type": "zen:event-type:ticket.created", "id": "G4"}, "us_gov")
    send_pagerduty({"event": {"id": "G5", "event_type": "incident.lanterns"}})
    send_slack({"event_id": "G6", "event": {"type": "message", "channel": "CGOV", "text": "Zebrafish?"}})
    processing.process_due(clock.now())


def turn(mira: Press) -> str:
    """A customer's emergency and a page in the tray, seen by everybody, turn out to be US Government's."""
    trouble = Trouble("Turncoat", 120).pages(4, "Everything turns")
    page = by_hand("QTURN")
    mira(f"{page_of(trouble)}note/", text="Turncoat was always odd.")
    mira(f"{page_of(trouble)}acknowledge/")
    mira(f"{page_of(trouble)}here/", tab="mira-s-other-tab", turned="1")
    mira(f"{page_of(trouble)}reply/", audience="internal", text="Turncoat turns.")
    for subject in (trouble.page, page):
        fact = k.PageTriggered(service="US Government Support", portal="us_gov", by_hand=subject == page)
        told = seen(subject, fact, NOW, MIRA, title="It turned", klass="us_gov")
        record(sightings=[told], now=clock.now())
    return str(trouble.row.public_id)


def hidden() -> dict[str, str]:
    """The ids of US Government's things as they will be, for they are made of the vendors' own keys."""
    return {
        "emergency": HIDDEN,
        "page": "QGOVHAND",
        "delivery": opaque_id("delivery:zendesk:us_gov:G3"),
    }
