"""Makes .venv and installs what is pinned with hashes; does nothing when that is done already.

Run by any Python 3.11 or 3.12 with its standard library alone: `python tools/venv.py run|dev`.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PINS = {"run": ROOT / "requirements.txt", "dev": ROOT / "requirements-dev.txt"}
"""`dev` holds all of `run`."""


def main(kind: str) -> int:
    """Brings .venv up to date for `kind`; 0, or 1 with a sentence on stderr."""
    lock_file = ROOT / ".venv.lock"
    with lock_file.open("w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two makes at once: the second waits, then finds it done
        if any(_is_installed(done) for done in ("run", "dev") if done in {kind, "dev"}):
            return 0
        return _make(kind)


def _make(kind: str) -> int:
    python = VENV / "bin" / "python"
    if not _works(python):
        print(f"Making .venv with Python {sys.version.split()[0]} …", flush=True)
        shutil.rmtree(VENV, ignore_errors=True)
        maker = getattr(sys, "_base_executable", sys.executable)
        if subprocess.run([maker, "-m", "venv", str(VENV)], check=False).returncode:
            print("The virtual environment could not be made; see above. Is the disk full?", file=sys.stderr)
            return 1
    print(f"Installing what {PINS[kind].name} pins …", flush=True)
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--quiet"]
    if subprocess.run([*pip, "--require-hashes", "-r", str(PINS[kind])], check=False).returncode:
        print("Installing failed; see above. It is tried again on the next make.", file=sys.stderr)
        return 1
    _stamp(kind).write_text(_wanted(kind), encoding="ascii")
    return 0


def _is_installed(kind: str) -> bool:
    stamp = _stamp(kind)
    return stamp.exists() and stamp.read_text(encoding="ascii") == _wanted(kind) and _works(VENV / "bin" / "python")


def _stamp(kind: str) -> Path:
    return VENV / f".installed-{kind}"


def _wanted(kind: str) -> str:
    return hashlib.sha256(PINS[kind].read_bytes() + str(VENV).encode()).hexdigest()


def _works(python: Path) -> bool:
    """Whether the environment's Python starts, has pip, and is a version that we run on (it may have been moved)."""
    test = "import pip, sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))"
    try:
        return subprocess.run([str(python), "-c", test], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
