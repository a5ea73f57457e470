"""Ids that are shown outside: they tell nothing, not even how many there are (security.md 3)."""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

LENGTH = 12
PURPOSE = b"ceoc opaque id\0"


def opaque_id(natural_key: str) -> str:
    """The 12 characters (a-z, 2-7) that stand outside for what `natural_key` names.

    A keyed hash: the same key gives the same id in every process, and without SECRET_KEY neither can be had from the
    other. Made once and stored with the row, so that a new SECRET_KEY changes no id that is in use.
    """
    digest = hmac.digest(settings.SECRET_KEY.encode(), PURPOSE + natural_key.encode(), hashlib.sha256)
    return base64.b32encode(digest).decode("ascii").lower()[:LENGTH]
