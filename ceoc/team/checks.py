"""What a name, a channel or an address must be. Each answers the sentence of what is wrong, "" where nothing is."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*", re.ASCII)
CHANNEL = re.compile(r"[\w-]{1,80}")
PLACE = re.compile(r"\{(\w*)\}")
BRACE = re.compile(r"[{}]")


def name(text: str) -> str:
    """A name that people can read: no characters that nobody sees."""
    if any(unicodedata.category(letter)[0] == "C" for letter in text):
        return "This holds characters that nobody can see. Type it anew."
    return ""


def channel(text: str) -> str:
    """A Slack channel's name, without the #."""
    if not CHANNEL.fullmatch(text) or text != text.lower():
        return "Slack's channels have small letters, digits, - and _ only, at most 80, without the #."
    return ""


def address(text: str, words: frozenset[str] = frozenset()) -> str:
    """An address that a browser may open: http or https, a host; in braces only these words, and none in the host."""
    if any(letter.isspace() for letter in text) or name(text):
        return "An address has no blanks. Copy it again."
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "This is no address. It begins with https:// and a host."
    if parts.scheme not in ("http", "https"):
        return "Only addresses that begin with https:// or http:// are opened."
    if parts.username is not None or parts.password is not None:
        return "An address must not hold a name or password."
    if not HOST.fullmatch(host) or port == 0:
        return "The host in this address is not valid."
    if set(PLACE.findall(text)) - words or BRACE.search(PLACE.sub("", text)):
        return "In braces stand only " + ", ".join(f"{{{word}}}" for word in sorted(words)) + "."
    return ""
