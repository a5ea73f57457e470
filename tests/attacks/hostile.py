"""Names that customers could give themselves to be more than a name, each beside a harmless one of the same length."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html.parser import HTMLParser

from ceoc.clock import wall
from ceoc.inbox.models import Delivery
from emergencies import actions
from emergencies.story import kinds as k
from emergencies.story.entries import Ref
from emergencies.timeline.record import record
from tests.attacks.attackers import viewer
from tests.emergencies.world import MIRA, NOW, Trouble, ago, seen

WORD = "Wolfram"
"""Stands in every name, so that the search finds it."""

NAMES = {
    "markup": '<b id="hostile">bold</b><img src=x onerror=alert(1)><script>alert(2)</script></title></textarea>',
    "attributes": '" autofocus onfocus="alert(3)" data-x=\'y\' `',
    "templates": "{{ 7|add:7 }}{% debug %}{# gone #} ${7*7} %(name)s %s",
    "mentions": "<!channel> <!here|now> <@U0123456> <#C0123456> <https://evil.example|our status page> @here",
    "formulas": "=cmd|' /C calc'!A1",
    "lines": 'two\r\nlines\u2028and\u2029more\x85"}\ndata: {"on":"board"}\n\nevent: again\n\n',
    "directions": "\u202eelttil a\u202c \u2066tib\u2069 \u200f\u200b\ufeffsafe",
    "length": "W" * 10_000,
}


def named(kind: str) -> str:
    """A hostile name of that kind."""
    return f"{WORD} {NAMES[kind]}"


def harmless(name: str) -> str:
    """A name of the same length and the same words' places that is nothing but a name."""
    return re.sub(r"[^\w\s]", "x", " ".join(name.splitlines()))


class Customer(Trouble):
    """A customer of that name, whose trouble has it in every text that people and vendors write."""

    def __init__(self, name: str, number: int) -> None:
        super().__init__(name, number)
        self.requester = f"dana{number}@wolfram.example"

    def told(self) -> Customer:
        """Everything that can happen with words in it."""
        name = self.name
        self.pages(30, name).acknowledged(29).replied(20, body=name).answered(9, name).noted(8, body=name)
        self.talked(7, body=name)
        changed = k.TicketChanged(field="subject", to=name[:200])
        self.tell(6, MIRA, (self.ticket, changed), (self.page, k.PageNote()), body=name)
        mira = viewer("engineer")
        actions.note(emergency=self.row, by=mira, now=NOW, text=name)
        actions.internal_note(emergency=self.row, by=mira, now=NOW, text=name)
        actions.take_over(emergency=self.row, by=viewer("second"), now=NOW, why=name)
        return self


def waiting(name: str) -> str:
    """A page made by hand under that name, which waits in the tray; its id."""
    page = Ref("page", "QHOSTILE")
    fact = k.PageTriggered(service=name, by_hand=True, portal="global", assigned=(MIRA,))
    record(sightings=[seen(page, fact, ago(2), title=name, body=name)], now=NOW)
    return page.ref


def delivered(name: str) -> str:
    """A delivery in which that name stands wherever a vendor may write; its id."""
    row = Delivery.objects.create(
        public_id="hostilehosti", klass="global", vendor="zendesk", account="global", event_id=name[:120],
        kind=name[:80], headers={"X-Name": name, name[:60]: "x"}, body=name.encode(), received_at=wall(),
        state="unreadable", reason=name[:500],
    )  # fmt: skip
    return row.public_id


class Page(HTMLParser):
    """What a browser makes of a page: its elements with the names of their attributes, where it leads, its words.

    A web address that somebody wrote is a link wherever it stands: such links are no part of the skeleton.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.skeleton: list[tuple[str, tuple[str, ...]]] = []
        self.leads: set[str] = set()
        self._words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        """One element."""
        found = dict(attrs)
        self.leads |= {str(found[name]) for name in ("href", "action", "src", "formaction") if name in found}
        if (tag, *found) != ("a", "href", "rel"):
            self.skeleton.append((tag, tuple(found)))

    def handle_data(self, data: str) -> None:
        """Words between elements."""
        self._words.append(data)

    @property
    def words(self) -> str:
        """All words, with one blank wherever there is white space."""
        return " ".join("".join(self._words).split())
