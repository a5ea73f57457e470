"""How the states of a command look: icon, word and tone, colour never alone."""

from __future__ import annotations

import msgspec


class Look(msgspec.Struct, frozen=True):
    """A state as it is shown."""

    word: str
    icon: str
    tone: str


LOOKS = {
    "held": Look("Held", "hour", "wait"),
    "queued": Look("Queued", "hour", "wait"),
    "sending": Look("Sending", "send", "act"),
    "checking": Look("Checking", "eye", "soon"),
    "delivered": Look("Delivered", "check", "good"),
    "will_retry": Look("Will retry", "clock", "soon"),
    "asks": Look("Asks", "question", "soon"),
    "refused": Look("Refused", "warn", "late"),
    "expired": Look("Expired", "skip", ""),
    "dismissed": Look("Dismissed", "skip", ""),
}
