"""One delivery as its state changes, rendered by the template of its page, once for an audience of administrators."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string

from ceoc.access.viewer import Audience
from ceoc.inbox import queries
from ceoc.inbox.processing import TOPIC
from ceoc.live.sources import Part, Swap


class DeliverySource:
    """How far one delivery is; the key is its id."""

    name = "delivery"

    def topics(self, key: str) -> frozenset[str]:
        """Deliveries are announced together."""
        del key
        return frozenset({TOPIC})

    def render(self, key: str, audience: Audience, touched: frozenset[str] | None) -> Sequence[Part]:
        """Its state, for those who may open its page. One query."""
        del touched
        delivery = queries.one(audience, key) if audience.may("administer") else None
        if delivery is None:
            return []
        html = render_to_string("inbox/_state.html", {"row": queries.row_of(delivery)})
        return [Swap("delivery-state", html.strip())]
