"""Slack's markup as plain words: links with their address, names of channels and people, no brackets."""

from __future__ import annotations

import re

_BRACKETS = re.compile(r"<((?:[@#!]|https?:|mailto:|tel:)[^<>|]*)(?:\|([^<>]*))?>")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def plain(text: str) -> str:
    """The message as it is read. What it shows is escaped where it stands, like every text of others."""
    words = _BRACKETS.sub(_said, text)
    for entity, sign in _ENTITIES:
        words = words.replace(entity, sign)
    return words


def channel(name: str) -> str:
    """A channel as people call it; one that only Slack's id is known of is just the thread."""
    return "the Slack thread" if re.fullmatch(r"[CDG][A-Z0-9]{7,}", name) else f"#{name.removeprefix('#')}"


def _said(found: re.Match[str]) -> str:
    target, label = found[1], found[2] or ""
    if target[0] in "@#!":
        return f"{target[0]}{label.lstrip('@#')}" if label else target
    return f"{label} ({target})" if label and label != target else target
