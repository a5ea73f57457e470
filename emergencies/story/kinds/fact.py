"""What every kind of fact has: its word, its version, and its rank among facts of one instant."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

Account = Literal["global", "us_gov"]
"""A Zendesk account, and the class of every stored thing."""


class Fact(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What happened. `kind` is its word in the vocabulary; `version` grows when the fields' meaning changes."""

    kind: ClassVar[str] = ""
    version: ClassVar[int] = 1
    rank: ClassVar[int] = 50
    """Order between facts of the same instant: causes before what follows from them."""


class Unknown(Fact, frozen=True):
    """An entry of a kind that this release does not know: kept, shown by its word, and no part of any rule."""

    kind = "unknown"
    word: str = ""
