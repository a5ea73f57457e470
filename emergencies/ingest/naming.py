"""Finds the tickets and pages that vendors' texts and fields name (PAGE-14). Pure; answers subject keys, each once,
in order.

Only addresses of our own accounts count: a link to somebody else's Zendesk names nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import msgspec

from emergencies.story.entries import Ref
from emergencies.story.kinds import Account

ADDRESS = re.compile(r"https?://[^\s<>\"'|)\]}]+")
TICKET_PATH = re.compile(r"/(?:agent/)?(?:tickets|requests)/(\d{1,18})(?!\d)")
TICKET_KEY = re.compile(
    r"\b(?:zendesk[_ -]?)?tickets?(?:[_ -]?(?:id|number|no)s?)?[\"']?\s*[:=#]\s*[\"']?#?(\d{1,18})\b", re.IGNORECASE
)
PAGE_PATH = re.compile(r"/incidents/([A-Za-z0-9]{5,30})\b")
PAGE_ID = re.compile(r"[A-Z0-9]{5,30}")


class Addresses(msgspec.Struct, frozen=True):
    """Where our accounts live: Zendesk's by account, and PagerDuty's API; as `scheme://host:port/path`."""

    zendesk: dict[Account, str]
    pagerduty: str = ""


def tickets_in(text: str, addresses: Addresses, portal: Account | None = None) -> tuple[str, ...]:
    """Keys of the tickets that a text names: by an address of one of our accounts, or, where the page's portal tells
    the account, by a line such as `ticket_id: 512880`."""
    found: dict[str, None] = {}
    for url in ADDRESS.findall(text):
        for account, base in addresses.zendesk.items():
            number = TICKET_PATH.search(_below(url, base) or "")
            if number:
                found.setdefault(Ref("ticket", number[1], account).key)
    if portal is not None:
        for number in TICKET_KEY.findall(ADDRESS.sub(" ", text)):
            found.setdefault(Ref("ticket", number, portal).key)
    return tuple(found)


def pages_in(texts: Iterable[str]) -> tuple[str, ...]:
    """Keys of the pages whose addresses stand in the texts (PagerDuty's message in Slack, say)."""
    found: dict[str, None] = {}
    for text in texts:
        for url in ADDRESS.findall(text):
            path = PAGE_PATH.search(urlsplit(url).path)
            if path:
                found.setdefault(Ref("page", path[1]).key)
    return tuple(found)


def pages_of_field(value: str) -> tuple[str, ...]:
    """Keys of the pages in a ticket's field `PagerDuty incident`: ids or addresses, with blanks or commas between."""
    found: dict[str, None] = {}
    for word in re.split(r"[\s,;]+", value):
        path = PAGE_PATH.search(word)
        name = path[1] if path else word
        if PAGE_ID.fullmatch(name):
            found.setdefault(Ref("page", name).key)
    return tuple(found)


def ticket_of_field(value: str, account: Account) -> str:
    """Key of the ticket in a field such as `Related ticket`: a number, `#number`, or an address; "" for anything
    else."""
    path = TICKET_PATH.search(value)
    number = path[1] if path else value.strip().removeprefix("#")
    return Ref("ticket", number, account).key if number.isascii() and number.isdigit() and len(number) <= 18 else ""


def _below(url: str, base: str) -> str | None:
    """The rest of an address below `base`; None when it is not below it. Host and port must be the same exactly."""
    try:
        here, there = urlsplit(url), urlsplit(base)
        same = (here.hostname, here.port or _port(here.scheme)) == (there.hostname, there.port or _port(there.scheme))
    except ValueError:
        return None
    prefix = there.path.rstrip("/")
    if not same or not (here.path == prefix or here.path.startswith(prefix + "/")):
        return None
    return here.path.removeprefix(prefix)


def _port(scheme: str) -> int:
    return 443 if scheme == "https" else 80
