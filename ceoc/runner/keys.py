"""Secrets that are made once and kept under var/secrets, mode 600."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def kept(folder: Path, name: str) -> str:
    """The secret of that name; made when it is not there yet. Two starts at once get the same one."""
    file = folder / name.lower()
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        found = file.read_text(encoding="utf-8").strip()
        if found:
            return found
        handle = os.open(file, os.O_WRONLY | os.O_TRUNC, 0o600)  # a full disk left it empty
    value = secrets.token_urlsafe(32)
    with os.fdopen(handle, "w", encoding="utf-8") as open_file:
        open_file.write(value)
    return value
