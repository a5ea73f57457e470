"""What a board is narrowed to, as its address says it. Unknown words are left out: every address gives a page."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode

import msgspec

from ceoc.access.classes import Sees
from emergencies.queries import words

ME = "me"
MOST_WORDS = 200
"""Characters of a search that are looked at."""

FOLLOW_UP = "follow_up"
"""What the board's section of that name holds: several stages in one word."""

FOLLOW_UP_STAGES = ("ending", "deferred")

STAGES = {stage: name for stage, name in words.STAGES.items() if stage not in ("closed", "ending")} | {
    FOLLOW_UP: "Follow-up owed"
}
"""What may be chosen, with its words."""


class Filters(msgspec.Struct, frozen=True, omit_defaults=True):
    """`dri` is an e-mail; `me` of an address has become one by then. An empty word does not narrow."""

    stage: str = ""
    region: str = ""
    dri: str = ""
    plan: str = ""
    product: str = ""
    q: str = ""

    @property
    def narrows(self) -> bool:
        """Whether anything is left out."""
        return any(msgspec.structs.astuple(self))

    def fits_stage(self, stage: str) -> bool:
        """Whether an emergency of that stage is left in."""
        return self.stage in ("", stage) or (self.stage == FOLLOW_UP and stage in FOLLOW_UP_STAGES)

    @property
    def key(self) -> str:
        """The filters in one word without blanks, the same for the same filters: the key of the live channel."""
        return urlencode({name: word for name, word in msgspec.structs.asdict(self).items() if word})

    def address(self, **changes: str) -> str:
        """The board's address with these filters, some of them changed."""
        query = urlencode({name: word for name, word in {**msgspec.structs.asdict(self), **changes}.items() if word})
        return f"/?{query}" if query else "/"


def from_query(query: Mapping[str, str], me: str) -> Filters:
    """The filters of an address, for the viewer whose e-mail is `me`."""
    dri = query.get("dri", "").strip().lower()
    return Filters(
        stage=_one_of(query.get("stage", ""), STAGES),
        region=_one_of(query.get("region", ""), words.REGIONS),
        dri=me if dri == ME else dri[:254],
        plan=_one_of(query.get("plan", ""), words.PLANS),
        product=_one_of(query.get("product", ""), words.PRODUCTS),
        q=" ".join(query.get("q", "").split())[:MOST_WORDS],
    )


def from_key(key: str) -> Filters:
    """The filters that a live channel's key names."""
    return from_query(dict(parse_qsl(key)), me="")


def regions(viewer: Sees) -> dict[str, str]:
    """The regions that a viewer may choose; that there is a US Gov one is for the cleared."""
    return {word: name for word, name in words.REGIONS.items() if viewer.cleared or word != "US_GOV"}


def _one_of(word: str, known: Mapping[str, str] | tuple[str, ...]) -> str:
    return word if word in known else ""
