"""The icons, as one sprite made from the pinned `lucide` package when the process starts.

Templates say what an icon stands for in the vocabulary's words (`ringing`, `seen`), never how it is drawn; the table
below is the only place that names a drawing.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

from django.utils.safestring import SafeString, mark_safe

NAMES = {
    "bell": "bell",
    "eye": "eye",
    "check": "check",
    "clock": "clock",
    "lock": "lock",
    "mail": "mail",
    "hash": "hash",
    "hour": "hourglass",
    "phone": "phone",
    "up": "arrow-up",
    "skip": "minus",
    "search": "search",
    "close": "x",
    "menu": "ellipsis",
    "down": "chevron-down",
    "warn": "triangle-alert",
    "note": "sticky-note",
    "person": "user",
    "people": "users",
    "link": "link",
    "unlink": "unlink",
    "undo": "undo-2",
    "send": "send",
    "out": "log-out",
    "outside": "external-link",
    "board": "layout-list",
    "closed": "archive",
    "commands": "send-horizontal",
    "deliveries": "inbox",
    "audit": "scroll-text",
    "key": "key-round",
    "question": "circle-question-mark",
    "building": "building-2",
    "split": "split",
    "join": "merge",
    "again": "refresh-cw",
    "settings": "settings",
    "keys": "keyboard",
}

_SVG = "{http://www.w3.org/2000/svg}"


@lru_cache(maxsize=1)
def sprite() -> SafeString:
    """All icons as symbols named `i-<name>`, hidden, to stand once at the top of a page."""
    with ZipFile(BytesIO((files("lucide") / "lucide.zip").read_bytes())) as drawings:
        symbols = "".join(_symbol(name, drawings.read(f"{drawing}.svg")) for name, drawing in NAMES.items())
    return mark_safe(f'<svg class="sprite" aria-hidden="true">{symbols}</svg>')  # noqa: S308 - the package's own drawings


@lru_cache(maxsize=len(NAMES))
def icon(name: str) -> SafeString:
    """The markup of one icon. Raises KeyError for a name that the table does not hold."""
    if name not in NAMES:
        raise KeyError(name)
    return mark_safe(f'<svg class="i" aria-hidden="true"><use href="#i-{name}"/></svg>')  # noqa: S308 - a name of the table


def _symbol(name: str, drawing: bytes) -> str:
    root = ElementTree.fromstring(drawing)  # noqa: S314 - a file of a package pinned by its hash
    for node in root.iter():
        node.tag = node.tag.removeprefix(_SVG)
    parts = "".join(ElementTree.tostring(part, encoding="unicode").strip().replace(" />", "/>") for part in root)
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">{parts}</symbol>'
