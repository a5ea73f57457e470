"""Tags for all templates (they are built in: no `{% load %}`).

    {% icon "bell" %}            an icon of the sprite
    {% moment row.due "count" %} an instant, as `ceoc.look.times.moment` says
    {% stylesheet %} {% sprite %} {% clock_meta %} {% main_nav %}   for base.html
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ceoc import clock
from ceoc.look import icons, nav, times
from ceoc.look.stylesheet import stylesheet as built_stylesheet

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon; what it says must stand beside it as a word."""
    return icons.icon(name)


@register.simple_tag
def sprite() -> SafeString:
    """All icons, once a page."""
    return icons.sprite()


@register.simple_tag
def moment(at: datetime | None, shown: str = "time") -> SafeString | str:
    """An instant in UTC that the browser writes in the viewer's zone; nothing for none."""
    return times.moment(at, shown) if at else ""


@register.filter
def utc(at: datetime | None) -> str:
    """An instant as RFC 3339 in UTC, for attributes; empty for none."""
    return times.iso(at) if at else ""


@register.simple_tag
def stylesheet() -> SafeString:
    """The link to the one stylesheet."""
    address = reverse("stylesheet", args=[built_stylesheet().digest])
    return format_html('<link rel="stylesheet" href="{}">', address)


@register.simple_tag
def clock_meta() -> SafeString:
    """The domain's clock for the browser: what time it is, and how fast it goes."""
    return format_html(
        '<meta name="ceoc-now" content="{}"><meta name="ceoc-rate" content="{}">', times.iso(clock.now()), clock.rate()
    )


@register.simple_tag
def page_time() -> SafeString:
    """When this page was made, for as long as nothing keeps it up to date."""
    return times.moment(clock.now(), "time")


@register.filter
def initials(name: str) -> str:
    """Two letters for a face: of the first and the last word of a name."""
    words = name.replace(".", " ").split("@")[0].split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.simple_tag
def demo() -> bool:
    """Whether this is the demonstration, with its bar at the foot of every page."""
    return bool(settings.DEMO)


@register.inclusion_tag("components/main_nav.html", takes_context=True)
def main_nav(context: dict[str, Any]) -> dict[str, Any]:
    """The main navigation for the one who is signed in; nothing for nobody."""
    request = context["request"]
    viewer = getattr(request, "viewer", None)
    found = nav.places(viewer) if viewer else []
    return {"links": [(place, nav.is_current(place, request.path)) for place in found]}
