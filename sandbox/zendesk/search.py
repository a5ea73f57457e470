"""Zendesk's search language, as far as tickets, users and organisations are looked for with it."""

import re
import shlex
from collections.abc import Callable, Mapping

from sandbox.store import Doc
from sandbox.zendesk import shapes
from sandbox.zendesk.account import Account
from sandbox.zendesk.tickets import Tickets

TERM = re.compile(r"^(-?)([a-z_]+[a-z_0-9]*)(<=|>=|:|<|>|=)(.+)$", re.IGNORECASE)
STATUS_ORDER = ["new", "open", "pending", "hold", "solved", "closed"]
PRIORITY_ORDER = ["low", "normal", "high", "urgent"]
ORDERS = {"status": STATUS_ORDER, "priority": PRIORITY_ORDER}
DATES = {"created": "created_at", "updated": "updated_at", "solved": "updated_at"}
SORTS = ("created_at", "updated_at", "priority", "status")


def run(account: Account, tickets: Tickets, query: str, options: Mapping[str, str]) -> list[Doc]:
    """Everything that the query finds, in the order asked for (newest first where none is)."""
    words, terms = _parts(query)
    kinds = [value for _, name, _, value in terms if name == "type"]
    order = next((value for _, name, _, value in terms if name == "order_by"), options.get("sort_by", "created_at"))
    way = next((value for _, name, _, value in terms if name == "sort"), options.get("sort_order", "desc"))
    wanted = [term for term in terms if term[1] not in ("type", "order_by", "sort")]
    found: list[Doc] = []
    for kind, docs, test in _sources(account, tickets):
        if not kinds or kind in kinds:
            found += [
                shown
                for doc, shown in docs
                if all(test(doc, term) for term in wanted) and all(word in _text(account, kind, doc) for word in words)
            ]
    key = order if order in SORTS else "created_at"
    found.sort(key=lambda doc: (str(_rank(key, doc.get(key))), doc["id"]), reverse=way != "asc")
    return found


Term = tuple[str, str, str, str]


def _parts(query: str) -> tuple[list[str], list[Term]]:
    """The free words and the `name:value` terms."""
    try:
        pieces = shlex.split(query)
    except ValueError:
        pieces = query.split()
    words, terms = [], []
    for piece in pieces:
        match = TERM.match(piece)
        if match:
            terms.append((match[1], match[2].lower(), match[3], match[4]))
        else:
            words.append(piece.lower())
    return words, terms


def _sources(
    account: Account, tickets: Tickets
) -> list[tuple[str, list[tuple[Doc, Doc]], Callable[[Doc, Term], bool]]]:
    """What can be found: each kind with its documents, as kept and as shown, and its test."""

    def shown(kind: str, doc: Doc, whole: Doc) -> tuple[Doc, Doc]:
        return doc, whole | {"result_type": kind}

    return [
        (
            "ticket",
            [shown("ticket", doc, shapes.ticket(account, doc)) for doc in tickets.all()],
            lambda doc, term: _ticket(account, doc, term),
        ),
        (
            "user",
            [shown("user", doc, shapes.user(account, doc)) for doc in account.users()],
            _plain,
        ),
        (
            "organization",
            [shown("organization", doc, shapes.organization(account, doc)) for doc in account.organizations()],
            _plain,
        ),
    ]


def _text(account: Account, kind: str, doc: Doc) -> str:
    """The words that a free search looks at."""
    if kind != "ticket":
        return f"{doc['name']} {doc.get('email', '')}".lower()
    said = " ".join(comment["body"] for comment in doc["comments"])
    return f"{doc['id']} {doc['subject']} {said} {' '.join(doc['tags'])}".lower()


def _plain(doc: Doc, term: Term) -> bool:
    """Does a user or organisation fit one term?"""
    minus, name, _, value = term
    found = str(doc.get(name, "")).lower()
    return (value.lower() in found if name == "name" else found == value.lower()) != bool(minus)


def _ticket(account: Account, doc: Doc, term: Term) -> bool:
    """Does a ticket fit one term?"""
    minus, name, sign, value = term
    return _ticket_has(account, doc, name, sign, value) != bool(minus)


def _ticket_has(account: Account, doc: Doc, name: str, sign: str, value: str) -> bool:
    """The same without the minus."""
    if name in DATES:
        return _compare(doc[DATES[name]][: len(value)], sign, value)
    if name in ORDERS:
        return _compare(_rank(name, doc[name]), sign, _rank(name, value.lower()))
    if name in ("subject", "description"):
        return value.lower() in str(doc[name]).lower()
    if name.startswith("custom_field_"):
        return str(doc["fields"].get(name.removeprefix("custom_field_"))) == value
    return value.lower() in [str(word).lower() for word in _held(account, doc, name)]


def _held(account: Account, doc: Doc, name: str) -> list[object]:
    """All the words under which a ticket is found by that name; `none` where it has nothing there."""
    if name == "tags":
        return list(doc["tags"])
    if name == "fieldvalue":
        return list(doc["fields"].values())
    if name in ("form", "ticket_form"):
        return [doc["ticket_form_id"], account.form_name(doc["ticket_form_id"])]
    if name == "organization":
        found = account.organization(doc["organization_id"])
        return [found["id"], found["name"]] if found else ["none"]
    if name in ("requester", "assignee"):
        user = account.user(doc[f"{name}_id"])
        return [user["id"], user["email"], user["name"]] if user else ["none"]
    return [doc.get(name)]


def _rank(name: str, value: object) -> object:
    """Where a status or priority stands; dates stand for themselves."""
    order = ORDERS.get(name)
    if order is None:
        return value or ""
    return order.index(str(value)) if value in order else -1


def _compare(left: object, sign: str, right: object) -> bool:
    """Compare two values of one kind."""
    if sign in (":", "="):
        return left == right
    smaller = left < right  # type: ignore[operator]
    return {"<": smaller, "<=": smaller or left == right, ">": not smaller and left != right, ">=": not smaller}[sign]
