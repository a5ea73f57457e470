"""What people do in PagerDuty itself, in its app or on its website."""

from sandbox import ids
from sandbox.acts.base import BadAct, Given, act, incident
from sandbox.pagerduty.incidents import WEBSITE
from sandbox.store import Doc
from sandbox.vendors import Vendors

MOBILE: Doc = {"type": "mobile"}
CHANNELS: dict[str, Doc] = {"website": WEBSITE, "mobile": MOBILE, "slack": {"type": "slack"}}


def _channel(given: Given) -> Doc:
    return CHANNELS.get(given.text("channel", "website"), WEBSITE)


@act
def acknowledge(vendors: Vendors, given: Given) -> Doc:
    """`page`, `by`, `channel` (website, mobile, slack)."""
    doc = incident(vendors, given)
    vendors.pagerduty.acknowledge(doc, given.user("mira"), _channel(given))
    return {"page": doc["id"]}


@act
def resolve(vendors: Vendors, given: Given) -> Doc:
    """`page`, `by`, `resolution`."""
    doc = incident(vendors, given)
    vendors.pagerduty.resolve(doc, given.user("mira"), given.text("resolution", ""), _channel(given))
    return {"page": doc["id"]}


@act
def reopen(vendors: Vendors, given: Given) -> Doc:
    """Back to ringing: `page`, `by`."""
    doc = incident(vendors, given)
    vendors.pagerduty.trigger(doc, given.user("mira"), (), _channel(given))
    return {"page": doc["id"]}


@act
def reassign(vendors: Vendors, given: Given) -> Doc:
    """`page`, `to` (one person or a list), `by`."""
    doc = incident(vendors, given)
    wanted = given.get("to") or []
    people = [Given({"to": who}).user("", "to") for who in ([wanted] if isinstance(wanted, str) else wanted)]
    if not people:
        raise BadAct("'to' is missing.")
    vendors.pagerduty.reassign(doc, people, given.user("ines"), _channel(given))
    return {"page": doc["id"]}


@act
def escalate(vendors: Vendors, given: Given) -> Doc:
    """`page`, `by`, `level` (the next one)."""
    doc = incident(vendors, given)
    level = int(given.get("level", (doc["level"] or 1) + 1))
    vendors.pagerduty.escalate(doc, level, given.user("mira"), _channel(given))
    return {"page": doc["id"]}


@act
def delegate(vendors: Vendors, given: Given) -> Doc:
    """To another escalation policy: `page`, `policy` (name), `by`."""
    doc = incident(vendors, given)
    policy = ids.fixed("escalation_policy", given.text("policy"))
    if policy not in vendors.pagerduty.directory.policies:
        raise BadAct(f"There is no escalation policy {given.text('policy')!r}.")
    vendors.pagerduty.delegate(doc, policy, given.user("ines"), _channel(given))
    return {"page": doc["id"]}


@act
def snooze(vendors: Vendors, given: Given) -> Doc:
    """`page`, `by`, `seconds`."""
    doc = incident(vendors, given)
    vendors.pagerduty.snooze(doc, int(given.get("seconds", 3600)), given.user("mira"), _channel(given))
    return {"page": doc["id"]}


@act
def note(vendors: Vendors, given: Given) -> Doc:
    """`page`, `by`, `text`."""
    doc = incident(vendors, given)
    made = vendors.pagerduty.note(doc, given.text("text", "Looking into it."), given.user("mira"), _channel(given))
    return {"page": doc["id"], "note": made["id"]}


@act
def merge_pages(vendors: Vendors, given: Given) -> Doc:
    """`into`, `pages` (list), `by`."""
    target = incident(vendors, given, "into")
    sources = [incident(vendors, Given({"page": key})) for key in given.get("pages", [])]
    vendors.pagerduty.merge(target, sources, given.user("mira"), _channel(given))
    return {"page": target["id"], "merged": [doc["id"] for doc in sources]}


@act
def add_responder(vendors: Vendors, given: Given) -> Doc:
    """Ask a colleague to join: `page`, `who`, `by`, `text`."""
    doc = incident(vendors, given)
    made = vendors.pagerduty.add_responders(
        doc, [given.user("theo", "who")], given.text("text", ""), given.user("mira")
    )
    return {"page": doc["id"], "request": made["id"]}


@act
def set_priority(vendors: Vendors, given: Given) -> Doc:
    """`page`, `priority` (P1, P2, P3), `by`."""
    doc = incident(vendors, given)
    vendors.pagerduty.set_field(
        doc, "priority", ids.fixed("priority", given.text("priority", "P1")), given.user("mira")
    )
    return {"page": doc["id"]}
