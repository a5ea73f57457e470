"""How old news may be before a page says so: a setting of the team."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from ceoc.team import kinds

FRESHNESS = "freshness"
"""The name of the kind."""


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Without any word of an account for so long, what is shown of it may be old."""

    stale_after: timedelta = timedelta(minutes=5)


KIND = kinds.Kind(
    name=FRESHNESS,
    words="Freshness",
    says="How long a vendor may be silent before its facts are marked as old.",
    default=Limits(),
    fields=(
        kinds.Field(
            name="stale_after", words="Marked as old after", kind="duration", least=2, most=120,
            help="Each vendor is asked once a minute, so that less than two minutes would mark everything.",
        ),
    ),
    topics=("freshness",),
)  # fmt: skip


def register() -> None:
    """Called once, in the app's `ready`."""
    kinds.register(KIND)
