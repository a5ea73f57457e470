"""The kinds of commands: how each is sent, looked for, checked and told of. Filled in AppConfig.ready."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal

import msgspec

from ceoc.access.classes import Klass

Answer = dict[str, Any]
End = Literal["delivered", "refused", "expired", "dismissed"]


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """A command as the functions of its kind get it."""

    id: str
    """Public id: what goes along to the vendor, so that the command is found again there."""
    group: str
    object: str
    account: str
    kind: str
    payload: Answer
    by: str
    although: str = ""
    queued_at: datetime
    klass: Klass
    attempts: int = 0

    def text(self, key: str) -> str:
        """A text of the payload; "" when there is none."""
        found = self.payload.get(key, "")
        return found if isinstance(found, str) else str(found)

    @property
    def object_id(self) -> str:
        """The vendor's own id of the object: what stands behind the last colon of its key."""
        return self.object.rpartition(":")[2]


class Settled(msgspec.Struct, frozen=True):
    """How a command came to its end."""

    order: Order
    end: End
    reason: str = ""
    by: str = ""
    """E-mail of the person who put it aside; "" where nobody did."""


class Moot(Exception):
    """Raised by a check or a look: there is nothing left to do. The sentence says why; the command expires."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence
        super().__init__(sentence)


def nothing_to_tell(_now: datetime) -> None:
    """What an answer tells that says nothing new."""


class Sent(msgspec.Struct, frozen=True):
    """The vendor took it."""

    answer: Answer = {}
    """The ids that it got, kept with the command."""
    tell: Callable[[datetime], None] = nothing_to_tell
    """Takes in what the vendor's answer says; called once the command is settled, outside any transaction. May fail."""


def nothing_to_check(_order: Order, _now: datetime) -> None:
    """The check of kinds that need none."""


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of command. Its functions raise the doors' errors and touch no Command row."""

    name: str
    vendor: str
    title: str
    """What it does, for people: verb first."""
    send: Callable[[Order], Sent]
    """Does it at the vendor."""
    look: Callable[[Order], Sent | None]
    """Looks whether it was done; None when it was not."""
    settled: Callable[[Settled, datetime], None]
    """Called in the transaction that ends the command: keeps the fact that it came to this end."""
    check: Callable[[Order, datetime], None] = nothing_to_check
    """The fresh look before sending: raises Moot or Refused where it must not be sent any more."""
    hold: timedelta = timedelta()
    """Real time during which the person may take it back."""
    expires_after: timedelta | None = None
    """Domain time that it may wait before it is `stale`."""
    stale: Literal["expired", "asks"] = "expired"
    sure_after: timedelta = timedelta()
    """Real time after sending from which 'not there' may be believed."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Adds a kind; a name stands once, a second registration takes the first one's place."""
    _kinds[kind.name] = kind


def get(name: str) -> Kind:
    """The kind of that name. Raises KeyError for one that nobody registered."""
    return _kinds[name]


def title(name: str) -> str:
    """The title of a kind; its bare word where nobody registered it (any more)."""
    return _kinds[name].title if name in _kinds else name
