"""`{% along %}`: the line under the bar that tells shadows what they are and whom they follow, and engineers who
follows them."""

from __future__ import annotations

from typing import Any

from django import template

from ceoc import clock
from ceoc.access.viewer import Viewer
from ceoc.live import following

register = template.Library()


@register.inclusion_tag("live/along.html", takes_context=True)
def along(context: dict[str, Any]) -> dict[str, Any]:
    """Nothing for nobody; for a shadow Redis is asked once."""
    viewer: Viewer | None = getattr(context["request"], "viewer", None)
    shadow = viewer if viewer and viewer.role == "shadow" else None
    return {
        "viewer": viewer,
        "shadow": shadow,
        "present": following.of(shadow, clock.wall()) if shadow else None,
        "csrf_token": context.get("csrf_token", ""),
    }
