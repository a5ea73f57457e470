"""What a token may be used for. A scope opens nothing by itself: the person's present rights count beside it."""

from __future__ import annotations

from typing import Literal

from ceoc.access.roles import Capability
from ceoc.access.viewer import Viewer

Scope = Literal["read", "act", "administer", "metrics"]

SCOPES: dict[Scope, str] = {
    "read": "Read emergencies, commands and who is on call",
    "act": "Do what you may do on pages: acknowledge, write, tie",
    "administer": "Read deliveries, and have them read once more",
    "metrics": "Read the metrics of the system",
}
"""Each scope in words."""

NEEDS: dict[Scope, Capability] = {"read": "view", "act": "work", "administer": "administer", "metrics": "view"}
"""The capability without which a scope is of no use to a person."""


def useful(viewer: Viewer) -> list[Scope]:
    """The scopes that are of use to that person now."""
    return [scope for scope, capability in NEEDS.items() if viewer.may(capability)]


def usual(viewer: Viewer) -> list[Scope]:
    """The scopes of a token that nobody chose any for: all of use, the metrics for administrators alone."""
    return [scope for scope in useful(viewer) if scope != "metrics" or viewer.may("administer")]
