"""A customer asks for help: a ticket, a page, or both, tied to each other in one way or another."""

from zoneinfo import ZoneInfo

from sandbox import ids
from sandbox.acts.base import BadAct, Given, act
from sandbox.acts.base import ticket as find_ticket
from sandbox.clock import parse
from sandbox.pagerduty.incidents import Draft
from sandbox.store import Doc
from sandbox.vendors import Vendors
from sandbox.world import customers, desk, rota
from sandbox.zendesk.account import Account
from sandbox.zendesk.tickets import Change

LINKS = ("everywhere", "body", "details", "ticket", "none")
NOTIFY_RULE = "Notify requester of received request"


@act
def page(vendors: Vendors, given: Given) -> Doc:
    """A customer pages. `customer` (key), `subject`, `text`; `ticket` and `page` say whether each is made;
    `ticket_id` pages for a ticket that is there already; `link` is where page and ticket name each other: everywhere,
    body, details, ticket or none; `service` is the PagerDuty service."""
    customer = find_customer(given)
    made: Doc = {"account": customer.account, "customer": customer.name}
    doc: Doc | None = None
    if given.get("ticket_id"):
        _, doc = find_ticket(vendors, given, "ticket_id")
    elif given.flag("ticket", True):
        doc = new_emergency_ticket(vendors, given, customer)
    if doc:
        made["ticket"] = doc["id"]
    if given.flag("page", True):
        made["page"] = ring(vendors, given, customer, doc)
    return made


@act
def new_ticket(vendors: Vendors, given: Given) -> Doc:
    """A customer opens a ticket without paging: `customer`, `subject`, `text`, `form`, `priority`, `tags`."""
    customer = find_customer(given)
    doc = new_emergency_ticket(vendors, given, customer)
    return {"account": customer.account, "customer": customer.name, "ticket": doc["id"]}


def find_customer(given: Given) -> customers.Customer:
    """The customer by key or name; raises BadAct."""
    wanted = given.text("customer", "northwind")
    for customer in customers.BY_KEY.values():
        if wanted in (customer.key, customer.name):
            return customer
    raise BadAct(f"There is no customer {wanted!r}.")


def requester_of(account: Account, customer: customers.Customer, given: Given) -> Doc:
    """Who writes for the customer: `requester` (e-mail) or the first of its people."""
    email = str(given.get("requester", customer.writers[0].email))
    found = account.user_by_email(email)
    return found or account.add_user({"name": email.split("@", maxsplit=1)[0].title(), "email": email})


def new_emergency_ticket(vendors: Vendors, given: Given, customer: customers.Customer) -> Doc:
    """Open the ticket through the customer's portal."""
    tickets = vendors.tickets[customer.account]
    account = tickets.account
    requester = requester_of(account, customer, given)
    usual = desk.EMERGENCIES if customer.account == "global" else desk.US_GOV_EMERGENCIES
    fields = {
        "subject": given.text("subject", "Our instance is down"),
        "priority": given.get("priority", "urgent"),
        "ticket_form_id": account.form_id(given.text("form", usual)),
    }
    custom = {
        account.field_id(desk.STAGE): "frt",
        account.field_id(desk.PRODUCT): given.get("product", customer.product),
    }
    via = {"channel": str(given.get("via", "web")), "source": {"from": {}, "to": {}, "rel": None}}
    text = given.text("text", "Nobody can reach our instance. Please help.")
    comment = {"body": text, "public": True, "author_id": requester["id"]}
    if given.get("attachment"):
        comment["attachments"] = [_attachment(account, given.text("attachment"))]
    doc = tickets.create(
        Change(requester["id"], fields, list(given.get("tags", [])), custom, comment, via=via), requester
    )
    tickets.notify(
        doc,
        NOTIFY_RULE,
        [requester["id"]],
        f"[Request received] {fields['subject']}",
        f"Your request ({doc['id']}) has been received.",
    )
    return doc


def _attachment(account: Account, name: str) -> Doc:
    """An attachment by name."""
    key = account.next_id("attachment")
    url = f"{account.base}/attachments/token/{key}/?name={name}"
    return {
        "id": key,
        "url": f"{account.base}/api/v2/attachments/{key}.json",
        "file_name": name,
        "content_url": url,
        "mapped_content_url": url,
        "content_type": "text/plain",
        "size": 20480,
        "inline": False,
        "deleted": False,
        "thumbnails": [],
    }


def ring(vendors: Vendors, given: Given, customer: customers.Customer, doc: Doc | None) -> str | None:
    """Ring the engineers; answers the incident's id, None where nobody is on call."""
    made = vendors.pagerduty.create(draft(vendors, given, customer, doc))
    if made is None:
        return None
    if doc and given.text("link", "everywhere") in ("everywhere", "ticket"):
        tickets = vendors.tickets[customer.account]
        account = tickets.account
        integration = account.user_by_email(account.config.email)
        by = integration["id"] if integration else doc["requester_id"]
        via = {"channel": "api", "source": {"from": {}, "to": {}, "rel": None}}
        tickets.update(doc, Change(by, custom_fields={account.field_id(desk.PAGERDUTY_INCIDENT): made["id"]}, via=via))
    return str(made["id"])


def draft(vendors: Vendors, given: Given, customer: customers.Customer, doc: Doc | None) -> Draft:
    """The incident that the page makes, with the ticket's address where `link` wants it; raises BadAct."""
    where = given.text("link", "everywhere")
    if where not in LINKS:
        raise BadAct(f"'link' is one of {', '.join(LINKS)}.")
    name = given.text("service", rota.GLOBAL_SERVICE if customer.account == "global" else rota.US_GOV_SERVICE)
    service = ids.fixed("service", name)
    if service not in vendors.pagerduty.directory.services:
        raise BadAct(f"There is no PagerDuty service {name!r}.")
    subject = doc["subject"] if doc else given.text("subject", "Our instance is down")
    title = given.text("title", f"Emergency: {customer.name}: {subject}")
    address = f"{vendors.box.config.zendesk[customer.account].address.url}/agent/tickets/{doc['id']}" if doc else ""
    text = f"{customer.name} asks for help: {subject}"
    text += f"\n{address}" if address and where in ("everywhere", "body") else ""
    details: Doc = {"customer": customer.name, "product": given.get("product", customer.product), "subject": subject}
    if address and where in ("everywhere", "details"):
        details["ticket"] = address
    return Draft(
        service,
        title,
        {"service": service},
        channel_of(where, title, text, details, service),
        key=given.text("incident_key", ""),
        policy=ids.fixed("escalation_policy", given.text("policy", policy_for(vendors, name))),
        assignees=[given.user("", "assignee")] if given.get("assignee") else [],
        urgency=given.text("urgency", "high"),
        body={"type": "incident_body", "details": text} if where in ("everywhere", "body") else None,
        details=None if where == "body" else details,
        contexts=[{"type": "link", "href": address, "text": "Ticket"}] if address and where == "everywhere" else [],
        product=str(details["product"]),
    )


def channel_of(where: str, title: str, text: str, details: Doc, service: str) -> Doc:
    """What the first log entry carries: an event with custom details, or a text only (`where` is body)."""
    if where == "body":
        return {"type": "web_trigger", "summary": title, "subject": title, "details": text}
    key = ids.fixed("key", service)
    return {"type": "api", "summary": title, "service_key": key, "client": "Zendesk", "details": details}


def policy_for(vendors: Vendors, service: str) -> str:
    """The policy that rings at this hour: the region whose local hours hold; US Gov's own for its service."""
    if service == rota.US_GOV_SERVICE:
        return "US Government Emergencies"
    for region, zone, first, last in rota.WINDOWS:
        if first <= vendors.box.clock.now().astimezone(ZoneInfo(zone)).hour < last:
            return f"Customer Emergencies {region}"
    return "Customer Emergencies AMER"


@act
def call_colleague(vendors: Vendors, given: Given) -> Doc:
    """A person of the team rings a colleague by hand: `to`, `by`, `title`."""
    who = given.user("", "to")
    service = ids.fixed("service", rota.GLOBAL_SERVICE)
    title = given.text("title", "Please join me")
    made = vendors.pagerduty.create(
        Draft(
            service,
            title,
            {"user": given.user("mira")},
            {"type": "web_trigger", "summary": title, "subject": title},
            assignees=[who],
        )
    )
    return {"page": made["id"] if made else None}


@act
def override(vendors: Vendors, given: Given) -> Doc:
    """Somebody covers a shift: `schedule` (name), `who`, `start` and `end` (RFC 3339)."""
    schedule = given.text("schedule")
    if ids.fixed("schedule", schedule) not in vendors.pagerduty.directory.schedules:
        raise BadAct(f"There is no schedule {schedule!r}.")
    try:
        start, end = parse(given.text("start")), parse(given.text("end"))
    except ValueError:
        raise BadAct("'start' and 'end' are RFC 3339 times.") from None
    doc = vendors.pagerduty.keep_override(schedule, given.person("", "who").key, start, end)
    return {"override": doc["id"]}
