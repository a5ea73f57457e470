"""What customers, engineers and triggers do in Zendesk itself."""

from sandbox.acts.base import BadAct, Given, act, ticket
from sandbox.acts.paging import find_customer
from sandbox.store import Doc
from sandbox.vendors import Vendors
from sandbox.world import desk
from sandbox.zendesk import events
from sandbox.zendesk.account import BOT_EMAIL
from sandbox.zendesk.api_people import PeopleRoutes
from sandbox.zendesk.api_tickets import TicketRoutes
from sandbox.zendesk.tickets import Change

EMAIL: Doc = {"channel": "email", "source": {"from": {}, "to": {}, "rel": None}}


def _agent(vendors: Vendors, account: str, given: Given, default: str = "mira") -> int:
    """The Zendesk user of the engineer; raises BadAct for somebody without a seat in that account."""
    person = given.person("sam" if account == "us_gov" and default == "mira" else default)
    user = vendors.tickets[account].account.user_by_email(person.address)
    if user is None:
        raise BadAct(f"{person.name} is no agent of the account {account}.")
    return int(user["id"])


def _said(vendors: Vendors, given: Given, change: Change) -> Doc:
    """Do a change of the act's ticket; answers ticket, audit and comment."""
    account, doc = ticket(vendors, given)
    audit = vendors.tickets[account].update(doc, change)
    comments = [event["id"] for event in audit["events"] if event["type"] == "Comment"]
    return {"account": account, "ticket": doc["id"], "audit": audit["id"], "comment": comments[0] if comments else None}


@act
def customer_reply(vendors: Vendors, given: Given) -> Doc:
    """The requester writes: `ticket`, `text`, `requester` (another person's e-mail)."""
    account, doc = ticket(vendors, given)
    found = vendors.tickets[account].account
    author = found.user_by_email(given.text("requester")) if given.get("requester") else found.user(doc["requester_id"])
    if author is None:
        raise BadAct("That person is not known at Zendesk.")
    comment = {"body": given.text("text", "Any news?"), "public": True, "author_id": author["id"]}
    return _said(vendors, given, Change(author["id"], comment=comment, via=dict(EMAIL)))


@act
def agent_reply(vendors: Vendors, given: Given) -> Doc:
    """An engineer writes to the customer: `ticket`, `by`, `text`, `status`."""
    account, _ = ticket(vendors, given)
    by = _agent(vendors, account, given)
    fields: Doc = {"status": given.text("status")} if given.get("status") else {}
    fields |= {"assignee_id": by} if given.flag("assign", False) else {}
    return _said(
        vendors, given, Change(by, fields, comment={"body": given.text("text", "We are on it."), "public": True})
    )


@act
def internal_note(vendors: Vendors, given: Given) -> Doc:
    """An engineer writes for the team only: `ticket`, `by`, `text`."""
    account, _ = ticket(vendors, given)
    comment = {"body": given.text("text", "Logs asked for."), "public": False}
    return _said(vendors, given, Change(_agent(vendors, account, given), comment=comment))


@act
def automatic_comment(vendors: Vendors, given: Given) -> Doc:
    """A trigger writes in the bot's name: `ticket`, `text`, `rule`, `public`."""
    account, _ = ticket(vendors, given)
    bot = vendors.tickets[account].account.user_by_email(BOT_EMAIL)
    rule = given.text("rule", "Off hours emergency request")
    comment = {"body": given.text("text", "We have received your request."), "public": given.flag("public", True)}
    by = bot["id"] if bot else 0
    via = {"channel": "rule", "source": {"from": {"title": rule}, "to": {}, "rel": "trigger"}}
    return _said(vendors, given, Change(by, comment=comment, rule=rule, via=via))


@act
def macro(vendors: Vendors, given: Given) -> Doc:
    """An engineer applies a macro: `ticket`, `macro` (title), `by`, `text` (instead of the macro's words)."""
    account, doc = ticket(vendors, given)
    tickets = vendors.tickets[account]
    found = next((macro for macro in desk.MACROS if macro.title == given.text("macro")), None)
    if found is None:
        raise BadAct(f"There is no macro {given.text('macro')!r}.")
    effect = TicketRoutes(tickets).effect(found, doc)
    field = effect.pop("fields", None)
    said = effect.pop("comment", None)
    comment = {"body": given.text("text", said["body"]), "public": said["public"]} if said else None
    change = Change(
        _agent(vendors, account, given),
        {name: value for name, value in effect.items() if name != "tags"},
        effect.get("tags"),
        {int(field["id"]): field["value"]} if field else {},
        comment,
        macros=[tickets.account.macro_id(found.title)],
    )
    return _said(vendors, given, change)


@act
def change_ticket(vendors: Vendors, given: Given) -> Doc:
    """An engineer changes fields: `ticket`, `by`, `status`, `priority`, `form`, `stage`, `product`, `assignee`,
    `add_tags`, `remove_tags`, `subject`, `related`, `incident` (the field that names the page)."""
    account, doc = ticket(vendors, given)
    desk_account = vendors.tickets[account].account
    fields = {name: given.get(name) for name in ("status", "priority", "subject") if given.get(name)}
    if given.get("form"):
        fields["ticket_form_id"] = desk_account.form_id(given.text("form"))
    if given.get("assignee"):
        fields["assignee_id"] = _agent(vendors, account, Given({"by": given.get("assignee")}))
    titles = {
        "stage": desk.STAGE,
        "product": desk.PRODUCT,
        "related": desk.RELATED,
        "incident": desk.PAGERDUTY_INCIDENT,
    }
    custom = {desk_account.field_id(title): given.get(name) for name, title in titles.items() if given.get(name)}
    tags = (set(doc["tags"]) | set(given.get("add_tags", []))) - set(given.get("remove_tags", []))
    return _said(vendors, given, Change(_agent(vendors, account, given), fields, sorted(tags), custom))


@act
def merge_tickets(vendors: Vendors, given: Given) -> Doc:
    """`into`, `tickets` (list), `by`."""
    account, target = ticket(vendors, given, "into")
    sources = [ticket(vendors, Given({"ticket": key, "account": account}))[1] for key in given.get("tickets", [])]
    vendors.tickets[account].merge(target, sources, _agent(vendors, account, given), {}, {})
    return {"account": account, "ticket": target["id"], "merged": [doc["id"] for doc in sources]}


@act
def delete_ticket(vendors: Vendors, given: Given) -> Doc:
    """An agent deletes a ticket: `ticket`."""
    account, doc = ticket(vendors, given)
    vendors.tickets[account].delete(doc)
    return {"account": account, "ticket": doc["id"]}


@act
def mark_as_spam(vendors: Vendors, given: Given) -> Doc:
    """An agent marks a ticket as spam: its requester is suspended, the ticket goes."""
    account, doc = ticket(vendors, given)
    found = vendors.tickets[account].account
    user = found.user(doc["requester_id"])
    if user:
        vendors.box.store.put(found.kind("user"), user["id"], user | {"suspended": True})
    events.one(found, doc, "marked_as_spam", {}, _agent(vendors, account, given), vendors.box.clock.now())
    vendors.tickets[account].delete(doc)
    return {"account": account, "ticket": doc["id"]}


@act
def change_customer(vendors: Vendors, given: Given) -> Doc:
    """Somebody edits the organisation: `customer`, `fields` (as Zendesk names them)."""
    customer = find_customer(given)
    found = vendors.tickets[customer.account].account
    doc = found.organization(found.fixed("organization", customer.key))
    if doc is None:
        raise BadAct("That organisation is not there.")
    PeopleRoutes(found).set_fields(doc, dict(given.get("fields", {})))
    return {"account": customer.account, "organization": doc["id"]}
