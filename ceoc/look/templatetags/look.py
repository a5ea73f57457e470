"""Tags for all templates (they are built in: no `{% load %}`).

`{% icon "bell" %}` is an icon of the sprite, `{% moment row.due "count" %}` an instant as `ceoc.look.times` says;
page_meta, stylesheet, sprite, main_nav, vendors, page_time and demo are there for base.html.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ceoc import clock
from ceoc.live.who import tag
from ceoc.look import freshness, icons, nav, times
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


@register.filter
def utc_time(at: datetime) -> str:
    """The time of day in UTC, for the moment before the browser counts."""
    return at.astimezone(UTC).strftime("%H:%M UTC")


@register.simple_tag
def stylesheet() -> SafeString:
    """The link to the one stylesheet."""
    address = reverse("stylesheet", args=[built_stylesheet().digest])
    return format_html('<link rel="stylesheet" href="{}">', address)


@register.simple_tag(takes_context=True)
def page_meta(context: dict[str, Any]) -> SafeString:
    """What scripts need to know of the page: the domain's clock, who looks, the form token (docs/live.md)."""
    viewer = getattr(context["request"], "viewer", None)
    told = {"ceoc-now": times.iso(clock.now()), "ceoc-rate": f"{clock.rate():g}"}
    told["csrf-token"] = str(context.get("csrf_token", ""))
    if viewer:
        told |= {"ceoc-zone": viewer.zone, "ceoc-me": viewer.email, "ceoc-viewer": tag(viewer)}
    return format_html_join("\n    ", '<meta name="{}" content="{}">', told.items())


@register.simple_tag
def page_time() -> SafeString:
    """When this page was made, for as long as nothing keeps it up to date."""
    return times.moment(clock.now(), "time")


@register.simple_tag(takes_context=True)
def zone_words(context: dict[str, Any]) -> str:
    """The zone in which the browser writes times, by its city."""
    return times.city(context["request"].viewer.zone)


@register.filter
def utc_stamp(at: datetime) -> str:
    """An instant in UTC with its date, for the one who points at a clock."""
    return times.stamp(at)


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


@register.inclusion_tag("components/vendors.html", takes_context=True)
def vendors(context: dict[str, Any]) -> dict[str, Any]:
    """How fresh each vendor's news is, as the signed-in person may know it (one query)."""
    return freshness.shown(getattr(context["request"], "viewer", None), clock.wall())
