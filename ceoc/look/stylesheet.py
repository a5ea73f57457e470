"""One stylesheet from many small sources, so that the first paint needs one request for CSS (docs/decisions/0007).

Sources lie under `static/css/` as cascade layers: `tokens.css`, `base.css`, `components/*.css`, `pages/*.css`. A file's
place says its layer; inside a layer files follow in order of their names. The result is served under an address that
holds its digest, so that a browser may keep it for ever.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import Path

import msgspec
from django.conf import settings

LAYERS = ("tokens", "base", "components", "pages")

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_MARGIN = re.compile(r"\s*\n\s*")


class Stylesheet(msgspec.Struct, frozen=True):
    """The stylesheet as it is sent, plain and packed, with the digest that its address holds."""

    plain: bytes
    packed: bytes
    digest: str


def folder() -> Path:
    """Where the sources lie."""
    return Path(settings.BASE_DIR) / "static" / "css"


def sources(layer: str) -> list[Path]:
    """The files of a layer, in order."""
    return [path for path in (folder() / f"{layer}.css", *sorted((folder() / layer).glob("*.css"))) if path.is_file()]


def stylesheet() -> Stylesheet:
    """The present stylesheet; read again only when a source was changed, and in production never."""
    return _built(_stamp() if settings.DEBUG or settings.DEMO else 0)


@lru_cache(maxsize=1)
def _built(_stamp: int) -> Stylesheet:
    layers = [f"@layer {layer}{{\n{_text(layer)}\n}}" for layer in LAYERS]
    plain = "\n".join([f"@layer {','.join(LAYERS)};", *layers]).encode()
    return Stylesheet(plain, gzip.compress(plain, 9, mtime=0), hashlib.sha256(plain).hexdigest()[:12])


def _text(layer: str) -> str:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources(layer))
    return _MARGIN.sub("\n", _COMMENT.sub("", text)).strip()


def _stamp() -> int:
    return max((path.stat().st_mtime_ns for layer in LAYERS for path in sources(layer)), default=0)
