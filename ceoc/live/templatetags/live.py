"""`{% live_meta "board" %}` in a page's head: who looks, and the channels that the page listens to."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ceoc.live.who import tag

register = template.Library()


@register.simple_tag(takes_context=True)
def live_meta(context: dict[str, Any], *channels: str) -> SafeString | str:
    """Nothing for nobody. Without channels the page is not live, but its clocks, keys and drafts work."""
    viewer = getattr(context.get("request"), "viewer", None)
    if viewer is None:
        return ""
    return format_html(
        '<meta name="ceoc-viewer" content="{}"><meta name="ceoc-me" content="{}"><meta name="ceoc-live" content="{}">',
        tag(viewer), viewer.email, " ".join(channel for channel in channels if channel),
    )  # fmt: skip
