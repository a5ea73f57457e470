"""`{% notices %}`: what the signed-in person is to be told, on top of every page."""

from __future__ import annotations

from typing import Any

from django import template

from ceoc.access.notices import waiting

register = template.Library()


@register.inclusion_tag("people/_notices.html", takes_context=True)
def notices(context: dict[str, Any]) -> dict[str, Any]:
    """What waits for the signed-in person. No query where nothing does, one where something does."""
    request = context["request"]
    return {"notices": waiting(request.user), "request": request, "csrf_token": context.get("csrf_token", "")}
