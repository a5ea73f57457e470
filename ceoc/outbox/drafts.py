"""What is handed to `queue`: a command before it has a row."""

from __future__ import annotations

from typing import Any

import msgspec

from ceoc.access.classes import Klass


class CommandDraft(msgspec.Struct, frozen=True, kw_only=True):
    """An act that somebody wants done at a vendor."""

    vendor: str
    """`pagerduty`, `zendesk` or `slack`."""
    kind: str
    object: str
    """Key of the vendor's object that it is about; what is about one object keeps its order."""
    by: str
    """E-mail of whose act it is."""
    group: str = ""
    """Public id of the emergency that it belongs to."""
    payload: dict[str, Any] = {}
    although: str = ""
    klass: Klass = "us_gov"

    @property
    def account(self) -> str:
        """The Zendesk account that the object lives in (`ticket:global:512880`); empty for the other vendors."""
        parts = self.object.split(":")
        return parts[1] if self.vendor == "zendesk" and len(parts) > 2 else ""
