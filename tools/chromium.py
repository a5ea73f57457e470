"""Finds a Chromium for the browser tests and the pictures: $CHROMIUM, one on PATH, else Debian's by apt as root."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "headless_shell")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage")
"""As root and without a graphics card."""


def find() -> str | None:
    """The program's path; None when there is none."""
    named = os.environ.get("CHROMIUM", "").strip()
    if named:
        return shutil.which(named)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def find_or_install() -> str | None:
    """As `find`; installs Debian's chromium where apt is and we are root."""
    found = find()
    if found or os.environ.get("CHROMIUM") or os.getuid() != 0 or not shutil.which("apt-get"):
        return found
    print("No Chromium is here: installing Debian's …", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        done = subprocess.run(
            ["apt-get", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()[-500:]
            print(f"apt-get {arguments[0]} failed: {said}", file=sys.stderr)
            return None
    return find()
