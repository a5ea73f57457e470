"""`{% load demo_bar %}`: the bar's values, and the personas for the sign-in page."""

from __future__ import annotations

from typing import Any

from django import template
from django.conf import settings

from ceoc.demo import bar as values
from ceoc.demo.people import PERSONAS, Persona

register = template.Library()


@register.simple_tag(takes_context=True)
def demo_bar(context: dict[str, Any]) -> values.Bar:
    """What the bar shows on this page."""
    return values.bar(context["request"])


@register.simple_tag
def personas() -> tuple[Persona, ...]:
    """Those that anybody may sign in as, here: nobody outside DEMO."""
    return PERSONAS if settings.DEMO else ()
